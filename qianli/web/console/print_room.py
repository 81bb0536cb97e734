"""The print room: runs and their files, what was spoiled and printed again, and whether it all adds up."""

import re

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qianli.documents.label_sizes import SIZES
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import console, label_sheets, print_room, reprinting
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/campaigns/{code}/print"
SEPARATORS = re.compile(r"[\s,，、;；]+")


@router.api_route(HERE, methods=GET)
def look(code: str, who: Who) -> HTMLResponse:
    """Every run, and the counts."""
    return _page(code, who)


def _page(code: str, who: SignedIn, *, status: int = 200, said: str = "", wrong: str = "") -> HTMLResponse:
    found = console.headed(who.scope, code)
    room = print_room.look(code)
    return console_page(
        "print_room.html",
        who,
        status=status,
        campaign=found,
        room=room,
        may="print" in MAY[who.role],
        words=words,
        said=said,
        wrong=words.plain(wrong),
        differences=[sentence for one in room.kinds if (sentence := print_room.difference(one))],
        per_sheet=SIZES[found.label_layout].per_sheet,
    )


@router.api_route(HERE + "/{number}.pdf", methods=GET)
def file(code: str, number: int, who: Who) -> Response:
    """The file of a run, for those who print."""
    campaign_id = console.campaign_id_of(who.scope, code)
    require(who, "print")
    name, content = print_room.file_of(campaign_id, number)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post(HERE + "/{verb}")
def act(code: str, verb: str, who: Who, form: Form) -> Response:
    """A run came out of the printer, sheets were spoiled or are printed again, a sheet of labels is begun."""
    if verb not in VERBS:
        raise NotFound("没有这一步。")
    console.campaign_id_of(who.scope, code)
    require(who, "print")
    try:
        said = VERBS[verb](code, form, who.actor)
    except (RuleBroken, BadInput) as error:
        return _page(code, who, status=409, wrong=error.message)
    if isinstance(said, reprinting.SpoilResult):
        return _spoiled(code, who, said)
    return RedirectResponse(HERE.format(code=code), status_code=303)


def _spoiled(code: str, who: SignedIn, result: reprinting.SpoilResult) -> Response:
    before = f"，另有 {len(result.already)} 份之前登记过" if result.already else ""
    said = f"登记了打坏 {len(result.spoiled)} 份{before}。" if result.spoiled or result.already else ""
    wrong = "；".join(f"{name}：{reason.rstrip('。')}" for name, reason in result.refused)
    return _page(code, who, status=409 if wrong else 200, said=said, wrong=wrong and f"{wrong}。")


def _number(form: dict[str, str], name: str, words_: str) -> int:
    text = form.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6):  # noqa: PLR2004 - no run or label has more
        raise BadInput(f"请填{words_}，写数字。")
    return int(text)


def _done(code: str, form: dict[str, str], by: str) -> None:
    reprinting.came_out(code, [_number(form, "run", "印次")], by=by)


def _spoil(code: str, form: dict[str, str], by: str) -> reprinting.SpoilResult:
    wanted = [one for one in SEPARATORS.split(form.get("wanted", "").strip()) if one]
    pages = form.get("pages", "").strip() or None
    return reprinting.spoil(
        code, _number(form, "run", "印次"), wanted, pages=pages, reason=form.get("reason", ""), by=by
    )


def _reprint(code: str, form: dict[str, str], by: str) -> None:
    asked = form.get("from_label", "").strip()
    reprinting.reprint(code, from_label=_number(form, "from_label", "起始张") if asked else None, by=by)


def _begin(code: str, form: dict[str, str], by: str) -> None:
    label_sheets.begin_on(code, _number(form, "from_label", "起始张"), by=by)


VERBS = {"done": _done, "spoil": _spoil, "reprint": _reprint, "begin": _begin}
