"""`qianli ledger`: how well the ledger knows its members."""

from typing import Annotated

import typer

from qianli.cli.common import JsonOption, SpreadsheetOption, context, day, emit, progress, say, table
from qianli.ledger.facts import FACTS
from qianli.stages import facts, reviewing
from qianli.stages.undoing_ledgers import LEDGERS
from qianli.stages.unit import local

app = typer.Typer(help="台账质量：六个掌握，月度核对。", no_args_is_help=True)
MOST_SHOWN = 20


@app.command()
def review(
    organisation: Annotated[str | None, typer.Option("--organisation", help="只看这个组织和它的下级。")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="核对到哪一天，不写则到今天。")] = None,
    as_json: JsonOption = False,
) -> None:
    """月度核对：谁搬了家、地址多久没核实、谁联系不上、哪个组织没报；每个组织一张表，办公室一份 PDF。"""
    with progress("正在核对台账", None):
        found = reviewing.review(organisation=organisation, on=day(on) if on else None, by=context.by())
    emit(found, as_json=as_json, show=lambda: _show_review(found))


def _show_review(found: reviewing.Review) -> None:
    for sentence in found.sentences:
        say(sentence)
    columns = ["组织", "党员", "新住址", "地址过期", "地址不全", "联系不上", "本月报送", "待核对表"]
    rows = [
        [
            one.organisation, one.numbers.members, one.numbers.moved, one.numbers.stale, one.numbers.without_address,
            one.numbers.out_of_reach, "已报" if one.reported else "未报", one.path or "不用核对",
        ]
        for one in found.branches[:MOST_SHOWN]
    ]  # fmt: skip
    table(f"各组织（{len(found.branches)} 个）", columns, rows)
    if len(found.branches) > MOST_SHOWN:
        say(f"这里只列前 {MOST_SHOWN} 个组织；全部见月度核对和各组织的表。")
    say(f"月度核对：{found.path}")
    say("各组织改好待核对表后导入：qianli member import 表格 --organisation 组织")
    say("本月没有变化的：qianli ledger no-change 组织")


@app.command("no-change")
def no_change(
    organisation: Annotated[str, typer.Argument(metavar="ORG", help="组织名称。")], as_json: JsonOption = False
) -> None:
    """组织报告本月台账没有变化（零报告）。"""
    name = reviewing.no_change(organisation, by=context.by())
    emit({"organisation": name}, as_json=as_json, show=lambda: say(f"{name}：已登记本月无变化。"))


@app.command("imports")
def imports_(
    organisation: Annotated[str | None, typer.Option("--organisation", help="只看这个组织和它的下级。")] = None,
    as_json: JsonOption = False,
) -> None:
    """导入过的台账：哪天、哪份文件、谁导的、多少人，是否已撤销。"""
    found = LEDGERS.list_imports(organisation=organisation)
    columns = ["编号", "时间", "组织", "文件", "谁", "新增", "改动", "退回", "情况"]
    rows = [
        [one.id, f"{local(one.at):%Y-%m-%d %H:%M}", one.organisation, one.filename, one.by, one.added, one.changed,
         one.rejected, "已撤销" if one.undone_at else ""]
        for one in found
    ]  # fmt: skip
    emit(found, as_json=as_json, show=lambda: table(f"导入过的台账（{len(found)} 次）", columns, rows))


@app.command()
def undo(
    import_id: Annotated[int, typer.Argument(metavar="IMPORT", help="导入编号，见“ledger imports”。")],
    as_json: JsonOption = False,
) -> None:
    """撤销整次导入：新增的人撤下，改过的恢复原样；已有别的事用到的，说明是什么，不撤销。"""
    done = LEDGERS.undo(import_id, by=context.by())
    said = f"导入 {import_id} 已撤销：撤下 {done.gone} 人，恢复 {done.restored} 人。"
    emit(done, as_json=as_json, show=lambda: say("这次导入之前已经撤销，没有变化。" if done.already else said))


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
