"""Programmes, their columns and items."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Programme, StudyColumn, StudyItem, StudyState
from qianli.errors import NotFound
from qianli.store.among import among


@dataclass(frozen=True)
class Shown:
    """An item with the column it stands in."""

    item: StudyItem
    column: StudyColumn


def find(session: Session, *, code: str) -> Programme | None:
    """The programme of this code."""
    return session.exec(select(Programme).where(Programme.code == code)).first()


def by_code(session: Session, *, code: str) -> Programme:
    """The same; NotFound if there is none."""
    if found := find(session, code=code):
        return found
    raise NotFound(f"没有代码为“{code}”的学习栏目，可用“programme list”查看。", programme=code)


def every(session: Session) -> list[Programme]:
    """All of them, by code."""
    return list(session.exec(select(Programme).order_by(col(Programme.code))))


def columns(session: Session, *, programme_id: int) -> list[StudyColumn]:
    """The columns of a programme in order."""
    query = select(StudyColumn).where(StudyColumn.programme_id == programme_id)
    return list(session.exec(query.order_by(col(StudyColumn.position), col(StudyColumn.id))))


def items(
    session: Session,
    *,
    programme_id: int,
    states: Collection[StudyState] = tuple(StudyState),
    since: date | None = None,
    before: date | None = None,
) -> list[Shown]:
    """Items by column, then by planned day; of these states and planned days."""
    query = (
        select(StudyItem, StudyColumn)
        .join(StudyColumn, col(StudyColumn.id) == col(StudyItem.column_id))
        .where(StudyColumn.programme_id == programme_id, col(StudyItem.state).in_(list(states)))
        .order_by(col(StudyColumn.position), col(StudyItem.planned_on), col(StudyItem.id))
    )
    if since:
        query = query.where(col(StudyItem.planned_on) >= since)
    if before:
        query = query.where(col(StudyItem.planned_on) < before)
    return [Shown(item, column) for item, column in session.exec(query)]


def published(
    session: Session, *, column_ids: Iterable[int], newest: int, skip: int = 0
) -> dict[int, list[tuple[int, str, date, datetime]]]:
    """Column → id, title, planned day and moment of its newest published items, the newest first; no texts are read."""
    place = sa.func.row_number().over(
        partition_by=col(StudyItem.column_id), order_by=(col(StudyItem.planned_on).desc(), col(StudyItem.id).desc())
    )
    wanted = (StudyItem.column_id, StudyItem.id, StudyItem.title, StudyItem.planned_on, StudyItem.published_at)
    inner = (
        sa.select(*map(col, wanted), place.label("place"))
        .where(among(StudyItem.column_id, column_ids), col(StudyItem.state) == StudyState.published)
        .subquery()
    )
    query = sa.select(inner).where(inner.c.place > skip, inner.c.place <= skip + newest).order_by(inner.c.place)
    found: dict[int, list[tuple[int, str, date, datetime]]] = {}
    for one in session.execute(query):
        found.setdefault(one.column_id, []).append((one.id, one.title, one.planned_on, one.published_at))
    return found


def shown(session: Session, *, programme_id: int, item_id: int) -> Shown | None:
    """One item, if it belongs to the programme."""
    query = (
        select(StudyItem, StudyColumn)
        .join(StudyColumn, col(StudyColumn.id) == col(StudyItem.column_id))
        .where(StudyColumn.programme_id == programme_id, StudyItem.id == item_id)
    )
    found = session.exec(query).first()
    return Shown(*found) if found else None


def add(session: Session, *, programme: Programme) -> Programme:
    """A new programme."""
    session.add(programme)
    session.flush()
    return programme


def add_columns(session: Session, *, rows: Sequence[StudyColumn]) -> None:
    """New columns, and those that were changed."""
    session.add_all(rows)
    session.flush()


def add_items(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """New items in one go."""
    if rows:
        session.execute(sa.insert(StudyItem), list(rows))


def change_items(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the columns given, by id."""
    if rows:
        session.execute(sa.update(StudyItem), list(rows))


def with_due(session: Session, *, on: date) -> list[int]:
    """Programmes with items whose day has come."""
    query = (
        sa.select(col(StudyColumn.programme_id))
        .join(StudyItem, col(StudyItem.column_id) == col(StudyColumn.id))
        .where(col(StudyItem.state) == StudyState.planned, col(StudyItem.planned_on) <= on)
        .distinct()
    )
    return sorted(session.execute(query).scalars())


def note_published(session: Session, *, ids: Collection[int], told: Collection[int], at: datetime) -> None:
    """When they were published, and which of them are to be made known."""
    quiet = {"synchronize_session": False}
    session.execute(
        sa.update(StudyItem).where(among(StudyItem.id, ids)).values(published_at=at), execution_options=quiet
    )
    announced = sa.update(StudyItem).where(among(StudyItem.id, told)).values(announce=True)
    session.execute(announced, execution_options=quiet)
