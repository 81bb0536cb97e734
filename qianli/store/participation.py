"""What members took part in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Participation
from qianli.store.among import among

Key = tuple[int, date, str]


def known(session: Session, *, member_ids: Sequence[int]) -> dict[Key, Participation]:
    """Member, day and activity → what is recorded, of these members."""
    query = select(Participation).where(among(Participation.member_id, member_ids))
    return {(one.member_id, one.held_on, one.activity): one for one in session.exec(query)}


def of_member(session: Session, *, member_id: int) -> list[Participation]:
    """Everything one member took part in, the latest first."""
    query = select(Participation).where(Participation.member_id == member_id)
    return list(session.exec(query.order_by(col(Participation.held_on).desc(), col(Participation.id))))


def add_all(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add them in one go; none may be recorded already."""
    if rows:
        session.execute(sa.insert(Participation), list(rows))


def change_all(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `how` of those that were recorded otherwise, by id."""
    if rows:
        session.execute(sa.update(Participation), list(rows))
