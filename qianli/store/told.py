"""Members who were told something by message and say nothing: since when, and through which account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Campaign,
    CampaignState,
    Channel,
    Consignment,
    ConsignmentState,
    Member,
    Message,
    MessagePurpose,
    Organisation,
)
from qianli.store.members import may_be_called

#: A notice that a channel took, and of which nobody knows that it failed.
WENT = (
    col(Message.purpose) == MessagePurpose.notice,
    col(Message.answered_at).is_not(None),
    col(Message.failed_at).is_(None),
)


def told_at() -> Any:
    """Since when the member has it: as the channel reports, or else since it took it."""
    return sa.func.coalesce(col(Message.delivered_at), col(Message.answered_at))


def silent(*columns: Any) -> Any:
    """These columns of everyone who was told and says nothing, a row each, beside the last notice that went."""
    last = (
        sa.select(sa.func.max(col(Message.id)))
        .where(*WENT, col(Message.consignment_id) == col(Consignment.id))
        .correlate(Consignment)
        .scalar_subquery()
    )
    return (
        sa.select(*columns)
        .select_from(Consignment)
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .join(Message, sa.and_(col(Message.consignment_id) == col(Consignment.id), col(Message.id) == last))
        .where(
            col(Campaign.channel) == Channel.message,
            col(Campaign.state) != CampaignState.closed,
            col(Consignment.state) == ConsignmentState.under_way,
            may_be_called(),
        )
    )


@dataclass(frozen=True)
class Unanswered:
    """A member who was told by message and says nothing, with whom to call."""

    number: int
    name: str
    phone: str | None
    organisation: str
    told_at: datetime


def unanswered(session: Session, *, campaign_id: int, before: datetime) -> list[Unanswered]:
    """Those of a campaign who were told before then, by number."""
    query = (
        silent(col(Consignment.number), col(Member.name), col(Member.phone), col(Organisation.name), told_at())
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .where(col(Consignment.campaign_id) == campaign_id, told_at() <= before)
    )
    return [Unanswered(*row) for row in session.execute(query.order_by(col(Consignment.number)))]


def followed_up(session: Session, *, campaign_id: int) -> dict[int, int]:
    """Number of a consignment → how many messages of its ladder a channel took."""
    query = (
        sa.select(col(Consignment.number), sa.func.count())
        .join(Message, col(Message.consignment_id) == col(Consignment.id))
        .where(
            col(Message.campaign_id) == campaign_id, col(Message.purpose) == MessagePurpose.follow_up,
            col(Message.answered_at).is_not(None), col(Message.failed_at).is_(None),
        )
        .group_by(col(Consignment.number))
    )  # fmt: skip
    return dict(session.execute(query).tuples().all())
