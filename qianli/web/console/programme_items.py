"""A programme's items: taking a file in, and taking one off the pages."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qianli.errors import BadInput, NotFound
from qianli.folding import HIGHEST_ID, whole_number
from qianli.stages import programme_items
from qianli.stages.courier_files import FileResult
from qianli.stages.signing_in import SignedIn
from qianli.state_words import STUDY
from qianli.web.console.frame import console_page
from qianli.web.console.programmes import ONE
from qianli.web.console.uploads import Upload
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
ITEMS = ONE + "/items"
ACT = "import"
MOST_SHOWN = 200


@dataclass(frozen=True)
class _Came:
    """What came of the last act."""

    said: str = ""
    wrong: str = ""
    problems: tuple[str, ...] = ()
    done: FileResult | None = None


@router.api_route(ITEMS, methods=GET)
def look(code: str, who: Who, month: str = "") -> HTMLResponse:
    """A month of items."""
    try:
        return _page(code, who, month=month)
    except BadInput as error:
        return _page(code, who, status=422, came=_Came(wrong=error.message))


@router.post(ITEMS)
def take_in(code: str, who: Who, sent: Upload) -> HTMLResponse:
    """Take in what a file has; rows that are wrong are named with their reasons."""
    programme_items.look(who.scope, code)  # another tree's is not there, whatever is asked
    require(who, ACT)
    if not sent.content:
        return _page(code, who, status=422, came=_Came(wrong="请选择一个文件（XLSX、CSV 或 Markdown）。"))
    try:
        done = programme_items.take_in(who.scope, code, sent.content, filename=sent.filename, by=who.actor)
    except BadInput as error:
        return _page(code, who, status=422, came=_Came(wrong=error.message, problems=tuple(error.problems)))
    return _page(code, who, came=_Came(done=done))


@router.post(ITEMS + "/withdraw")
def withdraw(code: str, who: Who, form: Form) -> HTMLResponse:
    """Take one off the pages, for a reason."""
    programme_items.look(who.scope, code)
    require(who, ACT)
    month = form.get("month", "")[:7]
    item = whole_number(form.get("item", ""), HIGHEST_ID)
    if item is None:
        raise NotFound("没有这一篇，请刷新页面再看。")
    try:
        gone = programme_items.withdraw(who.scope, code, item, reason=form.get("reason", "")[:200], by=who.actor)
    except BadInput as error:
        return _page(code, who, month=month, status=422, came=_Came(wrong=error.message))
    return _page(code, who, month=month, came=_Came(said="已撤下，页面上不再显示。" if gone else "早已撤下。"))


def _page(code: str, who: SignedIn, *, month: str = "", status: int = 200, came: _Came = _Came()) -> HTMLResponse:
    found = programme_items.look(who.scope, code, month=month)
    may = ACT in MAY[who.role]
    return console_page(
        "programme_items.html", who, status=status, page=found, may=may, states=STUDY, came=came, most=MOST_SHOWN
    )
