"""A campaign as a journey: where it stands, and the one next act as a button."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models import CampaignState, CaseOutcome
from qianli import launch
from qianli.campaigns.next_step import Act, Room
from qianli.errors import EngineMissing, NotFound, RuleBroken
from qianli.kits.definition import yuan
from qianli.stages import approve as approving
from qianli.stages import closing, console, packing, progress, sealing, third_parties
from qianli.stages.cases import OF_MOVEMENTS
from qianli.stages.signing_in import SignedIn
from qianli.web.console import words
from qianli.web.console.charts import bars
from qianli.web.console.consignments import WHOLE
from qianli.web.console.frame import console_page
from qianli.web.console.who import MAY, Form, Who, require
from qianli.web.language import _
from qianli.web.pages import GET

router = APIRouter()

FLOWS = {"prepare": "prepare_campaign", "fulfil": "fulfil_campaign"}
#: Room → its path, its name, and what a button says that leads there.
ROOMS = {
    Room.print_room: ("/console/campaigns/{code}/print", "打印间", ""),
    Room.packing: ("/console/campaigns/{code}/packing", "装箱", "扫码装箱"),
    Room.handover: ("/console/campaigns/{code}/handover", "交接", "看交接单"),
    Room.calls: ("/console/calls?campaign={code}", "打电话", "打电话问一问"),
    Room.call_list: ("/console/calls?campaign={code}", "打电话", "去打电话"),
    Room.messages: ("/console/campaigns/{code}/messages", "消息", "看消息发到哪里"),
    Room.samples: ("/console/campaigns/{code}/samples", "抽样核实", ""),
    Room.cases: ("#cases", "", "看是哪些问题"),
}
OF_CALLS = (Room.calls, Room.call_list)
PREFECT_DOWN = "流程服务现在没有应答，这一步还没有开始，什么也没有丢。请管理员检查后台服务在不在运行，再点一次。"
STARTED = "已经交给系统去做；关掉页面也不影响。"


@router.api_route("/console/campaigns/{code}", methods=GET)
def look(code: str, who: Who, started: str = "") -> HTMLResponse:
    """Where it stands."""
    return journey_page(code, who, said=STARTED if started else "")


def journey_page(code: str, who: SignedIn, *, status: int = 200, said: str = "", wrong: str = "") -> HTMLResponse:
    """The whole page, with what was done or refused just now."""
    found = console.journey(who.scope, code)
    return console_page(
        "campaign.html",
        who,
        status=status,
        campaign=found,
        progress=progress.look(who.scope, code),
        data_goes_to=third_parties.told_before(code) if found.next.act == "approve" else [],
        may=found.next.act is not None and found.next.act in MAY[who.role],
        may_close="close" in MAY[who.role] and found.state is CampaignState.under_way,
        allowed=MAY[who.role],
        rooms={
            room: (path.format(code=code), name, button)
            for room, (path, name, button) in ROOMS.items()
            if room not in OF_CALLS or "calls" in MAY[who.role]
        },
        sees_names=who.role in WHOLE,
        yuan=yuan,
        words=words,
        outcomes=[(one.value, words.OUTCOME[one]) for one in CaseOutcome if one not in OF_MOVEMENTS],
        said=said,
        wrong=words.plain(wrong),
        funnel=bars([(_(stage), count) for stage, count in found.funnel], _(found.says.funnel_title)),
        provinces=bars([(_(name), count) for name, count, _known in found.provinces], _(found.says.places)),
        days=bars([(_("{label} 天", label=label), count) for label, count in found.days], _("交给快递到妥投的天数")),
    )


def _seen(form: dict[str, str]) -> approving.Asked:
    """What stood on the page that was signed."""
    try:
        return approving.Asked(int(form["consignments"]), int(form["amount_fen"]))
    except (KeyError, ValueError) as error:
        raise RuleBroken(approving.CHANGED) from error


def _done(act: str, code: str, form: dict[str, str], by: str) -> None:
    if act == "approve":
        approving.approve(code, by=by, seen=_seen(form))
    elif act == "pack":
        packing.pack_all(code, by=by)
    elif act == "seal":
        sealing.seal(code, by=by)
    else:
        closing.close(code, unconfirmed=form.get("unconfirmed", "").strip() or None, by=by)


@router.post("/console/campaigns/{code}/{act}")
def act(code: str, act: str, who: Who, form: Form) -> Response:
    """Start it; the page says what came of it. A flow goes through Prefect, two clicks are one run."""
    if act not in list(Act):
        raise NotFound("没有这一步。")
    console.campaign_id_of(who.scope, code)
    require(who, act)
    try:
        if act in FLOWS:
            launch.start_flow(FLOWS[act], console.ask(code, FLOWS[act], by=who.actor))
            return RedirectResponse(f"/console/campaigns/{code}?started=1", status_code=303)
        _done(act, code, form, who.actor)
    except EngineMissing:
        return journey_page(code, who, status=503, wrong=PREFECT_DOWN)
    except RuleBroken as error:
        return journey_page(code, who, status=409, wrong=error.message)
    return RedirectResponse(f"/console/campaigns/{code}", status_code=303)
