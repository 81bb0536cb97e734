"""What each imported list of movements reported, what depends on that by now, and taking it back."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models import Case, Movement, MovementImport, Organisation, Subject
from qianli.store import journal
from qianli.store.scope import Scope

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


def listed(session: Session, scope: Scope, *, most: int) -> Sequence[tuple[MovementImport, str]]:
    """Lists of these organisations with their names, newest first."""
    query = (
        select(MovementImport, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(MovementImport.organisation_id))
        .where(scope.covers(MovementImport.organisation_id))
        .order_by(col(MovementImport.id).desc())
        .limit(most)
    )
    return list(session.exec(query))


def lock(session: Session, scope: Scope, *, import_id: int) -> MovementImport | None:
    """One of them, kept from others until the transaction ends."""
    query = select(MovementImport).where(MovementImport.id == import_id, scope.covers(MovementImport.organisation_id))
    return session.exec(query.with_for_update()).first()


def lock_reports(session: Session, *, import_id: int) -> list[int]:
    """Let nobody settle or pair its reports until the transaction ends; whom they are about."""
    query = sa.select(col(Movement.member_id)).where(_mine(import_id)).order_by(col(Movement.id)).with_for_update()
    return sorted(set(session.execute(query).scalars()))


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


def take_back(session: Session, row: MovementImport, *, member_ids: Sequence[int], at: Any) -> int:
    """Delete its reports, on which nothing depends; how many."""
    gone = sa.delete(Movement).where(_mine(row.key)).returning(col(Movement.id))
    count = len(session.execute(gone.execution_options(synchronize_session=False)).all())
    row.undone_at, row.undone_by = at, journal.actor_of(session)
    session.add(row)
    why = WHY.format(id=row.key)
    journal.note(session, subject=Subject.member, ids=member_ids, what="movement import undone", why=why)
    journal.note(
        session, subject=Subject.organisation, ids=[row.organisation_id], what="movement import undone", why=why
    )
    return count


def _mine(import_id: int) -> Any:
    return col(Movement.import_id) == import_id


def _counted(condition: sa.ColumnElement[bool]) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
