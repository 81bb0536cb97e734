"""A programme's items on the console: a month of them, taking more in, and taking one off the pages."""

from dataclasses import dataclass
from datetime import date

from qianli.errors import NotFound
from qianli.programmes.schedule import month_of
from qianli.stages import programmes, study_importing, study_months
from qianli.stages.courier_files import FileResult
from qianli.stages.programme_pages import UNKNOWN
from qianli.stages.programmes import ItemView
from qianli.stages.unit import reading, today
from qianli.store import organisations
from qianli.store import programmes as store
from qianli.store.scope import Scope


@dataclass(frozen=True)
class ItemsPage:
    """A programme's columns, and the items of a month by day."""

    code: str
    name: str
    columns: list[str]
    month: date
    items: list[ItemView]


def look(scope: Scope, code: str, *, month: str = "") -> ItemsPage:
    """A month of a programme that this scope answers for; NotFound for one that belongs to somebody above it."""
    first, after = month_of(study_months.read_month(month) if month else today())
    with reading() as session:
        programme = store.find(session, code=code)
        own = None if scope.root_id is None else organisations.tree_ids(session, root_id=scope.root_id)
        if programme is None or (own is not None and programme.organisation_id not in own):
            raise NotFound(UNKNOWN)
        columns = [one.name for one in store.columns(session, programme_id=programme.key)]
        found = store.items(session, programme_id=programme.key, since=first, before=after)
        items = sorted(map(programmes.item_view, found), key=lambda one: (one.planned_on, one.id))
        return ItemsPage(programme.code, programme.name, columns, first, items)


def take_in(scope: Scope, code: str, content: bytes, *, filename: str, by: str) -> FileResult:
    """Take in what a file has, row by row."""
    look(scope, code)
    return study_importing.import_items(code, content, filename=filename, by=by)


def withdraw(scope: Scope, code: str, item_id: int, *, reason: str, by: str) -> bool:
    """Nobody sees the item from now on; False if it was withdrawn already."""
    look(scope, code)
    return programmes.withdraw(code, item_id, reason=reason, by=by)
