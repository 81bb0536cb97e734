"""Campaigns by message and by telephone: who can be told, how, and the rows that stand for a parcel there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import (
    CallPurpose,
    Campaign,
    CampaignState,
    Channel,
    ConsignmentState,
    HoldReason,
    Member,
    MessagePurpose,
)
from qianli.campaigns import words
from qianli.campaigns.holds import HoldWords
from qianli.campaigns.references import consignment_number
from qianli.campaigns.told_definition import BY_HAND
from qianli.campaigns.words import HOLD_WORDS, Reachable, judge_reachable
from qianli.channels.connected import REGISTRY
from qianli.channels.live import To
from qianli.channels.texts import CAMPAIGN_WORDS
from qianli.stages import channel_accounts, messages
from qianli.stages.codes import give_codes
from qianli.stages.message_words import known_as
from qianli.stages.unit import end_of, now
from qianli.store import campaigns, consignments, message_facts, organisations, phone_calls, told_calls, transitions

WHY = "编入消息"
BY_PHONE = (To.phone,)
WAY_NAMES = {BY_HAND: "列成表格由人发送", "": "打电话"}


def ways(campaign: Campaign) -> list[tuple[str, To]]:
    """Account and what it knows members by, in the campaign's order; those that are not in settings are left out."""
    if campaign.channel is Channel.phone:
        return [("", To.phone)]
    known = channel_accounts.read()
    found = []
    for code in campaign.messages or [BY_HAND]:
        if code == BY_HAND:
            found.append((code, To.phone))
        elif code in known and known[code].module in REGISTRY.modules:
            found.append((code, REGISTRY.modules[known[code].module].TO))
    return [(code, to) for code, to in found if to is not To.group]


def way_to(member: Member, open_ways: Sequence[tuple[str, To]]) -> str | None:
    """The first account that knows this member; None if none does."""
    return next((code for code, to in open_ways if known_as(member.phone, member.details, to)), None)


@dataclass(frozen=True)
class ToldJudge:
    """What is the same for every member who is to be told."""

    ways: Sequence[tuple[str, To]]

    @classmethod
    def of(cls, _session: Session, campaign: Campaign, _disputed: set[int]) -> "ToldJudge":
        """Where a member lives is nothing to it."""
        return cls(ways(campaign))

    def reasons(
        self, member: Member, *_of_the_post: Any, twice: bool
    ) -> tuple[list[HoldReason], dict[HoldReason, HoldWords]]:
        """Why this member cannot be told."""
        found = judge_reachable(
            Reachable(
                deceased=member.deceased_on is not None,
                do_not_contact=member.do_not_contact,
                twice=twice,
                phone=member.phone,
                phone_written=member.phone_written,
                contacts=[code for code, to in self.ways if known_as(member.phone, member.details, to)],
                by_phone_only=all(to in BY_PHONE for _, to in self.ways),
            )
        )
        return found, {reason: HOLD_WORDS[reason] for reason in found if reason in HOLD_WORDS}


def each_fen(campaign: Campaign) -> int:
    """What telling one member costs."""
    return int(campaign.telling.get("each_fen", 0))


def to_tell(session: Session, campaign: Campaign) -> list[int]:
    """Consignments that are ready; none after a stop."""
    if campaign.stopped_at is not None:
        return []
    return sorted(consignments.ids_in(session, campaign_id=campaign.key, states=[ConsignmentState.ready]))


def plan(session: Session, campaign: Campaign) -> None:
    """A row for each member who is ready, and the consignment is under way; all in this transaction."""
    ids = to_tell(session, campaign)
    if not ids:
        return
    give_codes(session, consignment_ids=ids)
    rows = consignments.of_ids_with_members(session, ids=ids)
    ROWS[campaign.channel](session, campaign, rows)
    transitions.consignments(session, ids, ConsignmentState.under_way, why=WHY)
    if campaign.state is CampaignState.approved:
        transitions.campaign(session, campaign.key, CampaignState.under_way)


