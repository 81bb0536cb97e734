"""Imports of ledgers: what depends on one by now, and what taking it back means."""

from dataclasses import dataclass

from sqlmodel import Session

from models import LedgerImport
from qianli.stages.undoing import Imported, Undoing, Undone
from qianli.stages.unit import now
from qianli.store import ledger_undoing as store

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


@dataclass(frozen=True, kw_only=True)
class ImportedLedger(Imported):
    """A ledger; it counts members."""

    changed: int


class UndoingLedgers(Undoing[LedgerImport, ImportedLedger]):
    """New members are gone, changed ones as before, unless somebody changed or used what it brought."""

    table, shown, own = LedgerImport, ImportedLedger, ("changed",)
    unknown = "没有编号为 {id} 的导入，或者它不属于您的组织；可用“ledger imports”查看。"
    refused = "这次导入不能撤销：{why}。请逐人更正。"

    def hold(self, session: Session, row: LedgerImport) -> None:
        """Let nobody change or point to its members."""
        store.lock_members(session, import_id=row.key)

    def depends(self, session: Session, row: LedgerImport) -> tuple[str, ...]:
        """Members changed since, and places that use what it brought."""
        if not store.is_remembered(session, import_id=row.key):
            return (FORGOTTEN,)
        said = []
        if later := store.changed_since(session, import_id=row.key):
            some = "、".join(map(str, later[:MOST_NAMED])) + ("等" if len(later) > MOST_NAMED else "")
            said.append(f"{len(later)} 人之后又改过或已合并（编号 {some}）")
        said += [
            f"{count} 处{MEANS.get(name, '有别的记录用到')}" for name, count in store.depending(session, row).items()
        ]
        return tuple(said)

    def take_back(self, session: Session, row: LedgerImport) -> Undone:
        """Its members are gone or restored."""
        return Undone(row.key, *store.take_back(session, row, at=now()))


LEDGERS = UndoingLedgers()
