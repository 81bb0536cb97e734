"""Study programmes: registering one, taking items in, withdrawing one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from models import ArtefactKind, Programme, StudyColumn, StudyItem, StudyState, Subject
from qianli.documents.fonts import missing_characters
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger.fixit import RefusedRow, fix_file
from qianli.ledger.problems import RowProblem
from qianli.programmes.definition import ProgrammeDefinition, read_programme
from qianli.programmes.items import ItemRow, Items, read_items
from qianli.programmes.schedule import slot_after
from qianli.stages import study_notices
from qianli.stages.artefacts import publish_artefact
from qianli.stages.calendar import calendar
from qianli.stages.courier_files import FileResult
from qianli.stages.unit import now, reading, today, writing
from qianli.store import journal, organisations, transitions
from qianli.store import programmes as store

FACES = ("text", "link", "picture", "audio")


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


def import_items(code: str, content: bytes, *, filename: str, by: str) -> FileResult:
    """Take items in: new ones are planned, planned ones are written anew, the same ones change nothing.

    A title that is published or withdrawn stays as it is: members may have read it. What names no day gets its
    column's next one.
    """
    with writing(by) as session:
        programme = store.by_code(session, code=code)
        columns = {one.name: one for one in store.columns(session, programme_id=programme.key)}
        found = read_items(content, filename=filename, columns=columns)
        refused = [*found.refused, *_unprintable(found)]
        bad = {(one.sheet, one.row) for one in refused}
        there = {
            (one.column.name, one.item.title): one.item for one in store.items(session, programme_id=programme.key)
        }
        new, other, unchanged = list[dict[str, Any]](), list[dict[str, Any]](), 0
        for row in found.rows:
            if (row.sheet, row.row) in bad:
                continue
            known = there.get((row.column, row.title))
            values = {name: getattr(row, name) for name in FACES}
            if known is None:
                day = row.planned_on or _next_slot(columns[row.column], list(there.values()), new)
                new.append({
                    "column_id": columns[row.column].key, "title": row.title, **values, "planned_on": day,
                    "state": StudyState.planned, "announce": False,
                })  # fmt: skip
                continue
            values["planned_on"] = row.planned_on or known.planned_on
            if all(getattr(known, name) == value for name, value in values.items()):
                unchanged += 1
            elif known.state is StudyState.planned:
                other.append({"id": known.key, **values})
            else:
                refused.append(_settled(row, known))
        store.add_items(session, rows=new)
        store.change_items(session, rows=other)
        if count := len(new) + len(other):
            why = f"{programme.code}：{count} 篇"
            journal.note(session, subject=Subject.programme, ids=[programme.key], what="items imported", why=why)
    refused.sort(key=lambda one: (one.sheet, one.row))
    fix = _publish_refused(found, refused, by=by) if refused else None
    return FileResult(len(new) + len(other), unchanged, refused, [], fix)


def _unprintable(found: Items) -> list[RowProblem]:
    """Characters that no face of ours has would be missing from the printed reader."""
    problems = []
    for row in found.rows:
        for title, written in (("标题", row.title), ("正文", row.text)):
            if strange := missing_characters(written.replace("\n", "")):
                reason = f"有字库没有的字：{'、'.join(sorted(strange))}，请换一种写法"
                problems.append(RowProblem(row.sheet, row.row, title, reason))
    return problems


def _next_slot(column: StudyColumn, there: list[StudyItem], new: list[dict[str, Any]]) -> date:
    days = [one.planned_on for one in there if one.column_id == column.key and one.state is not StudyState.withdrawn]
    days += [one["planned_on"] for one in new if one["column_id"] == column.key]
    last = max([*days, today() - timedelta(days=1)])
    return slot_after(last, column.rhythm, column.holidays, calendar())


def _settled(row: ItemRow, known: StudyItem) -> RowProblem:
    word = "已经发布" if known.state is StudyState.published else "已经撤下"
    return RowProblem(row.sheet, row.row, "标题", f"同名的一篇{word}，不再改动；要改的请换一个标题")


def _publish_refused(found: Items, refused: list[RowProblem], *, by: str) -> str:
    reasons: dict[tuple[str, int], list[str]] = {}
    for one in refused:
        reasons.setdefault((one.sheet, one.row), []).append(f"{one.column}：{one.reason}")
    rows = [
        RefusedRow(sheet, row, dict(found.written[sheet, row]), tuple(said)) for (sheet, row), said in reasons.items()
    ]
    content = fix_file(rows)
    path = f"fix/study-{hashlib.sha256(content).hexdigest()[:12]}.xlsx"
    return publish_artefact(kind=ArtefactKind.fix_file, path=path, content=content, by=by)


def items(code: str, *, state: StudyState | None = None) -> list[ItemView]:
    """A programme's items by column and day."""
    with reading() as session:
        programme = store.by_code(session, code=code)
        states = [state] if state else list(StudyState)
        return [
            ItemView(
                one.item.key, one.column.name, one.item.title, one.item.planned_on, one.item.state, one.item.announce
            )
            for one in store.items(session, programme_id=programme.key, states=states)
        ]


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
