"""The list of problems: what went wrong, whose it is, and how it ends."""

from collections.abc import Mapping
from functools import partial

from models import CaseOutcome, CaseReason
from qianli.campaigns.references import split_consignment_number
from qianli.errors import BadInput, NotFound
from qianli.stages import case_hands, case_papers, cases
from qianli.stages.cases import OF_MOVEMENTS
from qianli.stages.listing import Act, Asks, Field, File, Filter, Line, Noun
from qianli.stages.unit import reading
from qianli.state_words import OUTCOME, REASON
from qianli.store import case_lists
from qianli.store.lists import Sought


def _cases(asks: Asks, sought: Sought) -> list[Line]:
    reason, whose = sought.which.get("reason"), sought.which.get("whose")
    with reading() as session:
        found = case_lists.listed(
            session, scope=asks.scope, most=sought.most, after=sought.after, owner=sought.text,
            reason=CaseReason(reason) if reason else None, whose=asks.user_id if whose == "mine" else None,
            nobodys=whose == "nobody",
        )  # fmt: skip
        views = cases.views(found)
    able = case_hands.able(found)
    mine = {one.case.key for one in found if one.case.assignee_id == asks.user_id}
    return [
        Line(
            one.id,
            (REASON[one.reason], f"{one.sentence}下一步：{one.next_step}",
             one.number or one.reference or (f"流动报告 {one.movement}" if one.movement else "一条消息"), _hands(one),
             one.due_on, "已过期" if one.late else ""),
            link=_life(one),
            acts=_acts(one, mine=one.id in mine),
            choices={"to": able[one.id] | ({NOBODY: "还没定人"} if one.login else {})},
            values={"to": one.login or ""},
        )
        for one in views
    ]  # fmt: skip


def _hands(one: cases.CaseView) -> str:
    return f"{one.owner} · {one.assignee}" if one.assignee else one.owner


def _acts(one: cases.CaseView, *, mine: bool) -> tuple[str, ...]:
    hands = ("assign",) if mine else ("take", "assign")
    ends = one.movement is None and one.reason is not CaseReason.message_unclear
    return (*hands, "resolve", *one.papers) if ends else hands


def _life(one: cases.CaseView) -> str:
    if one.reason is CaseReason.message_unclear:
        return "lists/messages?state=unclear"
    if one.number and split_consignment_number(one.number):
        return f"consignments/{one.number}"
    return f"campaigns/{one.campaign}" if one.campaign else "lists/movements"


def _require_case(asks: Asks, key: int) -> None:
    with reading() as session:
        if not case_lists.listed(session, scope=asks.scope, only=[key]):
            raise NotFound("没有这个问题，或者它已经办结。")


def _paper(asks: Asks, key: int, _form: Mapping[str, str], *, name: str) -> File:
    _require_case(asks, key)
    return File(*case_papers.one(key, name, titles=REASON, by=asks.by))


def _take(asks: Asks, key: int, _form: Mapping[str, str]) -> str:
    done = case_hands.take(asks.scope, key, user_id=asks.user_id, by=asks.by)
    return "好，这件问题由您办。" if done else "这件问题本来就由您办。"


def _assign(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    _require_case(asks, key)
    to = form.get("to", "").strip()
    if not to:
        raise BadInput("请选由谁办。")
    changed = case_hands.assign(asks.scope, [key], to=None if to == NOBODY else to, by=asks.by)
    return "已登记由谁办。" if changed else "本来就是这样，没有变化。"


def _resolve(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    _require_case(asks, key)
    try:
        outcome = CaseOutcome(form.get("outcome", ""))
    except ValueError as error:
        raise BadInput("请选怎样办结。") from error
    cases.resolve(key, outcome=outcome, by=asks.by)
    return f"已办结：{OUTCOME[outcome]}。"


NOBODY = "-"
WHOSE = {"mine": "由我办的", "nobody": "还没定人的"}
ENDS = {str(one): word for one, word in OUTCOME.items() if one not in OF_MOVEMENTS}
CASES: dict[str, Noun] = {
    "cases": Noun(
        "问题", "寄出后的退件、丢失、缺少、破损等；先办快到期的。",
        ("问题", "情况", "对象", "负责", "应办日期", ""), _cases,
        (Filter("whose", "由谁办", WHOSE), Filter("reason", "只看", {str(one): word for one, word in REASON.items()})),
        {
            "take": Act("我来办", "cases", _take),
            "assign": Act("由谁办", "cases", _assign, (Field("to", "由谁办", "choice", required=True),)),
            "resolve": Act("办结", "cases", _resolve, (Field("outcome", "怎样办结", "choice", ENDS, required=True),)),
            "call_sheet": Act("核实单", "cases", partial(_paper, name="call_sheet")),
            "claim": Act("申请单", "cases", partial(_paper, name="claim")),
        },
        searched="负责的组织，或办的人",
    ),
}  # fmt: skip
