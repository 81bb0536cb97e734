"""Study programmes: registering one, taking items in, withdrawing one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models import Programme, StudyColumn, StudyState, Subject
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.programmes.definition import ProgrammeDefinition, read_programme
from qianli.stages import study_notices
from qianli.stages.unit import now, reading, writing
from qianli.store import journal, organisations, transitions
from qianli.store import programmes as store
from qianli.store.programmes import Shown


@dataclass(frozen=True)
class AddedProgramme:
    """What `add` did; `added` and `changed` are false when this very programme was there already."""

    code: str
    name: str
    columns: int
    added: bool
    changed: bool


@dataclass(frozen=True)
class ProgrammeView:
    """A programme and how many of its items are where."""

    code: str
    name: str
    organisation: str
    columns: list[str]
    planned: int
    published: int


@dataclass(frozen=True)
class ItemView:
    """One item."""

    id: int
    column: str
    title: str
    planned_on: date
    state: StudyState
    announce: bool


def add(content: bytes, *, organisation: str, by: str) -> AddedProgramme:
    """Register a programme, or write its name and columns anew; columns that are gone from the file stay."""
    definition = read_programme(content)
    with writing(by) as session:
        owner = organisations.by_name(session, name=organisation)
        found = store.find(session, code=definition.code)
        if found and found.organisation_id != owner.key:
            raise RuleBroken(f"代码 {definition.code} 已经是别的组织的学习栏目，请换一个代码。")
        programme = found or store.add(
            session,
            programme=Programme(
                organisation_id=owner.key, code=definition.code, name=definition.name, created_at=now()
            ),
        )
        changed = _write_columns(session, programme, definition)
        ids, why = [programme.key], definition.code
        if found is None:
            journal.note(session, subject=Subject.programme, ids=ids, what="added", why=why)
        elif changed:
            journal.note(session, subject=Subject.programme, ids=ids, what="changed", why=why)
        return AddedProgramme(
            definition.code, definition.name, len(definition.columns), found is None, bool(found) and changed
        )


def _write_columns(session: Session, programme: Programme, definition: ProgrammeDefinition) -> bool:
    known = {one.name: one for one in store.columns(session, programme_id=programme.key)}
    changed = programme.name != definition.name
    programme.name = definition.name
    rows = []
    for position, one in enumerate(definition.columns):
        row = known.get(one.name) or StudyColumn(programme_id=programme.key, position=position, name=one.name)
        values = {"position": position, **one.model_dump(exclude={"name"})}
        if one.name not in known or any(getattr(row, name) != value for name, value in values.items()):
            rows.append(row)
            row.sqlmodel_update(values)
    store.add_columns(session, rows=rows)
    return changed or bool(rows)


def every() -> list[ProgrammeView]:
    """All programmes, by code."""
    with reading() as session:
        names = organisations.names(session)
        return [view(session, one, names) for one in store.every(session)]


def view(session: Session, programme: Programme, names: Mapping[int, str]) -> ProgrammeView:
    """One of them; `names` of organisations by id."""
    states = [one.item.state for one in store.items(session, programme_id=programme.key)]
    return ProgrammeView(
        programme.code,
        programme.name,
        names[programme.organisation_id],
        [one.name for one in store.columns(session, programme_id=programme.key)],
        states.count(StudyState.planned),
        states.count(StudyState.published),
    )


def items(code: str, *, state: StudyState | None = None) -> list[ItemView]:
    """A programme's items by column and day."""
    with reading() as session:
        programme = store.by_code(session, code=code)
        states = [state] if state else list(StudyState)
        return [item_view(one) for one in store.items(session, programme_id=programme.key, states=states)]


def item_view(shown: Shown) -> ItemView:
    """One of them."""
    item = shown.item
    return ItemView(item.key, shown.column.name, item.title, item.planned_on, item.state, item.announce)


def withdraw(code: str, item_id: int, *, reason: str, by: str) -> bool:
    """Nobody sees the item from now on, and what waits does not tell of it; what members marked stays theirs.

    False if it was withdrawn already.
    """
    if not reason.strip():
        raise BadInput("请写明为什么撤下。")
    with writing(by) as session:
        programme = store.by_code(session, code=code)
        found = store.shown(session, programme_id=programme.key, item_id=item_id)
        if found is None:
            raise NotFound(f"{code} 里没有编号为 {item_id} 的内容，可用“programme items {code}”查看。")
        gone = transitions.study_items(session, [item_id], StudyState.withdrawn)
        if gone:
            why = f"编号 {item_id}：{reason.strip()}"[:300]
            journal.note(session, subject=Subject.programme, ids=[programme.key], what="withdrawn", why=why)
            study_notices.forget_item(session, programme, item_id, now())
        return bool(gone)
