"""The messages of a campaign: how far they are; sheets of those that people send by hand, and the results."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from qianli.errors import BadInput
from qianli.stages import console, hand_sheets, message_sheets
from qianli.stages.artefacts import fetch
from qianli.stages.signing_in import SignedIn
from qianli.web.console.frame import console_page
from qianli.web.console.uploads import Upload
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.pages import GET
from qianli.web.plain import plain

router = APIRouter()
HERE = "/console/campaigns/{code}/messages"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.api_route(HERE, methods=GET)
def look(code: str, who: Who) -> HTMLResponse:
    """How far they are."""
    return _page(code, who)


def _page(
    code: str, who: SignedIn, *, said: str = "", error: BadInput | None = None,
    results: message_sheets.Results | None = None,
) -> HTMLResponse:  # fmt: skip
    return console_page(
        "hand_sheets.html",
        who,
        status=422 if error else 200,
        campaign=console.headed(who.scope, code),
        seen=hand_sheets.look(who.scope, code),
        may="calls" in MAY[who.role],
        said=said,
        wrong=plain(error.message) if error else "",
        problems=[plain(one) for one in error.problems] if error else (),
        results=results,
    )


@router.post(HERE)
def make(code: str, who: Who, _form: Form) -> HTMLResponse:
    """Write what is due on a sheet: names and telephones are for those who call and send."""
    console.campaign_id_of(who.scope, code)
    require(who, "calls")
    count = hand_sheets.make(who.scope, code, by=who.actor)
    return _page(code, who, said=f"{count} 条已列成表格，请在下面下载。" if count else "现在没有要人工发的消息。")


@router.post(HERE + "/results")
def results(code: str, who: Who, sent: Upload) -> HTMLResponse:
    """Take in what came back on a sheet."""
    console.campaign_id_of(who.scope, code)
    require(who, "calls")
    if not sent.content:
        return _page(code, who, error=BadInput("请先选好填了结果的表。"))
    try:
        done = hand_sheets.take(who.scope, code, sent.content, sent.filename, by=who.actor)
    except BadInput as error:
        return _page(code, who, error=error)
    return _page(code, who, results=done)


@router.api_route(HERE + "/{name}", methods=GET)
def sheet(code: str, name: str, who: Who) -> Response:
    """One of the sheets."""
    console.campaign_id_of(who.scope, code)
    require(who, "calls")
    content = hand_sheets.sheet(who.scope, code, name, fetch)
    headers = {"Content-Disposition": 'attachment; filename="messages.xlsx"', "Cache-Control": "no-store"}
    return Response(content, media_type=XLSX, headers=headers)
