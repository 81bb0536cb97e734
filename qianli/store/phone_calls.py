"""Calls to make: written down once each, put off when nobody answers, ended with what came of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from models import (
    CallEnd,
    CallPurpose,
    Campaign,
    Channel,
    Consignment,
    ConsignmentState,
    LetterText,
    Member,
    Organisation,
    PhoneCall,
    Reminder,
    Subject,
    User,
)
from qianli.store import address_rounds, journal, reminders_told
from qianli.store.among import among
from qianli.store.members import may_be_called
from qianli.store.messages import live
from qianli.store.scope import Scope

OPEN = col(PhoneCall.ended_at).is_(None)
ABOUT_WHAT_IS_UNDER_WAY = (CallPurpose.follow_up, CallPurpose.notice)
PLAIN: dict[str, Any] = {
    "campaign_id": None, "consignment_id": None, "member_id": None, "programme_id": None, "study_month": None,
    "branch_only": False, "words": "", "tries": 0,
}  # fmt: skip


def add(session: Session, *, rows: Sequence[Mapping[str, Any]], at: datetime) -> list[int]:
    """Write calls down, each key once, whoever does it again; the answer is the ids of the new ones."""
    if not rows:
        return []
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    adding = insert(PhoneCall).on_conflict_do_nothing(index_elements=["call_key"]).returning(col(PhoneCall.id))
    return sorted(session.execute(adding, [{**PLAIN, "added_at": at, "due_at": at, **row} for row in rows]).scalars())


@dataclass(frozen=True)
class ToMake:
    """A call to make, with whom it is to. `wrong_phone` is a number known not to be theirs.

    `text` and `sender` are what a campaign by telephone or by message says, its placeholders not filled yet.
    """

    id: int
    key: str
    purpose: CallPurpose
    member_id: int
    name: str
    phone: str | None
    wrong_phone: str | None
    organisation: str
    campaign_code: str | None
    number: int | None
    consignment_id: int | None
    words: str
    due_at: datetime
    tries: int
    tried_at: datetime | None
    caller_id: int | None
    caller: str | None
    sender: Mapping[str, Any] | None
    text: str | None
    programme_id: int | None
    study_month: date | None


def to_make(
    session: Session, scope: Scope, *, campaign_id: int | None = None, only: int | None = None, most: int | None = None
) -> list[ToMake]:
    """Open calls within a scope, those due first in front. Nobody who has spoken, died or wants to be left alone."""
    query = (
        sa.select(
            col(PhoneCall.id), col(PhoneCall.call_key), col(PhoneCall.purpose), col(Member.id), col(Member.name),
            col(Member.phone), col(Member.wrong_phone), col(Organisation.name), col(Campaign.code),
            col(Consignment.number),
            col(PhoneCall.consignment_id), col(PhoneCall.words), col(PhoneCall.due_at), col(PhoneCall.tries),
            col(PhoneCall.tried_at), col(PhoneCall.caller_id), col(User.name), col(Campaign.sender),
            col(LetterText.body), col(PhoneCall.programme_id), col(PhoneCall.study_month),
        )
        .join(Member, col(Member.id) == col(PhoneCall.member_id))
        .join(Organisation, col(Organisation.id) == col(PhoneCall.organisation_id))
        .outerjoin(Consignment, col(Consignment.id) == col(PhoneCall.consignment_id))
        .outerjoin(Campaign, col(Campaign.id) == col(PhoneCall.campaign_id))
        .outerjoin(
            LetterText,
            sa.and_(col(LetterText.id) == col(Campaign.letter_text_id), col(Campaign.channel) != Channel.post),
        )
        .outerjoin(User, col(User.id) == col(PhoneCall.caller_id))
        .where(
            OPEN,
            may_be_called(),
            col(Member.merged_into_id).is_(None),
            _is_to_be_made(),
            sa.or_(scope.covers(PhoneCall.organisation_id), scope.covers(Campaign.organisation_id)),
            sa.or_(
                sa.not_(col(PhoneCall.branch_only)),
                sa.false() if scope.root_id is None else col(PhoneCall.organisation_id) == scope.root_id,
            ),
        )
        .order_by(col(PhoneCall.due_at), col(PhoneCall.id))
    )  # fmt: skip
    if campaign_id is not None:
        query = query.where(col(PhoneCall.campaign_id) == campaign_id)
    if only is not None:
        query = query.where(col(PhoneCall.id) == only)
    if most is not None:
        query = query.limit(most)
    return [ToMake(*row) for row in session.execute(query)]


def _is_to_be_made() -> sa.ColumnElement[bool]:
    """Whether what a call is about still stands, and no message says it."""
    is_under_way = col(Consignment.state) == ConsignmentState.under_way
    told_of = sa.exists().where(
        col(Reminder.consignment_id) == col(PhoneCall.consignment_id),
        col(Reminder.ended_at).is_(None),
        col(PhoneCall.call_key) == reminders_told.KEY_OF_ONE,
    )
    return sa.case(
        (
            sa.and_(
                col(PhoneCall.purpose).in_(ABOUT_WHAT_IS_UNDER_WAY), col(PhoneCall.consignment_id).is_not(None)
            ),
            is_under_way,
        ),
        (
            col(PhoneCall.purpose) == CallPurpose.reminder,
            sa.and_(is_under_way, told_of, sa.not_(live(col(PhoneCall.call_key)))),
        ),
        (col(PhoneCall.purpose) == CallPurpose.address_check, address_rounds.is_to_be_called()),
        else_=sa.true(),
    )  # fmt: skip


def in_vain(session: Session, *, id_: int, tries: int, at: datetime, next_at: datetime | None) -> bool:
    """Nobody answered after `tries` before: called again then, or given up. False if that was written down already."""
    again: dict[str, Any] = {"due_at": next_at} if next_at else {"ended_at": at, "outcome": CallEnd.no_answer}
    update = sa.update(PhoneCall).where(col(PhoneCall.id) == id_, col(PhoneCall.tries) == tries, OPEN)
    done = update.values(tries=tries + 1, tried_at=at, **again).returning(col(PhoneCall.id))
    return session.execute(done.execution_options(synchronize_session=False)).first() is not None


def end(
    session: Session, *, outcome: CallEnd, at: datetime, ids: Collection[int] = (), keys: Collection[str] = (),
    consignment_ids: Collection[int] = (), member_ids: Collection[int] = (), campaign_id: int | None = None,
) -> None:  # fmt: skip
    """There is nothing to call about any more: of these calls, or about these consignments or members."""
    about = sa.or_(
        among(PhoneCall.id, ids), among(PhoneCall.consignment_id, consignment_ids),
        among(PhoneCall.member_id, member_ids), among(PhoneCall.call_key, keys),
        sa.false() if campaign_id is None else col(PhoneCall.campaign_id) == campaign_id,
    )  # fmt: skip
    update = sa.update(PhoneCall).where(about, OPEN).values(ended_at=at, outcome=outcome)
    session.execute(update.execution_options(synchronize_session=False))


def whom(session: Session, scope: Scope, *, code: str, number: int) -> tuple[int, int | None] | None:
    """Consignment and member behind a number of a campaign of these organisations."""
    query = (
        sa.select(col(Consignment.id), col(Member.id))
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .outerjoin(Member, col(Member.id) == col(Consignment.member_id))
        .where(col(Campaign.code) == code, col(Consignment.number) == number, scope.covers(Campaign.organisation_id))
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def of_consignment(session: Session, *, consignment_id: int) -> list[tuple[int, int]]:
    """(id, tries) of the open calls about a consignment."""
    query = sa.select(col(PhoneCall.id), col(PhoneCall.tries)).where(
        col(PhoneCall.consignment_id) == consignment_id, OPEN
    )
    return [(id_, tries) for id_, tries in session.execute(query)]


def assign(session: Session, *, ids: Iterable[int], caller_id: int | None) -> int:
    """Whose calls these are from now on; the answer is how many changed."""
    update = sa.update(PhoneCall).where(
        among(PhoneCall.id, ids), OPEN, col(PhoneCall.caller_id).is_distinct_from(caller_id)
    )
    done = update.values(caller_id=caller_id).returning(col(PhoneCall.member_id))
    whose = list(session.execute(done.execution_options(synchronize_session=False)).scalars())
    members = [one for one in whose if one is not None]
    journal.note(session, subject=Subject.member, ids=members if caller_id else [], what="call assigned")
    journal.note(session, subject=Subject.member, ids=[] if caller_id else members, what="call unassigned")
    return len(whose)


def mark_wrong(session: Session, *, member_id: int) -> None:
    """The number the ledger has is not theirs; another one written there later is tried again."""
    update = sa.update(Member).where(col(Member.id) == member_id, col(Member.phone).is_not(None))
    session.execute(update.values(wrong_phone=col(Member.phone)).execution_options(synchronize_session=False))
    journal.note(session, subject=Subject.member, ids=[member_id], what="wrong number")


def forget(session: Session, *, before: datetime) -> None:
    """Delete calls of no campaign that were written down before then: no campaign's purge would."""
    old = sa.delete(PhoneCall).where(col(PhoneCall.campaign_id).is_(None), col(PhoneCall.added_at) < before)
    session.execute(old, execution_options={"synchronize_session": False})
