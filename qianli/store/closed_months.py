"""Months of programmes that are closed."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models import ClosedMonth, StudyColumn, StudyItem


def find(session: Session, *, programme_id: int, begins_on: date) -> ClosedMonth | None:
    """A closed month."""
    query = select(ClosedMonth).where(ClosedMonth.programme_id == programme_id, ClosedMonth.begins_on == begins_on)
    return session.exec(query).first()


def begun(session: Session) -> dict[int, tuple[datetime, list[date]]]:
    """Programmes that published something → since when, and the months that are closed."""
    first = (
        sa.select(col(StudyColumn.programme_id), sa.func.min(col(StudyItem.published_at)))
        .join(StudyItem, col(StudyItem.column_id) == col(StudyColumn.id))
        .where(col(StudyItem.published_at).is_not(None))
        .group_by(col(StudyColumn.programme_id))
    )
    found: dict[int, tuple[datetime, list[date]]] = {id_: (at, []) for id_, at in session.execute(first)}
    for id_, begins_on in session.execute(sa.select(col(ClosedMonth.programme_id), col(ClosedMonth.begins_on))):
        found[id_][1].append(begins_on)
    return found


def close(session: Session, *, row: dict[str, Any]) -> bool:
    """Write a month's numbers down once; False if somebody did already."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    adding = insert(ClosedMonth).on_conflict_do_nothing(index_elements=["programme_id", "begins_on"])
    return session.execute(adding.values(**row).returning(col(ClosedMonth.id))).first() is not None