def _queue(session: Session, campaign: Campaign, rows: Sequence[tuple[Any, Member]]) -> None:
    """A message each, with the first account that knows the member, due on the planned day."""
    open_ways, at = ways(campaign), due_at(campaign)
    chosen = [(owed, member, way_to(member, open_ways) or BY_HAND) for owed, member in rows]
    before = message_facts.made_before(session, consignment_ids=[owed.key for owed, _ in rows])
    messages.queue(
        session,
        [
            {
                "sending_key": f"{consignment_number(campaign.code, owed.number)}-{before.get(owed.key, 0)}",
                "purpose": MessagePurpose.notice,
                "organisation_id": member.organisation_id,
                "campaign_id": campaign.key,
                "consignment_id": owed.key,
                "member_id": member.key,
                "channel": account,
                "text_code": CAMPAIGN_WORDS,
                "details": template(campaign, account),
                "due_at": at,
            }
            for owed, member, account in chosen
        ],
    )


def template(campaign: Campaign, account: str) -> dict[str, str]:
    """The provider's id of the approved text that a campaign names for an account, as a message's detail."""
    templates: Mapping[str, str] = campaign.telling.get("templates") or {}
    return {"template": templates[account]} if account in templates else {}


def _list(session: Session, campaign: Campaign, rows: Sequence[tuple[Any, Member]]) -> None:
    """A call each, due on the planned day; what is said is filled in when the list is looked at."""
    at, before = due_at(campaign), told_calls.made_before(session, consignment_ids=[owed.key for owed, _ in rows])
    phone_calls.add(
        session,
        rows=[
            {
                "call_key": f"{consignment_number(campaign.code, owed.number)}-{before.get(owed.key, 0)}",
                "purpose": CallPurpose.notice,
                "organisation_id": member.organisation_id,
                "campaign_id": campaign.key,
                "consignment_id": owed.key,
                "member_id": member.key,
                "due_at": at,
            }
            for owed, member in rows
        ],
        at=now(),
    )


def due_at(campaign: Campaign) -> datetime:
    """When it is to be told: on the planned day, in the hours there are; at once if that is past."""
    return max(end_of(campaign.planned_delivery_on - timedelta(days=1)), now())


def counted(session: Session, campaign: Campaign, ids: Sequence[int]) -> dict[str, int]:
    """Through what how many of these are told, in words."""
    open_ways, known = ways(campaign), channel_accounts.read()
    rows = consignments.of_ids_with_members(session, ids=ids)
    found = Counter(way_to(member, open_ways) or BY_HAND for _, member in rows)
    names = {code: REGISTRY.modules[known[code].module].NAME if code in known else WAY_NAMES[code] for code in found}
    return {str(names[code]): count for code, count in sorted(found.items())}


def as_told(session: Session, campaign: Campaign, *, name: str, link: str) -> str:
    """What was said to a member, name and link as they may be shown; empty where a letter said it."""
    if campaign.channel is Channel.post:
        return ""
    given = words.values_of(
        name=name,
        organisation=organisations.name_of(session, organisation_id=campaign.organisation_id),
        sender=str(campaign.sender.get("name", "")),
        phone=str(campaign.sender.get("phone", "")),
        link=link,
    )
    return words.told(campaigns.letter_text(session, campaign=campaign).body, given).strip()


#: What stands for a parcel, by channel.
ROWS = {Channel.message: _queue, Channel.phone: _list}


def still_to_tell(session: Session, campaign: Campaign) -> tuple[int, int]:
    """Messages that are not sent yet, and calls that nobody has brought to an end."""
    if campaign.channel is Channel.post:
        return 0, 0
    waiting = message_facts.counts(session, campaign_id=campaign.key).waiting
    return waiting, told_calls.waiting(session, campaign_id=campaign.key)
