"""Calls about a study programme: who is to be called, whom somebody spoke with, and what came of the last one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models import CallEnd, Member, PhoneCall
from qianli.store import phone_calls
from qianli.store.among import among

SPOKE = (CallEnd.told, CallEnd.took_part)


#: Whom a call was to; of a merged record the one that counts.
MEMBER = sa.func.coalesce(col(Member.merged_into_id), col(Member.id))


def spoken(session: Session, *, programme_id: int, month: date) -> dict[int, bool]:
    """Members somebody spoke with about the month → whether they took part there."""
    query = (
        sa.select(MEMBER, sa.func.max(sa.case((col(PhoneCall.outcome) == CallEnd.took_part, 1), else_=0)))
        .join(Member, col(Member.id) == col(PhoneCall.member_id))
        .where(
            col(PhoneCall.programme_id) == programme_id,
            col(PhoneCall.study_month) == month,
            col(PhoneCall.outcome).in_(SPOKE),
        )
        .group_by(MEMBER)
    )
    return {member: bool(took_part) for member, took_part in session.execute(query)}


def last_spoken(session: Session, *, programme_id: int, before: datetime) -> dict[int, datetime]:
    """Member → when somebody last spoke with them about the programme before then."""
    query = (
        sa.select(MEMBER, sa.func.max(col(PhoneCall.ended_at)))
        .join(Member, col(Member.id) == col(PhoneCall.member_id))
        .where(
            col(PhoneCall.programme_id) == programme_id,
            col(PhoneCall.outcome).in_(SPOKE),
            col(PhoneCall.ended_at) < before,
        )
        .group_by(MEMBER)
    )
    return dict(session.execute(query).tuples().all())


@dataclass(frozen=True)
class Last:
    """The last call to a member about a programme: tried in vain so often, or ended with an outcome, or to be made."""

    tries: int
    tried_at: datetime | None
    ended_at: datetime | None
    outcome: CallEnd | None


def last(session: Session, *, programme_id: int, member_ids: Iterable[int]) -> dict[int, Last]:
    """Member → the last call to them about the programme."""
    columns = (PhoneCall.member_id, PhoneCall.tries, PhoneCall.tried_at, PhoneCall.ended_at, PhoneCall.outcome)
    query = (
        sa.select(*map(col, columns))
        .where(col(PhoneCall.programme_id) == programme_id, among(PhoneCall.member_id, member_ids))
        .order_by(col(PhoneCall.id))
    )
    return {member: Last(*row) for member, *row in session.execute(query)}


def overtake(session: Session, *, programme_id: int, member_id: int, at: datetime) -> None:
    """The member was heard of otherwise: there is nothing to call about."""
    query = sa.select(col(PhoneCall.id)).where(
        col(PhoneCall.programme_id) == programme_id, col(PhoneCall.member_id) == member_id, phone_calls.OPEN
    )
    ids = list(session.execute(query).scalars())
    phone_calls.end(session, ids=ids, outcome=CallEnd.overtaken, at=at)
