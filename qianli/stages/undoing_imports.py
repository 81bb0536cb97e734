"""Imports of ledgers: what there were, what depends on one by now, and taking a whole one back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import LedgerImport
from qianli.errors import NotFound, RuleBroken
from qianli.folding import HIGHEST_ID
from qianli.stages.actors import named
from qianli.stages.unit import now, reading, writing
from qianli.store import ledger_imports as store
from qianli.store import organisations
from qianli.store.scope import Scope

EVERYTHING = Scope(None)
MOST_SHOWN = 50
MOST_NAMED = 10
FORGOTTEN = "导入已经太久，当时改了什么已按期清除，不能再撤销"
#: Table → what it means that a row of it points there.
MEANS = {
    "consignment": "列入了寄送活动",
    "snapshot": "按这些内容准备过寄送",
    "hold": "因登记去世停下了寄送",
    "movement": "有了流动报告",
    "participation": "登记过参加活动",
    "member_merge": "合并过记录",
    "distinct_members": "注明过是两个人",
    "outcome": "地址上有过寄送结果",
    "member": "有别的记录并入",
}


@dataclass(frozen=True)
class Imported:
    """One import as people see it; `depends` says what stands in the way of taking it back, if anything does."""

    id: int
    organisation: str
    filename: str
    at: datetime
    by: str
    added: int
    changed: int
    unchanged: int
    rejected: int
    undone_at: datetime | None
    depends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Undone:
    """How many members are gone again, and how many are as before; `already` if it was taken back earlier."""

    id: int
    gone: int = 0
    restored: int = 0
    already: bool = False


def list_imports(scope: Scope = EVERYTHING, *, organisation: str | None = None) -> list[Imported]:
    """Imports that changed something, newest first; of an organisation and below it, if told."""
    with reading() as session:
        if organisation is not None:
            scope = Scope(organisations.by_name(session, name=organisation).key)
        found = store.listed(session, scope, most=MOST_SHOWN)
        people = named(session, [one.imported_by for one, _ in found])
        return [_shown(one, name, people[one.imported_by]) for one, name in found]


def look(scope: Scope, import_id: int) -> Imported:
    """One of them, with what depends on it."""
    with reading() as session:
        row = _found(session, scope, import_id)
        name = organisations.name_of(session, organisation_id=row.organisation_id)
        who = named(session, [row.imported_by])[row.imported_by]
        return _shown(row, name, who, () if row.undone_at else _depends(session, row))


def undo(import_id: int, *, scope: Scope = EVERYTHING, by: str) -> Undone:
    """Take a whole import back; RuleBroken, saying what depends on it, and nothing is changed, if anything does."""
    with writing(by) as session:
        row = _found(session, scope, import_id)
        if row.undone_at is not None:
            return Undone(import_id, already=True)
        store.lock_members(session, import_id=import_id)
        if said := _depends(session, row):
            raise RuleBroken(f"这次导入不能撤销：{'；'.join(said)}。请逐人更正。", import_id=import_id)
        return Undone(import_id, *store.take_back(session, row, at=now()))


def _found(session: Session, scope: Scope, import_id: int) -> LedgerImport:
    row = store.lock(session, scope, import_id=import_id) if 0 < import_id <= HIGHEST_ID else None
    if row is None:
        raise NotFound(f"没有编号为 {import_id} 的导入，或者它不属于您的组织；可用“ledger imports”查看。")
    return row


def _depends(session: Session, row: LedgerImport) -> tuple[str, ...]:
    if not store.is_remembered(session, import_id=row.key):
        return (FORGOTTEN,)
    said = []
    if later := store.changed_since(session, import_id=row.key):
        some = "、".join(map(str, later[:MOST_NAMED])) + ("等" if len(later) > MOST_NAMED else "")
        said.append(f"{len(later)} 人之后又改过或已合并（编号 {some}）")
    said += [f"{count} 处{MEANS.get(name, '有别的记录用到')}" for name, count in store.depending(session, row).items()]
    return tuple(said)


def _shown(row: LedgerImport, organisation: str, by: str, depends: tuple[str, ...] = ()) -> Imported:
    return Imported(
        row.key, organisation, row.filename, row.imported_at, by, row.added, row.changed, row.unchanged,
        row.rejected, row.undone_at, depends,
    )  # fmt: skip
