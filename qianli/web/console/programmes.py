"""Study programmes: what each holds, what members said and waits for the branch, the month, and whom to call."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import programme_pages, study_doors
from qianli.stages.signing_in import SignedIn
from qianli.state_words import STUDY
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET
from qianli.web.plain import plain

router = APIRouter()
HERE = "/console/programmes"
ONE = HERE + "/{code}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LINKS = {"Content-Disposition": 'attachment; filename="links.xlsx"'}
ACT = "calls"  # whoever calls members may read what they said


@router.api_route(HERE, methods=GET)
def every(who: Who) -> HTMLResponse:
    """The programmes that this organisation takes part in."""
    return console_page("programmes.html", who, programmes=programme_pages.listed(who.scope))


@router.api_route(ONE, methods=GET)
def look(code: str, who: Who, month: str = "") -> HTMLResponse:
    """One of them, with the month's sums."""
    try:
        return _page(code, who, month=month)
    except BadInput as error:
        return _page(code, who, status=422, wrong=error.message)


@router.post(ONE)
def act(code: str, who: Who, form: Form) -> HTMLResponse:
    """Let others of the group read what a member said, or put members on the list of calls."""
    programme_pages.look(who.scope, code, with_members=False)  # another tree's is not there, whatever is asked
    require(who, ACT)
    if "calls" in form:
        return _list(code, who, form["calls"], form.get("month", ""))
    return _release(code, who, form)


@router.post(ONE + "/page")
def door(code: str, who: Who, form: Form) -> Response:
    """Open or close the page of one's own organisation, or fetch each member's link to it."""
    programme_pages.look(who.scope, code, with_members=False)
    act = form.get("do", "")
    require(who, "export" if act == "links" else ACT)
    try:
        match act:
            case "open":
                study_doors.open_page(who.scope, code, by=who.actor)
                return _page(code, who, said="学习页面已经开设，把链接发到群里就行。")
            case "close":
                study_doors.close_page(who.scope, code, by=who.actor)
                return _page(code, who, said="已关闭，原来的链接不能用了；再开设就是新的链接。")
            case "links":
                content = study_doors.links(who.scope, code, by=who.actor)
                return Response(content, media_type=XLSX, headers=LINKS)
            case _:
                raise NotFound("没有这个选项。")
    except RuleBroken as error:
        return _page(code, who, status=409, wrong=plain(error.message))


def _list(code: str, who: SignedIn, whom: str, month: str) -> HTMLResponse:
    try:
        if whom == "silent":
            new = programme_pages.list_silent(who.scope, code, by=who.actor)
        else:
            new = programme_pages.list_calls(who.scope, code, month=month, by=who.actor)
    except NotFound as error:
        return _page(code, who, status=404, wrong=error.message)
    except BadInput as error:
        return _page(code, who, status=422, wrong=error.message)
    said = "已列入电话名单，在“打电话”页。" if new else "都在电话名单上了，或者这个月已经打过。"
    return _page(code, who, month=month, said=said)


def _release(code: str, who: SignedIn, form: Mapping[str, str]) -> HTMLResponse:
    try:
        chosen = int(form.get("contribution", "")[:9])
        new = programme_pages.release(who.scope, code, chosen, read=form.get("read", ""), by=who.actor)
    except (NotFound, ValueError):
        return _page(code, who, status=404, wrong="没有这篇发言，可能已经由本人撤回。")
    except RuleBroken as error:
        return _page(code, who, status=409, wrong=error.message)
    return _page(code, who, said="已公开，同组织的人在讨论页面上看得到。" if new else "早已公开。")


def _page(
    code: str, who: SignedIn, *, month: str = "", status: int = 200, said: str = "", wrong: str = ""
) -> HTMLResponse:
    page = programme_pages.look(who.scope, code, month=month, with_members=ACT in MAY[who.role])
    return console_page(
        "programme.html", who, status=status, page=page, may=ACT in MAY[who.role], states=STUDY, said=said, wrong=wrong
    )
