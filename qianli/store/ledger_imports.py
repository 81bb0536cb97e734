"""What each import of a ledger makes and changes, written down as it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import LedgerImport, LedgerImportMember, Member
from qianli.store import journal

LONGEST = 120


@dataclass(frozen=True)
class Was:
    """One member before an import: version after it, the columns it changed, addresses it confirmed."""

    member_id: int
    version: int
    columns: Mapping[str, Any]
    verified: Mapping[int, datetime | None]


@dataclass
class Log:
    """What one import does, written down as it goes; an import that changes nothing leaves no trace."""

    organisation_id: int = 0
    filename: str = ""
    at: datetime | None = None
    row: LedgerImport | None = field(default=None)
    added: int = 0
    highest: int = 0

    def _row(self, session: Session) -> LedgerImport:
        if self.row is None:
            self.row = LedgerImport(
                organisation_id=self.organisation_id,
                filename=self.filename[-LONGEST:],
                imported_at=self.at or journal.moment_of(session),
                imported_by=journal.actor_of(session),
            )
            session.add(self.row)
            session.flush()
        return self.row

    def made(self, session: Session, ids: Sequence[int]) -> None:
        """These members are new."""
        if ids:
            self.added, self.highest = self.added + len(ids), max(self.highest, *ids)
            self._write(session, [{"member_id": id_, "made": True, "version": 1} for id_ in ids])

    def changed(self, session: Session, was: Sequence[Was]) -> None:
        """These were so before."""
        rows = [
            {
                "member_id": one.member_id, "made": False, "version": one.version,
                "before": {name: _plain(value) for name, value in one.columns.items()},
                "verified": {str(id_): _plain(at) for id_, at in one.verified.items()},
            }
            for one in was
        ]  # fmt: skip
        if rows:
            self._write(session, rows)

    def _write(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        shared = {"import_id": self._row(session).key, "before": {}, "verified": {}}
        session.execute(sa.insert(LedgerImportMember), [{**shared, **row} for row in rows])

    def end(self, session: Session, *, changed: int, unchanged: int, rejected: int) -> None:
        """How it went on the whole."""
        if self.row is not None:
            self.row.added, self.row.highest_member_id = self.added, self.highest
            self.row.changed, self.row.unchanged, self.row.rejected = changed, unchanged, rejected
            session.add(self.row)
            session.flush()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def first_free(session: Session) -> int | None:
    """Where new members' ids begin, if those of members that were taken back would be given out again.

    SQLite gives the highest id out again once its row is deleted; row keys and the journal would speak of another.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    undone = sa.select(sa.func.max(col(LedgerImport.highest_member_id))).where(col(LedgerImport.undone_at).is_not(None))
    gone, top = session.execute(undone).scalar(), sa.select(sa.func.max(col(Member.id)))
    return int(gone) + 1 if gone and gone > (session.execute(top).scalar() or 0) else None


def delete_old(session: Session, *, before: datetime) -> None:
    """Forget what imports before then changed; they cannot be taken back any more."""
    old = sa.select(col(LedgerImport.id)).where(col(LedgerImport.imported_at) < before)
    gone = sa.delete(LedgerImportMember).where(col(LedgerImportMember.import_id).in_(old))
    session.execute(gone.execution_options(synchronize_session=False))
