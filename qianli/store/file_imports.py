"""Files that were imported, ledgers and lists of movements alike: finding them, and that one was taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from models import LedgerImport, MovementImport, Organisation, Subject
from qianli.store import journal
from qianli.store.scope import Scope

#: A file that was imported, by what was in it.
ImportT = TypeVar("ImportT", LedgerImport, MovementImport)


def listed(session: Session, table: type[ImportT], scope: Scope, *, most: int) -> list[tuple[ImportT, str]]:
    """Imports into these organisations with their names, newest first."""
    query = (
        select(table, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(table.organisation_id))
        .where(scope.covers(table.organisation_id))
        .order_by(col(table.id).desc())
        .limit(most)
    )
    return [(one, name) for one, name in session.exec(query)]


def lock(session: Session, table: type[ImportT], scope: Scope, *, import_id: int) -> ImportT | None:
    """One of them, kept from others until the transaction ends."""
    query = select(table).where(table.id == import_id, scope.covers(table.organisation_id))
    return session.exec(query.with_for_update()).first()


def mark_undone(
    session: Session,
    row: LedgerImport | MovementImport,
    *,
    what: str,
    why: str,
    member_ids: Sequence[int],
    at: datetime,
) -> None:
    """It is taken back; the journals of these members and of its organisation say so."""
    row.undone_at, row.undone_by = at, journal.actor_of(session)
    session.add(row)
    journal.note(session, subject=Subject.member, ids=member_ids, what=what, why=why)
    journal.note(session, subject=Subject.organisation, ids=[row.organisation_id], what=what, why=why)
