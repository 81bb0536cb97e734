"""Calls: whom to call and what to say, and in one tap what came of it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import calls, console
from qianli.stages.calls import Outcome
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import Form, Who, require
from qianli.web.pages import GET

router = APIRouter()
HERE = "/console/campaigns/{code}/calls"
MOST_SHOWN = 100


@router.api_route(HERE, methods=GET)
def look(code: str, who: Who) -> HTMLResponse:
    """Whom to call; names and telephone numbers are for those who call."""
    campaign = console.headed(who.scope, code)
    require(who, "calls")
    return _page(campaign, who)


def _page(
    campaign: console.Headed,
    who: SignedIn,
    *,
    status: int = 200,
    said: str = "",
    wrong: str = "",
    address: str = "",
    number: str = "",
) -> HTMLResponse:
    found = calls.listed(who.scope, campaign.code)
    return console_page(
        "calls.html",
        who,
        status=status,
        campaign=campaign,
        calls=found[:MOST_SHOWN],
        count=len(found),
        said=said,
        wrong=words.plain(wrong),
        address=address,
        number=number,
    )


@router.post(HERE)
def note(code: str, who: Who, form: Form) -> HTMLResponse:
    """What came of a call."""
    campaign = console.headed(who.scope, code)
    require(who, "calls")
    try:
        outcome = Outcome(form.get("outcome", ""))
    except ValueError as error:
        raise NotFound("没有这个选项。") from error
    number, address = form.get("number", "")[:60], form.get("address", "")[:300]
    try:
        said = calls.note(who.scope, code, number, outcome, address=address, as_it_is="as_it_is" in form, by=who.actor)
    except (BadInput, RuleBroken) as error:
        return _page(campaign, who, status=409, wrong=f"{number}：{error.message}", address=address, number=number)
    return _page(campaign, who, said=said)
