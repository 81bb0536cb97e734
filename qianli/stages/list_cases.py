"""The list of problems: what went wrong, whose it is, and how it ends."""

from collections.abc import Mapping
from functools import partial

from models import CaseOutcome, CaseReason
from qianli.campaigns.references import split_consignment_number
from qianli.errors import BadInput, NotFound
from qianli.stages import case_papers, cases
from qianli.stages.cases import OF_MOVEMENTS
from qianli.stages.listing import Act, Asks, Field, File, Filter, Line, Noun
from qianli.stages.unit import reading
from qianli.state_words import OUTCOME, REASON
from qianli.store import cases as case_rows
from qianli.store.lists import Sought


def _cases(asks: Asks, sought: Sought) -> list[Line]:
    reason = sought.which.get("reason")
    with reading() as session:
        found = case_rows.listed(
            session, scope=asks.scope, most=sought.most, after=sought.after, owner=sought.text,
            reason=CaseReason(reason) if reason else None,
        )  # fmt: skip
        views = cases.views(found)
    return [
        Line(
            one.id,
            (REASON[one.reason], f"{one.sentence}下一步：{one.next_step}",
             one.number or one.reference or (f"流动报告 {one.movement}" if one.movement else "一条消息"), one.owner,
             one.due_on, "已过期" if one.late else ""),
            link=_life(one),
            acts=("resolve", *one.papers)
            if one.movement is None and one.reason is not CaseReason.message_unclear else (),
        )
        for one in views
    ]  # fmt: skip


def _life(one: cases.CaseView) -> str:
    if one.reason is CaseReason.message_unclear:
        return "lists/messages?state=unclear"
    if one.number and split_consignment_number(one.number):
        return f"consignments/{one.number}"
    return f"campaigns/{one.campaign}" if one.campaign else "lists/movements"


def _require_case(asks: Asks, key: int) -> None:
    with reading() as session:
        if not case_rows.listed(session, scope=asks.scope, only=key):
            raise NotFound("没有这个问题，或者它已经办结。")


def _paper(asks: Asks, key: int, _form: Mapping[str, str], *, name: str) -> File:
    _require_case(asks, key)
    return File(*case_papers.one(key, name, titles=REASON, by=asks.by))


def _resolve(asks: Asks, key: int, form: Mapping[str, str]) -> str:
    _require_case(asks, key)
    try:
        outcome = CaseOutcome(form.get("outcome", ""))
    except ValueError as error:
        raise BadInput("请选怎样办结。") from error
    cases.resolve(key, outcome=outcome, by=asks.by)
    return f"已办结：{OUTCOME[outcome]}。"


ENDS = {str(one): word for one, word in OUTCOME.items() if one not in OF_MOVEMENTS}
CASES: dict[str, Noun] = {
    "cases": Noun(
        "问题", "寄出后的退件、丢失、缺少、破损等；先办快到期的。",
        ("问题", "情况", "对象", "负责", "应办日期", ""), _cases,
        (Filter("reason", "只看", {str(one): word for one, word in REASON.items()}),),
        {
            "resolve": Act("办结", "cases", _resolve, (Field("outcome", "怎样办结", "choice", ENDS, required=True),)),
            "call_sheet": Act("核实单", "cases", partial(_paper, name="call_sheet")),
            "claim": Act("申请单", "cases", partial(_paper, name="claim")),
        },
        searched="负责的组织",
    ),
}  # fmt: skip
