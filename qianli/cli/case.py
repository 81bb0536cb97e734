"""`qianli case …`: what went wrong after hand-over, with owner, age and next step."""

from typing import Annotated

import typer

from models import CaseOutcome, DeliveredTo
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.stages import case_hands, case_papers, cases
from qianli.state_words import DELIVERED_TO, OUTCOME, REASON, TRACKING

app = typer.Typer(help="问题：寄出后的退件、丢失、缺少、破损等，逐件处理。", no_args_is_help=True)

CampaignOption = Annotated[str | None, typer.Option("--campaign", metavar="CODE", help="只看这个活动。")]
OUTCOMES = "；".join(f"{outcome} {words}" for outcome, words in OUTCOME.items())


@app.command("list")
def list_(campaign: CampaignOption = None, as_json: JsonOption = False) -> None:
    """列出还没有办结的问题，最早的在前。"""
    found = cases.list_cases(campaign)
    emit(found, as_json=as_json, show=lambda: _show(found))


def _show(found: list[cases.CaseView]) -> None:
    """A table to look over, then the next steps in lines: they are long, and commands in them are copied."""
    rows = [[one.id, REASON[one.reason], _subject(one), one.age_days, _due(one), _hands(one)] for one in found]
    table("待处理的问题", ["编号", "问题", "对象", "天数", "应办日期", "负责"], rows)
    for one in found:
        say(f"编号 {one.id}：{one.sentence}{_courier_said(one)}下一步：{one.next_step}")
    if any(one.movement is None for one in found):
        say("办理要用的单子（核实单、查询或赔偿申请）：qianli case prepare 编号")


def _hands(one: cases.CaseView) -> str:
    return f"{one.owner}，{one.assignee}" if one.assignee else one.owner


def _due(one: cases.CaseView) -> str:
    return f"{one.due_on}{' 已过' if one.late else ''}"


def _courier_said(one: cases.CaseView) -> str:
    if one.courier_said is None:
        return ""
    said = one.courier_said
    return f"快递公司说：{DELIVERED_TO[said] if isinstance(said, DeliveredTo) else TRACKING[said]}。"


def _subject(one: cases.CaseView) -> str | None:
    return f"流动报告 {one.movement}" if one.movement else one.reference or one.number


@app.command()
def assign(
    ids: Annotated[list[int], typer.Argument(metavar="ID...", help="问题编号，见“case list”。")],
    to: Annotated[
        str | None, typer.Option("--to", metavar="LOGIN", help="由谁办（登录名）；不写就是还没有定人。")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """定下问题由谁办：所属组织或上级组织的经办人、管理员；他在网页的“待办”里最先看到。"""
    changed = case_hands.assign(case_hands.EVERYTHING, ids, to=to, by=context.by())
    done = f"已定由 {to} 办" if to else "已改为还没有定人"
    emit({"changed": changed}, as_json=as_json, show=lambda: say(f"{done}，{changed} 件有变化。"))


@app.command()
def prepare(
    case_id: Annotated[int, typer.Argument(metavar="ID", help="问题编号，见“case list”。")], as_json: JsonOption = False
) -> None:
    """备好办理要用的单子：打电话用的核实单，给快递公司的查询、赔偿申请。"""
    done = case_papers.prepare(case_id, titles=REASON, by=context.by())

    def show() -> None:
        for path in done.paths:
            say(f"单子已备好：{path}")
        say(f"下一步：{done.next_step}")

    emit(done, as_json=as_json, show=show)


@app.command()
def resolve(
    case_id: Annotated[int, typer.Argument(metavar="ID", help="问题编号，见“case list”。")],
    outcome: Annotated[CaseOutcome, typer.Option("--outcome", help=f"怎样办结：{OUTCOMES}。")],
    as_json: JsonOption = False,
) -> None:
    """办结一个问题。"""
    changed = cases.resolve(case_id, outcome=outcome, by=context.by())
    done = f"问题 {case_id} 已办结：{OUTCOME[outcome]}。"
    emit(
        {"id": case_id, "outcome": outcome, "changed": changed},
        as_json=as_json,
        show=lambda: say(done if changed else f"问题 {case_id} 早已如此办结，没有改动。"),
    )
