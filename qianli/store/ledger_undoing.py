"""What depends by now on what an import of a ledger made and changed, and taking that back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Consignment, Hold, HoldReason, LedgerImport, LedgerImportMember, Member, Residence, Snapshot
from models.base import metadata
from qianli.store import edits, file_imports, residences

WHY = "撤销导入 {id}"


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
    why, whom = WHY.format(id=row.key), [one.member_id for one in them]
    file_imports.mark_undone(session, row, what="import undone", why=why, member_ids=whom, at=at)
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
