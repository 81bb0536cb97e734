"""Imported lists of movements: what depends on one by now, and what taking it back means."""

from dataclasses import dataclass

from sqlmodel import Session

from models import MovementImport, ReportSide
from qianli.stages.undoing import Imported, Undoing, Undone
from qianli.stages.unit import now
from qianli.store import movement_imports as store


@dataclass(frozen=True, kw_only=True)
class ImportedMovements(Imported):
    """A list, by who reported; `added` and `unchanged` count reports."""

    side: ReportSide
    corrected: int


class UndoingMovements(Undoing[MovementImport, ImportedMovements]):
    """Its reports are deleted, unless one of them is settled, paired, corrected or was a case's subject."""

    table, shown, own = MovementImport, ImportedMovements, ("side", "corrected")
    unknown = "没有编号为 {id} 的流动名单，或者它不属于您的组织；可用“movement imports”查看。"
    refused = "这份名单不能撤销：{why}。请逐份采用或不采用。"

    def hold(self, session: Session, row: MovementImport) -> None:
        """Let nobody settle or pair its reports."""
        store.lock_reports(session, import_id=row.key)

    def depends(self, session: Session, row: MovementImport) -> tuple[str, ...]:
        """Counts of reports."""
        there, settled, paired, cases = store.depending(session, import_id=row.key)
        counts = (
            (row.added - there, "份报告已经不在"),
            (row.corrected, "份以前的报告因它作了更正"),
            (settled, "份报告已经定下或作了更正"),
            (paired, "份报告已与另一方的对上"),
            (cases, "份报告列过问题"),
        )
        return tuple(f"{count} {words}" for count, words in counts if count)

    def take_back(self, session: Session, row: MovementImport) -> Undone:
        """Its reports are gone."""
        return Undone(row.key, store.take_back(session, row, at=now()))


MOVEMENTS = UndoingMovements()
