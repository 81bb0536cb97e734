"""What is looked up about messages: whom they are for as things stand now, how many a member had."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Artefact,
    ArtefactKind,
    Campaign,
    CampaignState,
    Consignment,
    ConsignmentState,
    LetterText,
    Member,
    Message,
    MessageEnd,
    MessagePurpose,
    Organisation,
)
from qianli.store.among import among
from qianli.store.lists import Sought
from qianli.store.members import may_be_called
from qianli.store.messages import BY_HAND, WAITING
from qianli.store.scope import Scope

#: The telephone in the ledger, unless it is known not to be theirs.
OWN_PHONE = sa.case((col(Member.phone) == col(Member.wrong_phone), None), else_=col(Member.phone))


@dataclass(frozen=True)
class Standing:
    """A message as things stand now: whom it is for, and whether it still makes sense.

    `is_named`: the campaign it is about may use its channel; by hand, and about no campaign, it always may go.
    """

    message: Message
    organisation: str
    phone: str | None
    name: str
    details: Mapping[str, Any]
    may_be_told: bool
    is_gone: bool
    consignment_state: ConsignmentState | None
    code_key_id: str | None
    code_generation: int | None
    campaign_code: str | None
    number: int | None
    is_over: bool
    is_named: bool
    owner: str
    sender_phone: str = ""
    words: str = ""


def standing(session: Session, *, ids: Collection[int], lock_members: bool = False) -> list[Standing]:
    """Messages as things stand, by id. With `lock_members` nobody else counts these members' messages meanwhile."""
    if lock_members and session.get_bind().dialect.name == "postgresql":
        mine = sa.select(col(Message.member_id)).where(among(Message.id, ids))
        session.execute(sa.select(col(Member.id)).where(col(Member.id).in_(mine)).with_for_update(key_share=True))
    query = _with_whom().where(among(Message.id, ids)).order_by(col(Message.id))
    return [_standing(*row) for row in session.execute(query)]


@cache
def _with_whom() -> Any:
    """Messages with whom they are for. Written out once: it is asked for every message that is sent."""
    gone = sa.or_(
        col(Member.id).is_(None), col(Member.deceased_on).is_not(None), col(Member.merged_into_id).is_not(None)
    )
    ended = (CampaignState.closed, CampaignState.cancelled)
    return (
        sa.select(
            Message, col(Organisation.name), OWN_PHONE, col(Member.name), col(Member.details), may_be_called(),
            gone, col(Consignment.state), col(Consignment.code_key_id), col(Consignment.code_generation),
            col(Campaign.code), col(Consignment.number), col(Campaign.state).in_(ended), col(Campaign.messages),
            col(Campaign.sender), col(LetterText.body),
        )
        .join(Organisation, col(Organisation.id) == col(Message.organisation_id))
        .outerjoin(Member, col(Member.id) == col(Message.member_id))
        .outerjoin(Consignment, col(Consignment.id) == col(Message.consignment_id))
        .outerjoin(Campaign, col(Campaign.id) == col(Message.campaign_id))
        .outerjoin(LetterText, col(LetterText.id) == col(Campaign.letter_text_id))
    )  # fmt: skip


def _standing(message: Message, organisation: str, *row: Any) -> Standing:
    phone, name, details, callable_, gone, state, key_id, generation, code, number, over, named, sender, words = row
    owner = str((sender or {}).get("name") or organisation)
    return Standing(
        message=message, organisation=organisation, phone=phone, name=name or "", details=details or {},
        may_be_told=bool(callable_), is_gone=bool(gone), consignment_state=state, code_key_id=key_id,
        code_generation=generation, campaign_code=code, number=number, is_over=bool(over),
        is_named=message.campaign_id is None or message.channel in (BY_HAND, *(named or [])), owner=owner,
        sender_phone=str((sender or {}).get("phone") or ""), words=words or "",
    )  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """Whom a consignment is for, and what channels may know them by."""

    consignment_id: int
    campaign_id: int
    member_id: int
    organisation_id: int
    phone: str | None
    details: Mapping[str, Any]


def reach(session: Session, *, consignment_ids: Collection[int]) -> list[Reach]:
    """Of these consignments those whose members may be told something."""
    query = (
        sa.select(
            col(Consignment.id), col(Consignment.campaign_id), col(Member.id), col(Member.organisation_id), OWN_PHONE,
            col(Member.details),
        )
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .where(among(Consignment.id, consignment_ids), may_be_called())
        .order_by(col(Consignment.id))
    )  # fmt: skip
    return [
        Reach(id_, campaign, member, organisation, phone, details or {})
        for id_, campaign, member, organisation, phone, details in session.execute(query)
    ]


def made_before(session: Session, *, consignment_ids: Collection[int]) -> dict[int, int]:
    """Consignment id → how many messages of a campaign by message were written down for it."""
    query = sa.select(col(Message.consignment_id), sa.func.count()).where(
        col(Message.purpose) == MessagePurpose.notice, among(Message.consignment_id, consignment_ids)
    )
    return dict(session.execute(query.group_by(col(Message.consignment_id))).tuples().all())


def asked_since(session: Session, *, member_id: int, since: datetime, but: int) -> list[datetime]:
    """When this member's messages of all campaigns were asked for since then, failed ones left out, oldest first."""
    query = sa.select(col(Message.asked_at)).where(
        col(Message.member_id) == member_id,
        col(Message.asked_at) > since,
        col(Message.failed_at).is_(None),
        col(Message.id) != but,
    )
    return sorted(session.execute(query).scalars())


