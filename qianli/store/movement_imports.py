"""What each imported list of movements reported, what depends on that by now, and taking it back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models import Case, Movement, MovementImport
from qianli.store import file_imports

WHY = "撤销流动名单 {id}"


def add(session: Session, row: MovementImport) -> int:
    """A list that is being imported; its id."""
    session.add(row)
    session.flush()
    return row.key


def forget(session: Session, row: MovementImport) -> None:
    """It reported nothing new, and leaves no trace."""
    session.delete(row)
    session.flush()


def lock_reports(session: Session, *, import_id: int) -> None:
    """Let nobody settle or pair its reports until the transaction ends."""
    query = sa.select(col(Movement.id)).where(_mine(import_id)).order_by(col(Movement.id))
    session.execute(query.with_for_update()).all()


def depending(session: Session, *, import_id: int) -> tuple[int, int, int, int]:
    """How many of its reports are there, are settled, are paired with another's, and are or were a case's subject."""
    other = aliased(Movement)
    paired = sa.or_(
        col(Movement.paired_with_id).is_not(None), sa.exists().where(col(other.paired_with_id) == col(Movement.id))
    )
    query = sa.select(
        sa.func.count(),
        _counted(col(Movement.settled_at).is_not(None)),
        _counted(paired),
        _counted(sa.exists().where(col(Case.movement_id) == col(Movement.id))),
    ).where(_mine(import_id))
    there, settled, with_another, cases = session.execute(query).one()
    return int(there), int(settled), int(with_another), int(cases)


def take_back(session: Session, row: MovementImport, *, at: datetime) -> int:
    """Delete its reports, on which nothing depends; how many."""
    gone = sa.delete(Movement).where(_mine(row.key)).returning(col(Movement.member_id))
    whom = list(session.execute(gone.execution_options(synchronize_session=False)).scalars())
    why = WHY.format(id=row.key)
    members = sorted(set(whom))
    file_imports.mark_undone(session, row, what="movement import undone", why=why, member_ids=members, at=at)
    return len(whom)


def _mine(import_id: int) -> Any:
    return col(Movement.import_id) == import_id


def _counted(condition: sa.ColumnElement[bool]) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
