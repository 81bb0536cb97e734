"""`qianli campaign sample` and `qianli sample record`: what really arrived, asked of a few drawn at random."""

from typing import Annotated

import typer

from models import Finding
from qianli.campaigns.sampling import Result, Share
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.errors import BadInput
from qianli.stages import samples
from qianli.stages.samples import Seen
from qianli.state_words import FINDING, STRATUM

app = typer.Typer(help="抽样核实：随机抽人，打电话或上门问收到没有。", no_args_is_help=True)


@app.callback()
def main() -> None:
    """抽样核实：随机抽人，打电话或上门问收到没有。"""


def draw(
    code: Annotated[str, typer.Argument(help="活动代码，如 QLCS-2027。", metavar="CODE")],
    margin: Annotated[int | None, typer.Option("--margin", help="允许误差，几个百分点，如 5。")] = None,
    confidence: Annotated[int, typer.Option("--confidence", help="把握程度，百分之几。")] = 95,
    organisation: Annotated[str | None, typer.Option("--for", help="为哪个组织抽：它和下级的党员。")] = None,
    again: Annotated[bool, typer.Option("--again", help="另抽一次。")] = False,
    as_json: JsonOption = False,
) -> None:
    """抽样核实：按允许误差抽人，出核实单；不写 --margin 就看各次结果与系统记载相符多少。"""
    if margin is None:
        found = samples.look(code)
        emit(found, as_json=as_json, show=lambda: _show(code, found))
        return
    if organisation is None:
        raise BadInput("请用 --for 写明为哪个组织抽样。")
    made = samples.sample(
        code, organisation=organisation, margin_percent=margin, confidence_percent=confidence, again=again,
        by=context.by(),
    )  # fmt: skip

    def show() -> None:
        seen = made.seen
        say(f"第 {seen.number} 次：从 {seen.population} 人中{'抽出' if made.new else '已抽过'} {seen.drawn} 人。")
        say(f"核实单：{made.path}。含个人信息，用完请销毁。")
        say("登记问到的情况：qianli sample record 寄送编号 has_complete（或 has_part、has_not、not_reached）")

    emit(made, as_json=as_json, show=show)


def _show(code: str, found: list[Seen]) -> None:
    if not found:
        say(f"还没有抽过样。开始：qianli campaign sample {code} --margin 5 --for 组织")
    columns = ["", "抽", "问到", "齐全", "缺件", "没收到", "没联系上", "与记载相符"]
    for one in found:
        say(one.sentence)
        lines = [(STRATUM[stratum], result) for stratum, result in one.strata]
        lines += [(result.group or "（已清除）", result) for result in one.branches]
        table(f"第 {one.number} 次 {one.organisation}", columns, [_row(name, result) for name, result in lines])


def _row(name: str, one: Result) -> tuple[object, ...]:
    found = [one.found[kind] for kind in (Finding.has_complete, Finding.has_part, Finding.has_not)]
    return (name, one.drawn, one.reached, *found, one.not_reached, _share(one.agreed))


def _share(one: Share) -> str:
    return f"{one.count}/{one.of}（{one.low:.0%}～{one.high:.0%}）" if one.of else ""


@app.command()
def record(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="寄送编号，如 CODE-0042。")],
    finding: Annotated[
        Finding,
        typer.Argument(
            metavar="FINDING",
            help="has_complete 收到齐全；has_part 收到有缺件；has_not 没有收到；not_reached 没有联系上。",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """登记抽样核实问到的情况；再登记一次就是更正。这不算本人的确认。"""
    shown = samples.record(number, finding, by=context.by())
    emit(
        {"number": shown, "finding": finding},
        as_json=as_json,
        show=lambda: say(f"{shown} 已登记：{FINDING[finding]}。"),
    )
