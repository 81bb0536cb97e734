"""Who has the parcel, says the courier, and has not said so. Channels to write to them come later."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from qianli.campaigns.references import consignment_number
from qianli.stages.unit import now, reading
from qianli.store import campaigns, status

CHASE_AFTER_DAYS = 3
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ToChase:
    """A member to be asked whether the parcel is there."""

    number: str
    member: str
    reference: str
    delivered_at: datetime
    days: int


def to_chase(campaign: str, *, after_days: int = CHASE_AFTER_DAYS) -> list[ToChase]:
    """Members of a campaign who said nothing `after_days` whole days after the courier delivered, by number."""
    at = now()
    with reading() as session:
        id_ = campaigns.by_code(session, code=campaign).key
        found = status.unanswered(session, before=at - timedelta(days=after_days), campaign_id=id_)
    return [chased(campaign, one, at=at) for _, one in found]


def chased(campaign: str, one: status.Arrived, *, at: datetime) -> ToChase:
    """A row as people see it."""
    number = consignment_number(campaign, one.number)
    return ToChase(number, one.name, one.reference, one.delivered_at, (at - one.delivered_at).days)


def shards(_campaign_id: int = 0) -> list[int]:
    """Ids of the campaigns in which somebody is to be asked."""
    with reading() as session:
        found = status.unanswered(session, before=now() - timedelta(days=CHASE_AFTER_DAYS))
    return sorted({campaign for campaign, _ in found})


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - it only counts, nobody's lease to take
    """Count them for one campaign."""
    with reading() as session:
        before = now() - timedelta(days=CHASE_AFTER_DAYS)
        count = len(status.unanswered(session, before=before, campaign_id=shard_id))
    logger.info("campaign %d: %d members have not confirmed", shard_id, count)
