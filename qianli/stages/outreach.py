"""What a member is told or asked about a consignment: by message where the campaign names channels, else by a call.

Message and call have one key. The call is written down too, and is on the list while no message stands for it: one
that failed leaves it there.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models import CallPurpose, Campaign, MessagePurpose
from qianli.settings import settings
from qianli.stages import message_channels
from qianli.stages.message_words import known_as
from qianli.stages.unit import now
from qianli.store import campaigns, message_facts, messages, phone_calls
from qianli.store.message_facts import Reach


@dataclass(frozen=True)
class Matter:
    """Something to tell or to ask: its key, about which consignment, and with which text."""

    key: str
    consignment_id: int
    text: str


@dataclass(frozen=True)
class Kind:
    """What a message and a call about it count as, and what the text is filled with."""

    message: MessagePurpose
    call: CallPurpose
    details: Mapping[str, Any] = field(default_factory=dict)


def begin(session: Session, matters: Sequence[Matter], kind: Kind) -> None:
    """Write down the calls, and queue the messages where there are channels; each key once, whoever does it again."""
    if not matters:
        return
    session.flush()
    people: dict[int, list[Reach]] = defaultdict(list)
    for one in message_facts.reach(session, consignment_ids=[matter.consignment_id for matter in matters]):
        people[one.campaign_id].append(one)
    for campaign_id, those in people.items():
        campaign = campaigns.by_id(session, campaign_id=campaign_id)
        found = {one.consignment_id: one for one in those}
        mine = [(found[matter.consignment_id], matter) for matter in matters if matter.consignment_id in found]
        calls = [{**_about(one, matter), "call_key": matter.key, "purpose": kind.call} for one, matter in mine]
        phone_calls.add(session, rows=calls, at=now())
        messages.queue(session, rows=_messages(campaign, mine, kind), at=now())


def _about(one: Reach, matter: Matter) -> dict[str, Any]:
    return {
        "organisation_id": one.organisation_id, "campaign_id": one.campaign_id,
        "consignment_id": matter.consignment_id, "member_id": one.member_id,
    }  # fmt: skip


def _messages(campaign: Campaign, mine: Sequence[tuple[Reach, Matter]], kind: Kind) -> list[dict[str, Any]]:
    """Those who can be reached; without a public address no text has a link to send."""
    if not campaign.messages or not settings().public_url:
        return []
    channel, to = message_channels.for_members(campaign), message_channels.known_by(campaign)
    return [
        {
            **_about(one, matter), "sending_key": matter.key, "purpose": kind.message, "channel": channel,
            "text_code": matter.text, "details": dict(kind.details), "due_at": now(),
        }
        for one, matter in mine
        if known_as(one.phone, one.details, to)
    ]  # fmt: skip
