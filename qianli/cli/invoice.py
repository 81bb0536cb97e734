"""`qianli invoice …`: what couriers bill, beside what was planned."""

from pathlib import Path
from typing import Annotated

import typer

from qianli.cli import long_lists
from qianli.cli.common import JsonOption, SpreadsheetOption, context, emit, progress, read_file, say, table
from qianli.cli.courier_files import FileArgument
from qianli.kits.definition import yuan
from qianli.stages.billing import SUM_COLUMNS, Billing, billing, sum_cells, write_billing
from qianli.stages.courier_files import FileResult
from qianli.stages.invoicing import import_invoice

app = typer.Typer(help="快递公司的账单：导入，与预算邮资逐件核对。", no_args_is_help=True)


@app.command("import")
def import_(
    file: FileArgument,
    account: Annotated[str, typer.Option("--account", metavar="CODE", help="账单是哪个账号的，如 china_post。")],
    as_json: JsonOption = False,
) -> None:
    """导入快递公司的账单：按运单号或包裹编号登记金额和计费重量。同一文件再导一次，什么也不会变。"""
    content = read_file(file)
    with progress("正在登记账单", None):
        result = import_invoice(content, filename=file.name, account=account, by=context.by())
    emit(result, as_json=as_json, show=lambda: _show_import(result))


def _show_import(result: FileResult) -> None:
    say(f"登记 {result.accepted} 行，早已登记 {result.unchanged} 行，退回 {len(result.rejected)} 行。")
    long_lists.problems(result.rejected, result.notices, result.fix_file)
    say("逐件核对：qianli invoice show")


@app.command()
def show(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="只看这个活动，如 QLCS-2027。")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="CODE", help="只看这个账号。")] = None,
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """账单与预算邮资逐件核对，并按活动、党组织、快递合计。"""
    found = billing(code, account)
    if xlsx:
        write_billing(xlsx, found)
    emit(found, as_json=as_json, show=lambda: _show(found, xlsx))


def _show(found: Billing, path: Path | None) -> None:
    whole = found.total
    say(
        f"寄出或已计费 {whole.parcels:,} 件，预算邮资 {yuan(whole.planned_fen)}；"
        f"已计费 {whole.billed:,} 件 {yuan(whole.billed_fen)}，差额 {yuan(whole.difference_fen)}。"
    )
    for name, sums in found.sums.items():
        table(f"按{name}", (name, *SUM_COLUMNS), [sum_cells(one) for one in sums])
    rows = [
        (one.campaign, one.reference, one.courier, one.weight_g, one.billed_weight_g, yuan(one.planned_fen),
         yuan(one.billed_fen or 0), yuan(one.difference_fen))
        for one in found.differing
    ]  # fmt: skip
    columns = ("活动", "包裹编号", "快递", "重量（克）", "计费重量（克）", "预算邮资", "账单金额", "差额")
    long_lists.first("与预算邮资不同的包裹", columns, rows, whole="全部可以加 --xlsx 文件 存成表格。")
    if path:
        say(f"已保存：{path}")
