"""`qianli ledger`: how well the ledger knows its members."""

from typing import Annotated

import typer

from qianli.cli.common import JsonOption, SpreadsheetOption, emit, say, table
from qianli.ledger.facts import FACTS
from qianli.stages import facts

app = typer.Typer(help="台账质量：六个掌握。", no_args_is_help=True)
MOST_SHOWN = 20


@app.command("facts")
def facts_(
    organisation: Annotated[str | None, typer.Argument(metavar="ORG", help="只看这个组织和它的下级。")] = None,
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """六个掌握：各组织掌握了多少人的哪几项，还缺谁的什么。"""
    found = facts.report(organisation)
    if xlsx is not None:
        facts.write_report(xlsx, found)
    emit(found, as_json=as_json, show=lambda: _show(found, saved=xlsx is not None))


def _show(found: facts.FactsReport, *, saved: bool) -> None:
    columns = ["组织", "党员", *FACTS.values(), "六项齐全", "齐全率", facts.BEHIND]
    rows = [
        [one.organisation, one.members, *one.known.values(), one.complete, f"{facts.percent(one)}%", one.behind]
        for one in found.branches
    ]
    table("六个掌握：掌握的人数", columns, rows)
    if found.lacking:
        shown = [[one.id, one.name, one.organisation, one.missing] for one in found.lacking[:MOST_SHOWN]]
        table(f"还有缺项的（{len(found.lacking)} 人）", ["编号", "姓名", "组织", "缺少"], shown)
    if len(found.lacking) > MOST_SHOWN:
        say(f"这里只列前 {MOST_SHOWN} 人；全部名单请加 --xlsx 存成表格。")
    if saved:
        say("表格已存好，里面有个人信息。补好后导入：qianli member import 表格 --organisation 组织")
