"""A campaign's round of asking for addresses: begun and ended from its page."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from models import RoundRule
from qianli.errors import BadInput, RuleBroken
from qianli.stages import address_rounds, console
from qianli.web.console.campaigns import journey_page
from qianli.web.console.who import Form, Who, require

router = APIRouter()


@router.post("/console/campaigns/{code}/round")
def act(code: str, who: Who, form: Form) -> Response:
    """Begin it, or end it before its last day."""
    console.campaign_id_of(who.scope, code)
    require(who, "prepare")
    try:
        if form.get("do") == "close":
            address_rounds.close(code, by=who.actor)
        else:
            address_rounds.ask(code, until=_day(form.get("until", "")), rule=_rule(form), by=who.actor)
    except (BadInput, RuleBroken) as error:
        return journey_page(code, who, status=409, wrong=error.message)
    return RedirectResponse(f"/console/campaigns/{code}", status_code=303)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise BadInput("请选一个截止日，如 2027-01-05。") from error


def _rule(form: dict[str, str]) -> RoundRule:
    try:
        return RoundRule(form.get("rule", ""))
    except ValueError as error:
        raise BadInput("请选一种办法：照寄、暂缓，或由本人所在的组织决定。") from error
