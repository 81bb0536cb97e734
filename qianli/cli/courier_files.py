"""`qianli parcel waybills|events`: the files couriers send back."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from qianli.cli import long_lists
from qianli.cli.common import JsonOption, context, emit, progress, read_file, say
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
    long_lists.problems(result.rejected, result.notices, result.fix_file)
