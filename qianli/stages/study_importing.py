"""Taking a programme's items in, with the pictures that lie beside the file."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from models import ArtefactKind, StudyColumn, StudyItem, StudyState, Subject
from qianli.documents.fonts import missing_characters
from qianli.ledger.fixit import RefusedRow, fix_file
from qianli.ledger.problems import RowProblem
from qianli.programmes.items import ItemRow, Items, read_items
from qianli.programmes.schedule import slot_after
from qianli.stages import study_pictures
from qianli.stages.artefacts import publish_artefact
from qianli.stages.calendar import calendar
from qianli.stages.courier_files import FileResult
from qianli.stages.unit import reading, today, writing
from qianli.store import journal
from qianli.store import programmes as store

FACES = ("text", "link", "picture", "audio")


def import_items(
    code: str, content: bytes, *, filename: str, beside: Callable[[str], bytes] = study_pictures.nothing, by: str
) -> FileResult:
    """Take items in: new ones are planned, planned ones are written anew, the same ones change nothing.

    A title that is published or withdrawn stays as it is: members may have read it. What names no day gets its
    column's next one. A picture is a link, or a file that `beside` reads by its name.
    """
    with reading() as session:
        names = [one.name for one in store.columns(session, programme_id=store.by_code(session, code=code).key)]
    found = read_items(content, filename=filename, columns=names)
    pictures = study_pictures.drawn(found, code, beside)
    refused = [*found.refused, *_unprintable(found), *pictures.refused]
    with writing(by) as session:
        programme = store.by_code(session, code=code)
        columns = {one.name: one for one in store.columns(session, programme_id=programme.key)}
        bad = {(one.sheet, one.row) for one in refused}
        there = {
            (one.column.name, one.item.title): one.item for one in store.items(session, programme_id=programme.key)
        }
        new, other, unchanged = list[dict[str, Any]](), list[dict[str, Any]](), 0
        for row in found.rows:
            if (row.sheet, row.row) in bad:
                continue
            known = there.get((row.column, row.title))
            values = {name: getattr(row, name) for name in FACES} | {"picture": pictures.shown(row)}
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
        study_pictures.declare(session, pictures)
        store.add_items(session, rows=new)
        store.change_items(session, rows=other)
        if count := len(new) + len(other):
            why = f"{programme.code}：{count} 篇"
            journal.note(session, subject=Subject.programme, ids=[programme.key], what="items imported", why=why)
    study_pictures.publish(pictures, by=by)
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
