"""Calls to make: written down once each, put off when nobody answers, ended with what came of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from models import (
    CallEnd,
    CallPurpose,
    Campaign,
    Consignment,
    ConsignmentState,
    Member,
    Organisation,
    PhoneCall,
    Subject,
    User,
)
from qianli.store import journal
from qianli.store.among import among
from qianli.store.members import may_be_called
from qianli.store.scope import Scope

OPEN = col(PhoneCall.ended_at).is_(None)
PLAIN: dict[str, Any] = {"campaign_id": None, "consignment_id": None, "member_id": None, "words": "", "tries": 0}


def add(session: Session, *, rows: Sequence[Mapping[str, Any]], at: datetime) -> list[int]:
    """Write calls down, each key once, whoever does it again; the answer is the ids of the new ones."""
    if not rows:
        return []
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    adding = insert(PhoneCall).on_conflict_do_nothing(index_elements=["call_key"]).returning(col(PhoneCall.id))
    return sorted(session.execute(adding, [{**PLAIN, "added_at": at, "due_at": at, **row} for row in rows]).scalars())


@dataclass(frozen=True)
class ToMake:
    """A call to make, with whom it is to. `wrong_phone` is a number known not to be theirs."""

    id: int
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


def to_make(
    session: Session, scope: Scope, *, campaign_id: int | None = None, only: int | None = None, most: int | None = None
) -> list[ToMake]:
    """Open calls within a scope, those due first in front. Nobody who has spoken, died or wants to be left alone."""
    query = (
        sa.select(
            col(PhoneCall.id), col(PhoneCall.purpose), col(Member.id), col(Member.name), col(Member.phone),
            col(Member.wrong_phone), col(Organisation.name), col(Campaign.code), col(Consignment.number),
            col(PhoneCall.consignment_id), col(PhoneCall.words), col(PhoneCall.due_at), col(PhoneCall.tries),
            col(PhoneCall.tried_at), col(PhoneCall.caller_id), col(User.name),
        )
        .join(Member, col(Member.id) == col(PhoneCall.member_id))
        .join(Organisation, col(Organisation.id) == col(PhoneCall.organisation_id))
        .outerjoin(Consignment, col(Consignment.id) == col(PhoneCall.consignment_id))
        .outerjoin(Campaign, col(Campaign.id) == col(PhoneCall.campaign_id))
        .outerjoin(User, col(User.id) == col(PhoneCall.caller_id))
        .where(
            OPEN,
            may_be_called(),
            col(Member.merged_into_id).is_(None),
            sa.or_(
                col(PhoneCall.purpose) != CallPurpose.follow_up,
                col(Consignment.state) == ConsignmentState.under_way,
            ),
            sa.or_(scope.covers(PhoneCall.organisation_id), scope.covers(Campaign.organisation_id)),
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


def in_vain(session: Session, *, id_: int, tries: int, at: datetime, next_at: datetime | None) -> bool:
    """Nobody answered after `tries` before: called again then, or given up. False if that was written down already."""
    again: dict[str, Any] = {"due_at": next_at} if next_at else {"ended_at": at, "outcome": CallEnd.no_answer}
    update = sa.update(PhoneCall).where(col(PhoneCall.id) == id_, col(PhoneCall.tries) == tries, OPEN)
    done = update.values(tries=tries + 1, tried_at=at, **again).returning(col(PhoneCall.id))
    return session.execute(done.execution_options(synchronize_session=False)).first() is not None


def end(session: Session, *, ids: Collection[int] = (), consignment_ids: Collection[int] = (), member_ids: Collection[int] = (), outcome: CallEnd, at: datetime) -> None:  # fmt: skip  # noqa: E501
    """There is nothing to call about any more: of these calls, or about these consignments or members."""
    about = sa.or_(
        among(PhoneCall.id, ids), among(PhoneCall.consignment_id, consignment_ids),
        among(PhoneCall.member_id, member_ids),
    )  # fmt: skip
    update = sa.update(PhoneCall).where(about, OPEN).values(ended_at=at, outcome=outcome)
    session.execute(update.execution_options(synchronize_session=False))


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
