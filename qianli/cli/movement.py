"""`qianli movement`: who went away and who arrived, as home and host branches report it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from models import ReportSide
from qianli.cli import long_lists
from qianli.cli.common import JsonOption, context, emit, read_file, say, table
from qianli.errors import BadInput
from qianli.stages import movement_reports, movements
from qianli.stages.movement_reports import Reported
from qianli.stages.movements import ReportView, SideBySide
from qianli.stages.undoing_movements import MOVEMENTS
from qianli.state_words import MOVEMENT, SIDE

app = typer.Typer(help="流动：流出地报外出，流入地登记到来（凡出必报、凡进必登）。", no_args_is_help=True)

Report = Annotated[int, typer.Argument(metavar="ID", help="报告编号，见 movement list。", min=1, max=2**31 - 1)]
WholeOption = Annotated[bool, typer.Option("--show", help="显示完整的姓名和地址。")]
SheetOption = Annotated[str | None, typer.Option("--sheet", help="只导入这一张工作表。")]
DeparturesOption = Annotated[bool, typer.Option("--departures", help="流出地报的外出名单。")]
ArrivalsOption = Annotated[bool, typer.Option("--arrivals", help="流入地登记的到来名单。")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="名单：姓名、出生日期、流出或流入时间、流入地址、对方组织等。")],
    organisation: Annotated[str, typer.Option("--organisation", help="哪个组织报的。")],
    departures: DeparturesOption = False,
    arrivals: ArrivalsOption = False,
    sheet: SheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """导入外出名单或到来名单；同一份再导一次，什么也不会变。"""
    if departures == arrivals:
        raise BadInput("请写明是哪一种：--departures 流出地报的外出名单，或 --arrivals 流入地登记的到来名单。")
    side = ReportSide.home if departures else ReportSide.host
    done = movement_reports.import_movements(
        read_file(file), filename=file.name, organisation=organisation, side=side, sheet=sheet, by=context.by()
    )
    emit(done, as_json=as_json, show=lambda: _show_reported(done))


@app.command("imports")
def imports_(
    organisation: Annotated[str | None, typer.Option("--organisation", help="只看这个组织和它的下级。")] = None,
    as_json: JsonOption = False,
) -> None:
    """导入过的名单：何时、谁导的、多少份、是否已撤销。"""
    found = MOVEMENTS.list_imports(organisation=organisation)
    rows = [
        [one.id, f"{one.at:%Y-%m-%d}", one.organisation, SIDE[one.side], one.filename, one.by, one.added, one.rejected,
         "已撤销" if one.undone_at else ""]
        for one in found
    ]  # fmt: skip
    columns = ["编号", "日期", "组织", "哪一方", "文件", "谁导的", "新报告", "退回", "情况"]
    emit(found, as_json=as_json, show=lambda: table(f"导入过的流动名单（{len(found)}）", columns, rows))


@app.command()
def undo(
    import_id: Annotated[int, typer.Argument(metavar="IMPORT", help="名单编号，见“movement imports”。")],
    as_json: JsonOption = False,
) -> None:
    """撤销整份名单：它带来的报告撤下；已有报告定下、对上或列过问题的，说明是什么，不撤销。"""
    done = MOVEMENTS.undo(import_id, by=context.by())
    said = f"名单 {import_id} 已撤销：撤下 {done.gone} 份报告。"
    emit(done, as_json=as_json, show=lambda: say("这份名单之前已经撤销，没有变化。" if done.already else said))


@app.command()
def add(
    member: Annotated[str, typer.Argument(metavar="ID", help="党员编号，见 member list；或表格里的行标识。")],
    side: Annotated[ReportSide, typer.Option("--side", help="home 流出地报，host 流入地登记。")],
    moved_on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="哪一天离开，或哪一天到。")],
    address: Annotated[str, typer.Option("--address", help="去了哪里，住在哪里。")] = "",
    organisation: Annotated[str | None, typer.Option("--organisation", help="哪个组织报的。")] = None,
    other: Annotated[str, typer.Option("--other", help="对方组织的名称。")] = "",
    reason: Annotated[str, typer.Option("--reason", help="流动原因。")] = "",
    as_json: JsonOption = False,
) -> None:
    """登记一份报告。"""
    done = movement_reports.add(
        member,
        side=side,
        moved_on=moved_on.date(),
        address=address,
        organisation=organisation,
        other_organisation=other,
        reason=reason,
        by=context.by(),
    )
    emit(done, as_json=as_json, show=lambda: _show_reported(done))


def _show_reported(done: Reported) -> None:
    refused = len({(one.sheet, one.row) for one in done.rejected})
    say(f"新报告 {done.added} 份，早已登记 {done.unchanged} 份，退回 {refused} 行。")
    if done.agreed:
        say(f"双方报的一致，已采用：{done.agreed} 人。")
    if done.differing:
        say(f"双方报的不一致，等您定：{done.differing} 人。查看：qianli case list")
    if done.added > done.agreed + done.differing:
        say("其余的等另一方来报；查看：qianli movement list")
    long_lists.problems(done.rejected, done.notices, done.fix_file)


@app.command("list")
def list_(
    organisation: Annotated[str | None, typer.Option("--organisation", help="只看这个组织和它的下级。")] = None,
    whole: WholeOption = False,
    as_json: JsonOption = False,
) -> None:
    """还没有定下来的报告：等另一方报的，和双方不一致的。"""
    found = movements.list_movements(organisation, whole=whole)
    columns = ["编号", "党员", "姓名", "哪一方", "报告组织", "日期", "去向", "与之不一致"]
    rows = [
        [
            one.id,
            one.member,
            one.name,
            SIDE[one.side],
            one.reported_by,
            one.moved_on,
            one.to,
            one.paired_with or "",
        ]
        for one in found
    ]
    emit(found, as_json=as_json, show=lambda: table(f"待定的流动报告（{len(found)} 份）", columns, rows))


@app.command()
def show(movement: Report, whole: WholeOption = False, as_json: JsonOption = False) -> None:
    """两份报告并排对照。"""
    found = movements.show(movement, whole=whole)
    emit(found, as_json=as_json, show=lambda: _show_both(found))


def _show_both(found: SideBySide) -> None:
    both = (found.home, found.host)
    lines: list[tuple[str, list[object]]] = [
        ("编号", [one.id if one else "" for one in both]),
        ("党员", [f"{one.member} {one.name}" if one else "" for one in both]),
        ("报告组织", [one.reported_by if one else "（没有报）" for one in both]),
        ("日期", [one.moved_on if one else "" for one in both]),
        ("去向", [one.to if one else "" for one in both]),
        ("对方组织", [one.other_organisation if one else "" for one in both]),
        ("原因", [one.reason if one else "" for one in both]),
        ("来源", [one.source if one else "" for one in both]),
        ("结果", [_outcome(one) for one in both]),
    ]
    table("流动报告", ["项目", "流出地", "流入地"], [[title, *values] for title, values in lines])
    if found.case is not None:
        say(f"问题 {found.case}，下一步：{found.next_step}")


def _outcome(one: ReportView | None) -> str:
    if one is None:
        return ""
    return MOVEMENT[one.outcome] if one.outcome else "待定"


@app.command()
def accept(movement: Report, as_json: JsonOption = False) -> None:
    """采用这份报告：住址照它登记；另一方不一致的，不采用。"""
    changed = movements.accept(movement, by=context.by())
    emit(
        {"id": movement, "changed": changed},
        as_json=as_json,
        show=lambda: say("已采用。有暂缓寄送的，请再运行 campaign prepare。" if changed else "早已采用，没有改动。"),
    )


@app.command()
def dismiss(movement: Report, as_json: JsonOption = False) -> None:
    """不采用这份报告；报告仍保留。"""
    changed = movements.dismiss(movement, by=context.by())
    emit(
        {"id": movement, "changed": changed},
        as_json=as_json,
        show=lambda: say("已注明不采用。" if changed else "早已注明不采用，没有改动。"),
    )


@app.command()
def check(as_json: JsonOption = False) -> None:
    """再对一遍：能配对的配对，只有一方报、过了期限的列为问题（每天自动做一次）。"""
    matched, late = movements.check(by=context.by())
    emit(
        {"agreed": matched.agreed, "differing": matched.differing, "one_sided": late},
        as_json=as_json,
        show=lambda: say(
            f"新配对：一致 {matched.agreed} 人，不一致 {matched.differing} 人；只有一方报、过了期限的 {late} 份。"
        ),
    )
