"""Plain lists: looked through, narrowed, edited row by row, taken along as a spreadsheet.

What is typed into the search field goes by POST: names and telephone numbers do not belong into addresses and logs.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from qianli.errors import BadInput, RuleBroken
from qianli.stages import lists
from qianli.stages.listing import Asks, File
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.consignments import WHOLE
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/lists/{name}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Where a row's link leads.
LINKS = {
    "members": "/console/members/{}",
    "residences": "/console/members/{}",
    "movements": "/console/members/{}",
    "duplicates": "/console/members/{}",
    "campaigns": "/console/campaigns/{}",
    "cases": "/console/{}",
    "messages": "/console/consignments/{}",
}


def asks(who: SignedIn) -> Asks:
    """Who asks, as the lists need it."""
    return Asks(who.scope, who.role in WHOLE, who.actor, who.user_id)


@router.api_route("/console/more", methods=GET)
def more(who: Who) -> HTMLResponse:
    """Every list there is for whoever asks."""
    found = {name: one for name, one in lists.NOUNS.items() if not one.everywhere or who.scope.root_id is None}
    return console_page("more.html", who, nouns=found, calls="calls" in MAY[who.role])


@router.api_route(HERE, methods=GET)
def begin(name: str, who: Who, request: Request) -> HTMLResponse:
    """The list from its beginning, perhaps narrowed by a choice."""
    chosen = {key: value for key, value in request.query_params.items() if key != "text"}
    return _page(who, name, chosen)


@router.post(HERE)
def look(name: str, who: Who, form: Form) -> HTMLResponse:
    """What was looked for, and the pages behind the first."""
    return _page(who, name, form)


@router.post(HERE + "/export")
def export(name: str, who: Who, form: Form) -> Response:
    """All of it as a spreadsheet."""
    lists.noun(asks(who), name)
    require(who, "export")
    content = lists.export(asks(who), name, lists.sought(asks(who), name, form))
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


@router.post(HERE + "/{key}/{verb}")
def act(name: str, key: int, verb: str, who: Who, form: Form) -> Response:
    """Do something with a row, and look at the list again; or take a paper along."""
    one = lists.noun(asks(who), name)
    if verb not in one.acts:
        return _page(who, name, form, status=404, wrong="没有这一步。")
    require(who, one.acts[verb].may)
    try:
        said = lists.act(asks(who), name, verb, key, form)
    except (BadInput, RuleBroken) as error:
        return _page(who, name, form, status=409, wrong=words.plain(error.message))
    if isinstance(said, File):
        headers = {"Content-Disposition": f'attachment; filename="{said.name}"'}
        return Response(said.content, media_type="application/pdf", headers=headers)
    return _page(who, name, form, said=said)


def _page(
    who: SignedIn, name: str, form: Mapping[str, str], *, status: int = 200, said: str = "", wrong: str = ""
) -> HTMLResponse:
    one = lists.noun(asks(who), name)
    what = lists.sought(asks(who), name, form)
    return console_page(
        "list.html",
        who,
        status=status,
        here=HERE.format(name=name),
        noun=one,
        what=what,
        found=lists.look(asks(who), name, what),
        may={verb for verb, each in one.acts.items() if each.may in MAY[who.role]},
        may_export="export" in MAY[who.role],
        link=LINKS.get(name, ""),
        said=said,
        wrong=wrong,
    )
