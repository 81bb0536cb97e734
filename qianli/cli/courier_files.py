"""`qianli parcel waybills|events`: the files couriers send back."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from qianli.cli.common import JsonOption, context, emit, progress, read_file, say, table
from qianli.ledger.problems import RowProblem
from qianli.stages.courier_files import FileResult
from qianli.stages.tracking import import_events
from qianli.stages.waybills import import_waybills

FileArgument = Annotated[Path, typer.Argument(help="快递公司给的表：XLSX，或 UTF-8、GB18030 编码的 CSV。")]


def waybills(file: FileArgument, as_json: JsonOption = False) -> None:
    """导入运单号表：按包裹编号登记运单号。同一文件再导一次，什么也不会变。"""
    _import(file, import_waybills, "正在登记运单号", as_json=as_json)


def events(file: FileArgument, as_json: JsonOption = False) -> None:
    """导入物流轨迹表：按运单号或包裹编号登记到哪里了。同一文件再导一次，什么也不会变。"""
    _import(file, import_events, "正在登记物流轨迹", as_json=as_json)


def _import(file: Path, stage: Callable[..., FileResult], label: str, *, as_json: bool) -> None:
    content = read_file(file)
    with progress(label, None):
        result = stage(content, filename=file.name, by=context.by())
    emit(result, as_json=as_json, show=lambda: _show(result))


def _show(result: FileResult) -> None:
    say(f"登记 {result.accepted} 行，早已登记 {result.unchanged} 行，退回 {len(result.rejected)} 行。")
    _problems("退回的行", "原因", result.rejected)
    _problems("请留意", "说明", result.notices)
    if result.fix_file:
        say(f"待改表：{result.fix_file}（改好后直接导入即可）")


def _problems(title: str, last: str, problems: Sequence[RowProblem]) -> None:
    if problems:
        table(
            title,
            ["工作表", "行", "列", last],
            [[one.sheet, one.row or "", one.column, one.reason] for one in problems],
        )
