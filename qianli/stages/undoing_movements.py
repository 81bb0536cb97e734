"""Imported lists of movements: what there were, what depends on one by now, and taking a whole one back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import MovementImport, ReportSide
from qianli.errors import NotFound, RuleBroken
from qianli.folding import HIGHEST_ID
from qianli.stages.actors import named
from qianli.stages.unit import now, reading, writing
from qianli.store import movement_imports as store
from qianli.store import organisations
from qianli.store.scope import Scope

EVERYTHING = Scope(None)
MOST_SHOWN = 50


@dataclass(frozen=True)
class Imported:
    """One list as people see it; `depends` says what stands in the way of taking it back, if anything does."""

    id: int
    organisation: str
    side: ReportSide
    filename: str
    at: datetime
    by: str
    added: int
    unchanged: int
    corrected: int
    rejected: int
    undone_at: datetime | None
    depends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Undone:
    """How many reports are gone again; `already` if it was taken back earlier."""

    id: int
    gone: int = 0
    already: bool = False


def list_imports(scope: Scope = EVERYTHING, *, organisation: str | None = None) -> list[Imported]:
    """Lists that reported something new, newest first; of an organisation and below it, if told."""
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
    """Take a whole list back; RuleBroken, saying what depends on it, and nothing is changed, if anything does."""
    with writing(by) as session:
        row = _found(session, scope, import_id)
        if row.undone_at is not None:
            return Undone(import_id, already=True)
        whom = store.lock_reports(session, import_id=import_id)
        if said := _depends(session, row):
            raise RuleBroken(f"这份名单不能撤销：{'；'.join(said)}。请逐份采用或不采用。", import_id=import_id)
        return Undone(import_id, store.take_back(session, row, member_ids=whom, at=now()))


def _found(session: Session, scope: Scope, import_id: int) -> MovementImport:
    row = store.lock(session, scope, import_id=import_id) if 0 < import_id <= HIGHEST_ID else None
    if row is None:
        raise NotFound(f"没有编号为 {import_id} 的流动名单，或者它不属于您的组织；可用“movement imports”查看。")
    return row


def _depends(session: Session, row: MovementImport) -> tuple[str, ...]:
    there, settled, paired, cases = store.depending(session, import_id=row.key)
    counts = (
        (row.added - there, "份报告已经不在"),
        (row.corrected, "份以前的报告因它作了更正"),
        (settled, "份报告已经定下或作了更正"),
        (paired, "份报告已与另一方的对上"),
        (cases, "份报告列过问题"),
    )
    return tuple(f"{count} {words}" for count, words in counts if count)


def _shown(row: MovementImport, organisation: str, by: str, depends: tuple[str, ...] = ()) -> Imported:
    return Imported(
        row.key, organisation, row.side, row.filename, row.imported_at, by, row.added, row.unchanged, row.corrected,
        row.rejected, row.undone_at, depends,
    )  # fmt: skip