def asked_by_member(session: Session, *, ids: Collection[int], since: datetime) -> dict[int, list[datetime]]:
    """The same of each member that these messages are to."""
    mine = sa.select(col(Message.member_id)).where(among(Message.id, ids))
    query = sa.select(col(Message.member_id), col(Message.asked_at)).where(
        col(Message.member_id).in_(mine), col(Message.asked_at) > since, col(Message.failed_at).is_(None)
    )
    found: dict[int, list[datetime]] = {}
    for member, asked_at in session.execute(query.order_by(col(Message.asked_at))):
        found.setdefault(member, []).append(asked_at)
    return found


@dataclass(frozen=True)
class Counts:
    """How far the messages of a campaign, or all, are."""

    waiting: int
    sent: int
    delivered: int
    failed: int
    unclear: int
    cancelled: int


def counts(session: Session, *, campaign_id: int | None = None, scope: Scope | None = None) -> Counts:
    """Of a campaign, or of all; within a scope, if that is said."""
    query = sa.select(
        sa.func.count(sa.case((sa.and_(*WAITING), 1))),
        sa.func.count(col(Message.answered_at)),
        sa.func.count(col(Message.delivered_at)),
        sa.func.count(col(Message.failed_at)),
        sa.func.count(col(Message.unclear_at)),
        sa.func.count(col(Message.cancelled_at)),
    )
    if campaign_id is not None:
        query = query.where(col(Message.campaign_id) == campaign_id)
    if scope is not None:
        query = query.where(scope.covers(Message.organisation_id))
    return Counts(*(int(one) for one in session.execute(query).one()))


#: How far a message is, as lists are narrowed by it.
STATES: dict[str, tuple[Any, ...]] = {
    "unclear": (col(Message.unclear_at).is_not(None),),
    "failed": (col(Message.failed_at).is_not(None),),
    "waiting": WAITING,
    "sent": (col(Message.answered_at).is_not(None), col(Message.failed_at).is_(None)),
    "delivered": (col(Message.delivered_at).is_not(None),),
    "cancelled": (col(Message.cancelled_at).is_not(None),),
}


def listed(session: Session, *, campaign_id: int | None = None, most: int | None = None) -> list[Message]:
    """Messages of a campaign, or of all, newest first."""
    query = sa.select(Message).order_by(col(Message.id).desc())
    if campaign_id is not None:
        query = query.where(col(Message.campaign_id) == campaign_id)
    return list(session.execute(query.limit(most) if most else query).scalars())


def sought(session: Session, scope: Scope, what: Sought) -> list[Standing]:
    """Messages within a scope, newest first: of a campaign by code, in a state, to one by number or of this key."""
    query = sa.select(col(Message.id)).where(
        scope.covers(Message.organisation_id), *STATES.get(what.which.get("state", ""), ())
    )
    if "campaign" in what.which:
        query = query.join(Campaign).where(col(Campaign.code) == what.which["campaign"])
    if what.text:
        query = query.where(col(Message.sending_key).startswith(what.text, autoescape=True))
    if what.after:
        query = query.where(col(Message.id) < what.after)
    ids = list(session.execute(query.order_by(col(Message.id).desc()).limit(what.most)).scalars())
    return standing(session, ids=ids)[::-1]


def key_of(session: Session, scope: Scope, *, message_id: int) -> str | None:
    """Our key of a message within a scope."""
    query = sa.select(col(Message.sending_key)).where(col(Message.id) == message_id)
    return session.execute(query.where(scope.covers(Message.organisation_id))).scalar()


def to_give_out(session: Session, *, campaign_id: int, at: datetime) -> list[int]:
    """Messages of a campaign due by then that are sent by hand and stand on no sheet yet."""
    query = sa.select(col(Message.id)).where(
        *WAITING,
        col(Message.channel) == BY_HAND,
        col(Message.campaign_id) == campaign_id,
        col(Message.due_at) <= at,
        col(Message.artefact_id).is_(None),
    )
    return list(session.execute(query.order_by(col(Message.id))).scalars())


def on_sheet(session: Session, *, artefact_id: int) -> list[int]:
    """Messages that stand on a sheet."""
    query = sa.select(col(Message.id)).where(col(Message.artefact_id) == artefact_id).order_by(col(Message.id))
    return list(session.execute(query).scalars())


def unmade_sheets(session: Session, *, campaign_id: int) -> list[int]:
    """Sheets of a campaign whose files were not published yet."""
    query = sa.select(col(Artefact.id)).where(
        col(Artefact.campaign_id) == campaign_id,
        col(Artefact.kind) == ArtefactKind.message_sheet,
        col(Artefact.published_at).is_(None),
    )
    return list(session.execute(query.order_by(col(Artefact.id))).scalars())


def ends(session: Session, *, campaign_id: int) -> dict[MessageEnd, int]:
    """Why messages of a campaign were not sent after all, and how many."""
    query = (
        sa.select(col(Message.cancel_reason), sa.func.count())
        .where(col(Message.campaign_id) == campaign_id, col(Message.cancel_reason).is_not(None))
        .group_by(col(Message.cancel_reason))
    )
    return {reason: int(count) for reason, count in session.execute(query)}


def out(session: Session, *, campaign_id: int) -> list[tuple[int, datetime, datetime | None]]:
    """Notices that channels took: the consignment's number, since when, and when they were reported delivered."""
    query = (
        sa.select(col(Consignment.number), col(Message.answered_at), col(Message.delivered_at))
        .join(Consignment, col(Consignment.id) == col(Message.consignment_id))
        .where(
            col(Message.campaign_id) == campaign_id,
            col(Message.purpose) == MessagePurpose.notice,
            col(Message.answered_at).is_not(None),
            col(Message.failed_at).is_(None),
        )
        .order_by(col(Consignment.number))
    )
    return [(number, sent_at, delivered_at) for number, sent_at, delivered_at in session.execute(query)]
