"""Several held consignments or cases at once, ticked on the campaign's page."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from models import CaseOutcome
from qianli.errors import BadInput, NotFound
from qianli.folding import HIGHEST_ID, whole_number
from qianli.stages import bulk, console
from qianli.stages.signing_in import SignedIn
from qianli.web.console.campaigns import journey_page
from qianli.web.console.who import Form, Who, require
from qianli.web.plain import plain

router = APIRouter()
HERE = "/console/campaigns/{code}"
HELD, CASE = "held_", "case_"
DONE = {
    bulk.WithHeld.verify: "记下了住址核实过的 {} 份。再点“再准备一次”，就可以寄了。",
    bulk.WithHeld.release: "注明了可以再寄的 {} 份。再点“再准备一次”，就可以寄了。",
    bulk.WithHeld.cancel: "已经取消 {} 人的，这次不再办。",
    bulk.WithCases.assign: "{} 件问题改了负责的组织。",
    bulk.WithCases.give: "{} 件问题定了由谁办。",
    bulk.WithCases.resolve: "办结了 {} 件问题。",
    bulk.WithCases.put_back: "{} 个包裹登记了退回入库；收件人转入暂缓，核实地址后再寄。",
    bulk.WithCases.write_off: "{} 个包裹登记了退回报损；收件人转入暂缓，核实地址后再寄。",
    bulk.WithCases.send_again: "{} 份已登记补寄。再点“编包裹、出单据”，就编进新包裹。",
}


def _ticked(form: dict[str, str], kind: str) -> list[str]:
    return [name.removeprefix(kind) for name in form if name.startswith(kind)]


@router.post(HERE + "/held")
def held(code: str, who: Who, form: Form) -> HTMLResponse:
    """One act with all the held ones that were ticked."""
    console.campaign_id_of(who.scope, code)
    require(who, "cases")
    try:
        act = bulk.WithHeld(form.get("do", ""))
    except ValueError as error:
        raise NotFound("没有这一步。") from error
    return _answer(code, who, act, lambda: bulk.held(who.scope, code, _ticked(form, HELD), act, by=who.actor))


@router.post(HERE + "/cases")
def cases(code: str, who: Who, form: Form) -> HTMLResponse:
    """One act with all the cases that were ticked."""
    console.campaign_id_of(who.scope, code)
    require(who, "cases")
    try:
        act = bulk.WithCases(form.get("do", ""))
        outcome = CaseOutcome(form["outcome"]) if form.get("outcome") else None
    except ValueError as error:
        raise NotFound("没有这一步。") from error
    numbers = (whole_number(one, HIGHEST_ID) for one in _ticked(form, CASE))
    ids = [one for one in numbers if one is not None]
    owner, to = form.get("owner", "").strip(), form.get("to", "").strip()

    def work() -> bulk.Result:
        return bulk.with_cases(who.scope, code, ids, act, owner=owner, to=to, outcome=outcome, by=who.actor)

    return _answer(code, who, act, work)


def _answer(
    code: str, who: SignedIn, act: bulk.WithHeld | bulk.WithCases, work: Callable[[], bulk.Result]
) -> HTMLResponse:
    try:
        result = work()
    except BadInput as error:
        return journey_page(code, who, status=409, wrong=error.message)
    said = DONE[act].format(result.done) if result.done else ""
    wrong = "；".join(f"{shown}：{plain(message).rstrip('。')}" for shown, message in result.refused)
    return journey_page(code, who, status=409 if wrong else 200, said=said, wrong=wrong and f"没有办成的：{wrong}。")
