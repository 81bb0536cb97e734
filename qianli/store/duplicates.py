"""Merges of records that are one person, and pairs that are two people."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models import (
    Consignment,
    ConsignmentState,
    Contribution,
    DistinctMembers,
    Member,
    MemberMerge,
    Message,
    Movement,
    Participation,
    PhoneCall,
    Snapshot,
)
from qianli.store.among import among
from qianli.store.messages import WAITING

OWED_NOTHING = (ConsignmentState.cancelled, ConsignmentState.not_sent)


def is_distinct(session: Session, *, first_id: int, second_id: int) -> bool:
    """Whether somebody found these to be two people."""
    pair = (col(DistinctMembers.first_id) == first_id, col(DistinctMembers.second_id) == second_id)
    return session.execute(sa.select(col(DistinctMembers.id)).where(*pair)).first() is not None


def note_distinct(session: Session, *, first_id: int, second_id: int, by: str, at: datetime) -> None:
    """These are two people."""
    session.add(DistinctMembers(first_id=first_id, second_id=second_id, decided_by=by, decided_at=at))
    session.flush()


def forget_distinct(session: Session, *, first_id: int, second_id: int) -> None:
    """Perhaps they are one person after all."""
    pair = (col(DistinctMembers.first_id) == first_id, col(DistinctMembers.second_id) == second_id)
    session.execute(sa.delete(DistinctMembers).where(*pair))


def owed_in(session: Session, *, campaign_id: int, member_ids: Iterable[int]) -> set[int]:
    """Those of the members who are owed something in this campaign."""
    query = sa.select(col(Consignment.member_id)).where(
        col(Consignment.campaign_id) == campaign_id,
        among(Consignment.member_id, member_ids),
        col(Consignment.state).not_in(OWED_NOTHING),
    )
    return set(session.execute(query).scalars())


def add_merge(
    session: Session, *, kept_id: int, gone_id: int, changed: dict[str, Any], by: str, at: datetime
) -> MemberMerge:
    """What a merge changed, so that it can be undone."""
    row = MemberMerge(kept_id=kept_id, gone_id=gone_id, changed=changed, merged_by=by, merged_at=at)
    session.add(row)
    session.flush()
    return row


def merge_of(session: Session, *, gone_id: int) -> MemberMerge | None:
    """The merge that took this record away, if it stands."""
    query = select(MemberMerge).where(MemberMerge.gone_id == gone_id, col(MemberMerge.undone_at).is_(None))
    return session.exec(query).first()


def point_merged(session: Session, *, ids: Iterable[int], to: int) -> None:
    """These merged records lead there."""
    _run(session, sa.update(Member).where(among(Member.id, ids)).values(merged_into_id=to))


def merged_into(session: Session, *, member_id: int) -> list[int]:
    """Records that were merged into this one."""
    return list(session.execute(sa.select(col(Member.id)).where(col(Member.merged_into_id) == member_id)).scalars())


def give_consignments(session: Session, *, owners: Mapping[int, int]) -> None:
    """Consignment id → whose it is from now on, with the calls and messages about it that wait.

    Two of one campaign may change places: first they are nobody's.
    """
    _run(session, sa.update(Consignment).where(among(Consignment.id, owners)).values(member_id=None))
    for owner in sorted(set(owners.values())):
        mine = [id_ for id_, whose in owners.items() if whose == owner]
        _run(session, sa.update(Consignment).where(among(Consignment.id, mine)).values(member_id=owner))
        calls = sa.update(PhoneCall).where(among(PhoneCall.consignment_id, mine), col(PhoneCall.ended_at).is_(None))
        _run(session, calls.values(member_id=owner))
        told = sa.update(Message).where(among(Message.consignment_id, mine), *WAITING)
        _run(session, told.values(member_id=owner))


def give_snapshots(session: Session, *, of: int, to: int, only: Iterable[int] | None = None) -> list[int]:
    """Snapshots of one member belong to another; the answer is which did."""
    mine = col(Snapshot.member_id) == of
    which = mine if only is None else sa.and_(mine, among(Snapshot.id, only))
    return _done(session, sa.update(Snapshot).where(which).values(member_id=to), col(Snapshot.id))


def give_participations(session: Session, *, of: int, to: int, only: Iterable[int] | None = None) -> list[int]:
    """The same of activities, but those the other took part in already."""
    there = aliased(Participation)
    same = sa.select(sa.literal(1)).where(
        col(there.member_id) == to,
        sa.or_(
            sa.and_(
                col(there.held_on) == col(Participation.held_on), col(there.activity) == col(Participation.activity)
            ),
            col(there.study_item_id) == col(Participation.study_item_id),
        ),
    )
    which = sa.and_(col(Participation.member_id) == of, sa.not_(sa.exists(same)))
    which = which if only is None else sa.and_(which, among(Participation.id, only))
    return _done(session, sa.update(Participation).where(which).values(member_id=to), col(Participation.id))


def give_contributions(session: Session, *, of: int, to: int, only: Iterable[int] | None = None) -> list[int]:
    """The same of what was said in discussions, but where the other said something as well."""
    there = aliased(Contribution)
    same = sa.select(sa.literal(1)).where(col(there.member_id) == to, col(there.item_id) == col(Contribution.item_id))
    which = sa.and_(col(Contribution.member_id) == of, sa.not_(sa.exists(same)))
    which = which if only is None else sa.and_(which, among(Contribution.id, only))
    return _done(session, sa.update(Contribution).where(which).values(member_id=to), col(Contribution.id))


def give_movements(session: Session, *, of: int, to: int, only: Iterable[int] | None = None) -> list[int]:
    """The same of reports of moves, but those that the same branch made of the other as well."""
    there = aliased(Movement)
    same = sa.select(sa.literal(1)).where(
        col(there.member_id) == to,
        col(there.side) == col(Movement.side),
        col(there.organisation_id) == col(Movement.organisation_id),
        col(there.fingerprint) == col(Movement.fingerprint),
    )
    which = sa.and_(col(Movement.member_id) == of, sa.not_(sa.exists(same)))
    which = which if only is None else sa.and_(which, among(Movement.id, only))
    return _done(session, sa.update(Movement).where(which).values(member_id=to), col(Movement.id))


def _run(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def _done(session: Session, statement: Any, id_: Any) -> list[int]:
    """Carry out an update; the answer is the ids of the rows it met."""
    found = session.execute(statement.returning(id_).execution_options(synchronize_session=False)).scalars().all()
    session.expire_all()
    return sorted(found)
