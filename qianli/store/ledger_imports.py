"""What each import of a ledger made and changed, what depends on that by now, and taking it back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Consignment,
    Hold,
    HoldReason,
    LedgerImport,
    LedgerImportMember,
    Member,
    Organisation,
    Residence,
    Snapshot,
    Subject,
)
from models.base import metadata
from qianli.store import edits, journal, residences
from qianli.store.scope import Scope

LONGEST = 120
WHY = "撤销导入 {id}"


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


def listed(session: Session, scope: Scope, *, most: int) -> list[tuple[LedgerImport, str]]:
    """Imports into these organisations with their names, newest first."""
    query = (
        select(LedgerImport, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(LedgerImport.organisation_id))
        .where(scope.covers(LedgerImport.organisation_id))
        .order_by(col(LedgerImport.id).desc())
        .limit(most)
    )
    return [(one, name) for one, name in session.exec(query)]


def lock(session: Session, scope: Scope, *, import_id: int) -> LedgerImport | None:
    """One of them, kept from others until the transaction ends."""
    query = select(LedgerImport).where(LedgerImport.id == import_id, scope.covers(LedgerImport.organisation_id))
    return session.exec(query.with_for_update()).first()


def lock_members(session: Session, *, import_id: int) -> None:
    """Let nobody change or point to its members until the transaction ends."""
    query = sa.select(col(Member.id)).where(col(Member.id).in_(_mine(import_id))).order_by(col(Member.id))
    session.execute(query.with_for_update()).all()


def _mine(import_id: int, *, made: bool | None = None) -> Any:
    query = sa.select(col(LedgerImportMember.member_id)).where(col(LedgerImportMember.import_id) == import_id)
    return query if made is None else query.where(col(LedgerImportMember.made).is_(made))


def _added(row: LedgerImport) -> Any:
    return sa.select(col(Residence.id)).where(
        col(Residence.member_id).in_(_mine(row.key)), col(Residence.recorded_at) == row.imported_at
    )


def is_remembered(session: Session, *, import_id: int) -> bool:
    """Whether what it did is still known."""
    return session.execute(_mine(import_id).limit(1)).first() is not None


def changed_since(session: Session, *, import_id: int) -> list[int]:
    """Members of it that were changed, merged or deleted afterwards."""
    query = (
        sa.select(col(LedgerImportMember.member_id))
        .outerjoin(Member, col(Member.id) == col(LedgerImportMember.member_id))
        .where(
            col(LedgerImportMember.import_id) == import_id,
            sa.or_(
                col(Member.id).is_(None),
                col(Member.version) != col(LedgerImportMember.version),
                col(Member.merged_into_id).is_not(None),
            ),
        )
        .order_by(col(LedgerImportMember.member_id))
    )
    return list(session.execute(query).scalars())


def depending(session: Session, row: LedgerImport) -> dict[str, int]:
    """Table → rows that point to a member it made or an address it recorded, or were made from what it changed."""
    found: dict[str, int] = {}
    targets = {"member": _mine(row.key, made=True), "residence": _added(row)}
    own = {"residence": "member_id"}
    for table in metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.column.table.name
                if target in targets and own.get(table.name) != column.name:
                    _count(session, found, table.name, sa.select(sa.func.count()).where(column.in_(targets[target])))
    later = sa.and_(col(Snapshot.member_id).in_(_mine(row.key)), col(Snapshot.made_at) >= row.imported_at)
    _count(session, found, "snapshot", sa.select(sa.func.count()).select_from(Snapshot).where(later))
    owed = sa.select(sa.func.count()).join(Consignment, col(Consignment.id) == col(Hold.consignment_id))
    stopped = owed.select_from(Hold).where(
        col(Consignment.member_id).in_(_mine(row.key)), col(Hold.reason) == HoldReason.deceased,
        col(Hold.opened_at) >= row.imported_at, col(Hold.cleared_at).is_(None),
    )  # fmt: skip
    _count(session, found, "hold", stopped)
    return found


def _count(session: Session, found: dict[str, int], name: str, query: Any) -> None:
    if number := int(session.execute(query).scalar_one()):
        found[name] = max(found.get(name, 0), number)


def take_back(session: Session, row: LedgerImport, *, at: datetime) -> tuple[int, int]:
    """Undo it; nothing depends on it. The answer is how many members are gone, and how many are as before."""
    everybody = select(LedgerImportMember).where(LedgerImportMember.import_id == row.key)
    them = list(session.exec(everybody.order_by(col(LedgerImportMember.member_id))))
    made, others = [one.member_id for one in them if one.made], [one for one in them if not one.made]
    _run(session, sa.delete(Residence).where(col(Residence.id).in_(_added(row))))
    again = sa.and_(col(Residence.member_id).in_(_mine(row.key)), col(Residence.superseded_at) == row.imported_at)
    _run(session, sa.update(Residence).where(again).values(superseded_at=None))
    checked = {int(id_): _instant(when) for one in others for id_, when in one.verified.items()}
    residences.confirm_all(session, verified_at=checked)
    edits.claim(session, Member, versions={one.member_id: one.version for one in others})
    _restore(session, others, at)
    _stand_again(session, row, others)
    _run(session, sa.delete(Member).where(col(Member.id).in_(_mine(row.key, made=True))))
    row.undone_at, row.undone_by = at, journal.actor_of(session)
    session.add(row)
    why = WHY.format(id=row.key)
    journal.note(session, subject=Subject.member, ids=[one.member_id for one in them], what="import undone", why=why)
    journal.note(session, subject=Subject.organisation, ids=[row.organisation_id], what="import undone", why=why)
    return len(made), len(others)


def _restore(session: Session, them: Sequence[LedgerImportMember], at: datetime) -> None:
    """Write the columns back as they were: those of whom the same columns changed go together."""
    alike = defaultdict[tuple[str, ...], list[dict[str, Any]]](list)
    for one in them:
        values = {name: _typed(name, value) for name, value in one.before.items()}
        alike[tuple(sorted(values))].append({"id": one.member_id, "updated_at": at, **values})
    for rows in alike.values():
        session.execute(sa.update(Member), rows)


def _stand_again(session: Session, row: LedgerImport, them: Sequence[LedgerImportMember]) -> None:
    """Imports before this one are what these members are as now: they can be taken back next."""
    query = sa.select(col(LedgerImportMember.id), col(LedgerImportMember.member_id), col(LedgerImportMember.version))
    earlier = query.where(
        col(LedgerImportMember.member_id).in_(_mine(row.key, made=False)), col(LedgerImportMember.import_id) < row.key
    )
    after = {one.member_id: one.version for one in them}
    next_ = [
        {"id": id_, "version": version + 2}
        for id_, member_id, version in session.execute(earlier)
        if version == after[member_id] - 1
    ]
    if next_:
        session.execute(sa.update(LedgerImportMember), next_)


def _run(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))


def _typed(name: str, value: Any) -> Any:
    is_day = isinstance(metadata.tables["member"].columns[name].type, sa.Date)
    return date.fromisoformat(value) if is_day and value is not None else value


def _instant(written: Any) -> datetime | None:
    return datetime.fromisoformat(written) if written is not None else None


def delete_old(session: Session, *, before: datetime) -> None:
    """Forget what imports before then changed; they cannot be taken back any more."""
    old = sa.select(col(LedgerImport.id)).where(col(LedgerImport.imported_at) < before)
    _run(session, sa.delete(LedgerImportMember).where(col(LedgerImportMember.import_id).in_(old)))
