"""`qianli consignment`: what one member is owed."""

from typing import Annotated

import typer

from qianli.cli.common import JsonOption, context, emit, say
from qianli.stages import cancelling, refusing
from qianli.stages.cancelling import ConsignmentCancelled
from qianli.stages.refusing import Released

app = typer.Typer(help="寄送：一名党员在一次活动里的一份。", no_args_is_help=True)


@app.callback()
def main() -> None:
    """寄送：一名党员在一次活动里的一份。"""


@app.command()
def cancel(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="书信上的编号，如 CODE-0042。")],
    as_json: JsonOption = False,
) -> None:
    """取消一份还没有交给快递公司的寄送；本人已经答复的，只撤回还没有寄出的东西。"""
    result = cancelling.cancel_consignment(number, by=context.by())
    emit(result, as_json=as_json, show=lambda: _show(result))


@app.command()
def release(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER...", help="书信上的编号，如 CODE-0042。")],
    as_json: JsonOption = False,
) -> None:
    """快递公司不肯承运、印不下、或核对住址没有答复而暂缓的，现在可以寄了；下一次“campaign prepare”会重新编排。"""
    result = refusing.release(numbers, by=context.by())
    emit(result, as_json=as_json, show=lambda: _show_released(result))


def _show_released(result: Released) -> None:
    if result.released:
        codes = dict.fromkeys(one.rpartition("-")[0] for one in result.released)
        commands = "、".join(f"qianli campaign prepare {code}" for code in codes)
        say(f"可以再寄：{'、'.join(result.released)}。下一步：{commands}")
    if result.others:
        say(f"不是因为快递公司不肯承运、印不下或没有答复住址而暂缓，没有变化：{'、'.join(result.others)}。")


def _withdrawn(result: ConsignmentCancelled) -> str:
    return f"，撤回补寄 {result.withdrawn} 件" if result.withdrawn else ""


def _show(result: ConsignmentCancelled) -> None:
    if result.already:
        say(f"{result.number} 之前已经取消，没有变化。")
        return
    if result.answered:
        say(f"{result.number} 本人的答复不变；还没有寄出的不再寄{_withdrawn(result)}。")
    else:
        say(f"{result.number} 已取消。")
    if result.parcels:
        say(f"作废的包裹：{'、'.join(result.parcels)}。请把东西放回货架，撕掉面单。")
    if result.waybills:
        say(f"请通知快递公司作废运单：{'、'.join(result.waybills)}。")
    code = result.number.rpartition("-")[0]
    if result.others:
        say(f"同一包裹里的其他人会编进新包裹：{'、'.join(result.others)}。下一步：qianli campaign fulfil {code}")
    if result.manifests:
        say(f"交接单 {'、'.join(result.manifests)} 已作废，请重新封单：qianli manifest seal {code}")
