"""What members say in a programme's discussions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Contribution, Member, StudyColumn, StudyItem
from qianli.store.among import among
from qianli.store.study import of_group


@dataclass(frozen=True)
class Said:
    """A contribution and who made it."""

    row: Contribution
    name: str
    organisation_id: int


def of_member(session: Session, *, item_id: int, member_id: int, lock: bool = False) -> Contribution | None:
    """What a member said to a discussion; with `lock` nobody releases or changes it until the transaction ends."""
    query = select(Contribution).where(Contribution.item_id == item_id, Contribution.member_id == member_id)
    return session.exec(query.with_for_update() if lock else query).first()


def said(
    session: Session,
    *,
    programme_id: int,
    organisation_id: int | None = None,
    item_id: int | None = None,
    released: bool | None = None,
    lock: bool = False,
) -> list[Said]:
    """What members of this organisation and below said, oldest first; of one item, released or not, if so asked.

    With `lock` nobody writes theirs anew until the transaction ends.
    """
    query = _of_programme(programme_id)
    if organisation_id is not None:
        query = query.where(of_group(organisation_id))
    if item_id is not None:
        query = query.where(Contribution.item_id == item_id)
    if released is not None:
        moment = col(Contribution.released_at)
        query = query.where(moment.is_not(None) if released else moment.is_(None))
    if lock:
        query = query.with_for_update(of=Contribution)
    return [Said(row, name, home) for row, name, home in session.exec(query)]


def _of_programme(programme_id: int) -> Any:
    return (
        select(Contribution, Member.name, Member.organisation_id)
        .join(Member, col(Member.id) == col(Contribution.member_id))
        .join(StudyItem, col(StudyItem.id) == col(Contribution.item_id))
        .join(StudyColumn, col(StudyColumn.id) == col(StudyItem.column_id))
        .where(StudyColumn.programme_id == programme_id)
        .order_by(col(Contribution.written_at), col(Contribution.id))
    )


def released_to(
    session: Session,
    *,
    programme_id: int,
    organisation_id: int,
    item_id: int,
    but: int | None,
    after: tuple[datetime, int] | None,
    most: int,
) -> list[Said]:
    """What members of a group but one said to an item and everybody may read, oldest first, from a place on."""
    written_at, id_ = col(Contribution.written_at), col(Contribution.id)
    query = _of_programme(programme_id).where(
        Contribution.item_id == item_id, col(Contribution.released_at).is_not(None), of_group(organisation_id)
    )
    if but is not None:
        query = query.where(Contribution.member_id != but)
    if after is not None:
        query = query.where(sa.or_(written_at > after[0], sa.and_(written_at == after[0], id_ > after[1])))
    return [Said(row, name, home) for row, name, home in session.exec(query.limit(most))]


def write(session: Session, *, row: Contribution) -> None:
    """New, or written anew."""
    session.add(row)
    session.flush()


def drop(session: Session, *, row: Contribution) -> None:
    """The member takes it back."""
    session.delete(row)
    session.flush()


def release(session: Session, *, ids: Sequence[int], by: str, at: datetime) -> None:
    """Others may read these from now on."""
    update = sa.update(Contribution).where(among(Contribution.id, ids), col(Contribution.released_at).is_(None))
    session.execute(update.values(released_at=at, released_by=by), execution_options={"synchronize_session": False})


def forget(session: Session, *, before: datetime) -> None:
    """Delete what was said before then."""
    session.execute(sa.delete(Contribution).where(col(Contribution.written_at) < before))
