"""Taking an imported file back, ledgers and lists of movements alike: what there were, one of them, and undoing it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from sqlmodel import Session

from qianli.errors import NotFound, RuleBroken
from qianli.folding import HIGHEST_ID
from qianli.stages.actors import named
from qianli.stages.unit import reading, writing
from qianli.store import file_imports as store
from qianli.store import organisations
from qianli.store.file_imports import ImportT
from qianli.store.scope import Scope

EVERYTHING = Scope(None)
MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One import as people see it; `depends` says what stands in the way of taking it back, if anything does."""

    id: int
    organisation: str
    filename: str
    at: datetime
    by: str
    added: int
    unchanged: int
    rejected: int
    undone_at: datetime | None
    depends: tuple[str, ...] = ()


ShownT = TypeVar("ShownT", bound=Imported)


@dataclass(frozen=True)
class Undone:
    """How much that it brought is gone again, how much is as before; `already` if it was taken back earlier."""

    id: int
    gone: int = 0
    restored: int = 0
    already: bool = False


class Undoing(ABC, Generic[ImportT, ShownT]):
    """One kind of import. What it is called, what depends on it and what taking it back means differ by kind."""

    table: type[ImportT]
    shown: type[ShownT]
    #: What only this kind has: columns of the row and fields of what is shown.
    own: ClassVar[tuple[str, ...]]
    #: Refusals; the first is given the number, the second what depends on the import.
    unknown: ClassVar[str]
    refused: ClassVar[str]

    @abstractmethod
    def hold(self, session: Session, row: ImportT) -> None:
        """Let nobody come to depend on it until the transaction ends."""

    @abstractmethod
    def depends(self, session: Session, row: ImportT) -> tuple[str, ...]:
        """What depends on it, in words."""

    @abstractmethod
    def take_back(self, session: Session, row: ImportT) -> Undone:
        """Undo it; nothing depends on it."""

    def list_imports(self, scope: Scope = EVERYTHING, *, organisation: str | None = None) -> list[ShownT]:
        """Those that changed something, newest first; of an organisation and below it, if told."""
        with reading() as session:
            if organisation is not None:
                scope = Scope(organisations.by_name(session, name=organisation).key)
            found = store.listed(session, self.table, scope, most=MOST_SHOWN)
            people = named(session, [one.imported_by for one, _ in found])
            return [self._shown(one, name, people[one.imported_by]) for one, name in found]

    def look(self, scope: Scope, import_id: int) -> ShownT:
        """One of them, with what depends on it."""
        with reading() as session:
            row = self._found(session, scope, import_id)
            name = organisations.name_of(session, organisation_id=row.organisation_id)
            who = named(session, [row.imported_by])[row.imported_by]
            return self._shown(row, name, who, () if row.undone_at else self.depends(session, row))

    def undo(self, import_id: int, *, scope: Scope = EVERYTHING, by: str) -> Undone:
        """Take a whole one back; RuleBroken, saying what depends on it, and nothing is changed, if anything does."""
        with writing(by) as session:
            row = self._found(session, scope, import_id)
            if row.undone_at is not None:
                return Undone(import_id, already=True)
            self.hold(session, row)
            if said := self.depends(session, row):
                raise RuleBroken(self.refused.format(why="；".join(said)), import_id=import_id)
            return self.take_back(session, row)

    def _found(self, session: Session, scope: Scope, import_id: int) -> ImportT:
        is_one = 0 < import_id <= HIGHEST_ID
        row = store.lock(session, self.table, scope, import_id=import_id) if is_one else None
        if row is None:
            raise NotFound(self.unknown.format(id=import_id))
        return row

    def _shown(self, row: ImportT, organisation: str, by: str, depends: tuple[str, ...] = ()) -> ShownT:
        return self.shown(
            id=row.key, organisation=organisation, filename=row.filename, at=row.imported_at, by=by, added=row.added,
            unchanged=row.unchanged, rejected=row.rejected, undone_at=row.undone_at, depends=depends,
            **{name: getattr(row, name) for name in self.own},
        )  # fmt: skip
