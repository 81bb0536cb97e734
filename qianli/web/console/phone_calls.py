"""All calls to make: who calls whom when, what came of it in one tap, and the sheets on paper."""

from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.folding import HIGHEST_ID, whole_number
from qianli.stages import call_outcomes, call_sheets, phone_calls
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/calls"
MOST_SHOWN = 100
PDF = {"Content-Disposition": 'attachment; filename="calls.pdf"', "Cache-Control": "no-store"}


@router.api_route(HERE, methods=GET)
def look(who: Who, campaign: str = "") -> HTMLResponse:
    """Whom to call, perhaps about one campaign; names and telephone numbers are for those who call."""
    require(who, "calls")
    return _page(who, campaign)


def _page(
    who: SignedIn, campaign: str, *, status: int = 200, said: str = "", wrong: str = "", address: str = "",
    call: int = 0,
) -> HTMLResponse:  # fmt: skip
    found = [one for one in phone_calls.listed(who.scope) if campaign in ("", one.campaign)]
    return console_page(
        "phone_calls.html",
        who,
        status=status,
        here=f"{HERE}?{urlencode({'campaign': campaign})}" if campaign else HERE,
        campaign=campaign,
        calls=found[:MOST_SHOWN],
        count=len(found),
        said=said,
        wrong=words.plain(wrong),
        address=address,
        again=call,
    )


@router.post(HERE)
def note(who: Who, form: Form, campaign: str = "") -> HTMLResponse:
    """What came of a call, or who makes it."""
    require(who, "calls")
    call, outcome = whole_number(form.get("call", ""), HIGHEST_ID), form.get("outcome", "")
    if call is None:
        raise NotFound("没有这个要打的电话，或者它不属于您的组织。")
    if outcome == "take":
        phone_calls.take(who.scope, call, user_id=who.user_id, by=who.actor)
        return _page(who, campaign, said="这个电话由您来打。")
    address = form.get("address", "")[:300]
    try:
        said = call_outcomes.note(
            who.scope, call, outcome, address=address, as_it_is="as_it_is" in form,
            tries=whole_number(form.get("tries", ""), 99), by=who.actor,
        )  # fmt: skip
    except ValueError as error:
        raise NotFound("没有这个选项。") from error
    except (BadInput, RuleBroken) as error:
        return _page(who, campaign, status=409, wrong=error.message, address=address, call=call)
    return _page(who, campaign, said=said)


@router.post(HERE + "/sheet")
def sheet(who: Who, form: Form) -> Response:
    """Today's calls on paper, a caller a sheet; one's own only, where asked."""
    require(who, "calls")
    try:
        made = call_sheets.sheets(who.scope, caller_id=who.user_id if "mine" in form else None)
    except BadInput as error:
        return _page(who, "", status=409, wrong=error.message)
    return Response(made.content, media_type="application/pdf", headers=PDF)
