"""Who may see a programme's pages, and what members do there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Member, Participation, StudyColumn, StudyGroup, StudyItem, StudyOpening, StudyPass
from qianli.store.among import among
from qianli.store.members import living
from qianli.store.scope import Scope

MEMBER = "member"


def of_group(organisation_id: int) -> sa.ColumnElement[bool]:
    """Members whose home or host is this organisation or one below it."""
    scope = Scope(organisation_id)
    return sa.or_(scope.covers(col(Member.organisation_id)), scope.covers(col(Member.host_organisation_id)))


def live_group(session: Session, *, programme_id: int, organisation_id: int) -> StudyGroup | None:
    """An organisation's page, if it is open."""
    query = select(StudyGroup).where(
        StudyGroup.programme_id == programme_id,
        StudyGroup.organisation_id == organisation_id,
        col(StudyGroup.revoked_at).is_(None),
    )
    return session.exec(query).first()


def live_groups(session: Session, *, programme_id: int) -> list[StudyGroup]:
    """Every open page of a programme."""
    query = select(StudyGroup).where(StudyGroup.programme_id == programme_id, col(StudyGroup.revoked_at).is_(None))
    return list(session.exec(query.order_by(col(StudyGroup.id))))


def next_generation(session: Session, *, programme_id: int, organisation_id: int) -> int:
    """Which page of this organisation the next one is, from 1."""
    last = sa.select(sa.func.max(col(StudyGroup.generation))).where(
        col(StudyGroup.programme_id) == programme_id, col(StudyGroup.organisation_id) == organisation_id
    )
    return int(session.execute(last).scalar() or 0) + 1


def add_group(session: Session, *, group: StudyGroup) -> StudyGroup:
    """One more page."""
    session.add(group)
    session.flush()
    return group


def end_group(session: Session, *, group: StudyGroup, at: datetime) -> None:
    """Its link leads nowhere from now on."""
    group.revoked_at = at
    session.add(group)
    session.flush()


def behind_token(session: Session, *, hashes: Sequence[str]) -> StudyGroup | None:
    """The open page that a token leads to."""
    query = select(StudyGroup).where(col(StudyGroup.token_hash).in_(list(hashes)), col(StudyGroup.revoked_at).is_(None))
    return session.exec(query).first()


def behind_code(session: Session, *, group: StudyGroup, hashes: Sequence[str]) -> Member | None:
    """The member that a code belongs to, if the page is theirs; of a merged record the one that counts."""
    found = whose_code(session, hashes=hashes)
    if found is None or found[0] != group.programme_id:
        return None
    own = select(Member).where(Member.id == found[1].key, of_group(group.organisation_id))
    return session.exec(own).first()


def whose_code(session: Session, *, hashes: Sequence[str]) -> tuple[int, Member] | None:
    """The programme a code is of, and the living member it belongs to; of a merged record the one that counts."""
    own = (
        select(StudyPass.programme_id, Member)
        .join(Member, col(Member.id) == col(StudyPass.member_id))
        .where(col(StudyPass.code_hash).in_(list(hashes)))
    )
    found = session.exec(own).first()
    if found is None:
        return None
    programme_id, member = found
    counts = select(Member).where(Member.id == (member.merged_into_id or member.key), living())
    living_member = session.exec(counts).first()
    return (programme_id, living_member) if living_member else None


def members_of(session: Session, *, organisation_id: int) -> list[Member]:
    """The living members of a group, by id."""
    return list(session.exec(select(Member).where(living(), of_group(organisation_id)).order_by(col(Member.id))))


def passes(session: Session, *, programme_id: int, member_ids: Iterable[int]) -> dict[int, StudyPass]:
    """Member → their code's row."""
    query = select(StudyPass).where(StudyPass.programme_id == programme_id, among(StudyPass.member_id, member_ids))
    return {one.member_id: one for one in session.exec(query)}


def add_passes(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """New ones in one go."""
    if rows:
        session.execute(sa.insert(StudyPass), list(rows))


def studied(session: Session, *, member_id: int, item_ids: Iterable[int]) -> dict[int, Participation]:
    """Item → the member's mark."""
    query = select(Participation).where(
        Participation.member_id == member_id, among(Participation.study_item_id, item_ids)
    )
    return {one.study_item_id: one for one in session.exec(query) if one.study_item_id is not None}


def mark(session: Session, *, row: Participation) -> None:
    """Write a mark down."""
    session.add(row)
    session.flush()


def take_back(session: Session, *, row: Participation) -> None:
    """A mark the member made is gone; what somebody else reported only stops being of the programme."""
    if row.recorded_by == MEMBER:
        session.delete(row)
    else:
        row.study_item_id = None
        session.add(row)
    session.flush()


def count_opening(session: Session, *, item_id: int, on: date) -> None:
    """One more opening of an item on a day, by whomever."""
    update = (
        sa.update(StudyOpening)
        .where(col(StudyOpening.item_id) == item_id, col(StudyOpening.opened_on) == on)
        .values(count=StudyOpening.count + 1)
        .returning(col(StudyOpening.id))
        .execution_options(synchronize_session=False)
    )
    if not session.execute(update).scalars().all():
        session.add(StudyOpening(item_id=item_id, opened_on=on, count=1))
        session.flush()


def openings(session: Session, *, programme_id: int, since: date, before: date) -> dict[int, int]:
    """Item → how often it was opened in these days."""
    query = (
        sa.select(col(StudyOpening.item_id), sa.func.sum(col(StudyOpening.count)))
        .join(StudyItem, col(StudyItem.id) == col(StudyOpening.item_id))
        .join(StudyColumn, col(StudyColumn.id) == col(StudyItem.column_id))
        .where(col(StudyColumn.programme_id) == programme_id)
        .where(col(StudyOpening.opened_on) >= since, col(StudyOpening.opened_on) < before)
        .group_by(col(StudyOpening.item_id))
    )
    return {item: int(count) for item, count in session.execute(query)}
