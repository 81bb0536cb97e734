"""Importing a ledger: first what would happen, then the good rows; the others come back with their reasons."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger.columns import DETAILS, FACTS, MAIN, NAME
from qianli.stages import console, uploads
from qianli.stages.importing import ImportResult, import_members, preview_members
from qianli.stages.signing_in import SignedIn
from qianli.stages.undoing import Imported, Undoing
from qianli.stages.undoing_ledgers import LEDGERS, ImportedLedger
from qianli.stages.undoing_movements import MOVEMENTS, ImportedMovements
from qianli.state_words import SIDE
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.uploads import Upload
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/imports"
MADE = HERE + "/made/{import_id}"
MOVED = HERE + "/movements/{import_id}"
PAGES = {ImportedLedger: "import_made.html", ImportedMovements: "import_moved.html"}
MOST_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMN = "c:"
#: Column → its usual title, for the list to choose from.
COLUMNS = {name: titles[0] for name, titles in (MAIN | FACTS | DETAILS).items()}


@router.api_route(HERE, methods=GET)
def begin(who: Who) -> HTMLResponse:
    """Which file, and whose members."""
    return _begin(who)


def _begin(who: SignedIn, *, wrong: BadInput | None = None, status: int = 200) -> HTMLResponse:
    return console_page(
        "import_begin.html",
        who,
        status=status,
        may="import" in MAY[who.role],
        branches=console.branches(who.scope),
        wrong=wrong.message if wrong else "",
        details=wrong.problems if wrong else (),
        imports=LEDGERS.list_imports(who.scope),
        lists=MOVEMENTS.list_imports(who.scope),
        sides=SIDE,
    )


@router.api_route(MADE, methods=GET)
def made(import_id: int, who: Who) -> HTMLResponse:
    """One import there was, and whether it can be taken back."""
    return _there(who, LEDGERS.look(who.scope, import_id))


@router.post(MADE + "/undo")
def undo(import_id: int, who: Who, _form: Form) -> Response:
    """Take it back, or say what depends on it."""
    return _undone(who, LEDGERS, import_id, back=MADE)


@router.api_route(MOVED, methods=GET)
def moved(import_id: int, who: Who) -> HTMLResponse:
    """One list of movements there was, and whether it can be taken back."""
    return _there(who, MOVEMENTS.look(who.scope, import_id))


@router.post(MOVED + "/undo")
def undo_moved(import_id: int, who: Who, _form: Form) -> Response:
    """Take it back, or say what depends on it."""
    return _undone(who, MOVEMENTS, import_id, back=MOVED)


def _there(who: SignedIn, found: Imported, *, wrong: str = "") -> HTMLResponse:
    status, template = 409 if wrong else 200, PAGES[type(found)]
    may = "import" in MAY[who.role]
    return console_page(template, who, status=status, made=found, may=may, sides=SIDE, wrong=wrong)


def _undone(who: SignedIn, kind: Undoing[Any, Any], import_id: int, *, back: str) -> Response:
    found = kind.look(who.scope, import_id)
    require(who, "import")
    try:
        kind.undo(import_id, scope=who.scope, by=who.actor)
    except RuleBroken as error:
        return _there(who, found, wrong=words.plain(error.message))
    return RedirectResponse(back.format(import_id=import_id), status_code=303)


@router.post(HERE)
def look(who: Who, sent: Upload) -> HTMLResponse:
    """What importing this file would do."""
    require(who, "import")
    organisation = console.require_branch(who.scope, sent.fields.get("organisation", ""))
    if not sent.content:
        return _begin(who, wrong=BadInput("请选择一个文件（XLSX 或 CSV）。"), status=422)
    token = uploads.keep(sent.content, filename=sent.filename, user_id=who.user_id, by=who.actor)
    name = sent.fields.get("name_title", "").strip()[:60]
    return _preview(who, token, sent.filename, organisation, {name: NAME} if name else {})


def _preview(who: SignedIn, token: str, filename: str, organisation: str, titles: dict[str, str]) -> HTMLResponse:
    content = uploads.kept(token, user_id=who.user_id)
    try:
        found = preview_members(content, filename=filename, organisation=organisation, titles=titles)
    except BadInput as error:
        uploads.drop(token, user_id=who.user_id)
        return _begin(who, wrong=error, status=422)
    return console_page(
        "import_preview.html",
        who,
        token=token,
        filename=filename,
        organisation=organisation,
        result=found.result,
        columns=list({one.title: one for one in reversed(found.columns)}.values())[::-1],
        names=COLUMNS,
        prefix=COLUMN,
        most=MOST_SHOWN,
    )


@router.post(HERE + "/{token}")
def go_on(token: str, who: Who, form: Form) -> Response:
    """Look again with other columns, take the good rows in, get the others to mend them, or think better of it."""
    require(who, "import")
    organisation = console.require_branch(who.scope, form.get("organisation", ""))
    filename = form.get("filename", "")[:120]
    titles = {
        key.removeprefix(COLUMN): value
        for key, value in form.items()
        if key.startswith(COLUMN) and (value in COLUMNS or not value)
    }
    what = form.get("do", "")
    if what == "drop":
        uploads.drop(token, user_id=who.user_id)
        return RedirectResponse(HERE, status_code=303)
    if what == "look":
        return _preview(who, token, filename, organisation, titles)
    content = uploads.kept(token, user_id=who.user_id)
    if what == "mend":
        return _to_mend(content, filename, organisation, titles)
    if what != "accept":
        raise NotFound("没有这一步。")
    done = import_members(content, filename=filename, organisation=organisation, titles=titles, by=who.actor)
    return _done(who, token, filename, organisation, titles, done)


def _to_mend(content: bytes, filename: str, organisation: str, titles: dict[str, str]) -> Response:
    found = preview_members(content, filename=filename, organisation=organisation, titles=titles)
    if found.to_mend is None:
        raise NotFound("没有要改的行。")
    headers = {"Content-Disposition": 'attachment; filename="to-mend.xlsx"'}
    return Response(found.to_mend, media_type=XLSX, headers=headers)


def _done(
    who: SignedIn, token: str, filename: str, organisation: str, titles: dict[str, str], done: ImportResult
) -> HTMLResponse:
    return console_page(
        "import_done.html",
        who,
        token=token,
        filename=filename,
        organisation=organisation,
        titles={COLUMN + title: name for title, name in titles.items()},
        result=done,
    )
