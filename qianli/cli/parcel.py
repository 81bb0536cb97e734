"""`qianli parcel`: packing, sending again, taking back, the list."""

from typing import Annotated

import typer

from models import ParcelStage, ReturnedFor, Tracking
from qianli.campaigns.calendar_days import PROVISIONAL
from qianli.cli.common import JsonOption, SpreadsheetOption, console, context, emit, errors, say, table
from qianli.couriers.registry import courier
from qianli.errors import BadInput
from qianli.stages import packing, refusing, replacements
from qianli.stages.packing import PackResult
from qianli.stages.replacements import ReplaceResult, TakenBack
from qianli.stages.unit import minute_of
from qianli.stages.waybill_sheet import write_parcels
from qianli.stages.withholding import Withheld
from qianli.state_words import PARCEL, TRACKING

app = typer.Typer(help="包裹：装箱、补寄、收回退件。", no_args_is_help=True)

REFUSED = 1
WIDE = 120  # columns of a terminal that has room for everything


@app.command()
def pack(
    references: Annotated[list[str] | None, typer.Argument(metavar="REF...", help="包裹编号，可以扫描面单。")] = None,
    campaign: Annotated[str | None, typer.Option("--all", metavar="CODE", help="该活动所有备好单据的包裹。")] = None,
    as_json: JsonOption = False,
) -> None:
    """登记已装箱的包裹。"""
    if bool(references) == bool(campaign):
        raise BadInput("请写包裹编号，或者用 --all 活动代码，两者选一。")
    by = context.by()
    result = packing.pack_all(campaign, by=by) if campaign else packing.pack(references or [], by=by)
    emit(result, as_json=as_json, show=lambda: _show_packed(result))
    if result.refused:
        raise typer.Exit(REFUSED)


def _show_packed(result: PackResult) -> None:
    before = f"，另有 {len(result.already)} 件之前已装箱" if result.already else ""
    say(f"已装箱 {len(result.packed)} 件{before}。")
    for reference, reason in result.refused:
        errors.print(f"  {reference}：{reason}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def replace(
    consignment: Annotated[str, typer.Argument(metavar="CONSIGNMENT", help="书信上的编号，如 CODE-0042。")],
    sku: Annotated[list[str] | None, typer.Option("--sku", help="要补寄的物品，可写多次。")] = None,
    as_json: JsonOption = False,
) -> None:
    """登记补寄；由“campaign fulfil”编成新包裹。"""
    result = replacements.replace(consignment, sku or [], by=context.by())
    emit(result, as_json=as_json, show=lambda: _show_replaced(result))


def _show_replaced(result: ReplaceResult) -> None:
    if result.already:
        say(f"{result.number}：{'、'.join(result.already)} 已经在补寄或待寄出，没有重复登记。")
    if result.asked:
        code = result.number.rpartition("-")[0]
        say(f"{result.number}：已登记补寄 {'、'.join(result.asked)}。下一步：qianli campaign fulfil {code}")


@app.command("take-back")
def take_back(
    reference: Annotated[str, typer.Argument(metavar="REF", help="包裹编号。")],
    put_back: Annotated[bool, typer.Option("--put-back", help="东西完好，放回库存。")] = False,
    write_off: Annotated[bool, typer.Option("--write-off", help="东西损坏或丢失，报损。")] = False,
    because: Annotated[
        ReturnedFor | None,
        typer.Option("--because", help="退件批条写的：moved 迁移；unknown_person 查无此人；wrong_address 名址有误。"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """收回退件：入库或报损。"""
    if put_back == write_off:
        raise BadInput("请在 --put-back（放回库存）和 --write-off（报损）里选一个。")
    result = replacements.take_back(reference, put_back=put_back, because=because, by=context.by())
    emit(result, as_json=as_json, show=lambda: _show_taken_back(result))


def _show_taken_back(result: TakenBack) -> None:
    if result.already:
        say(f"包裹 {result.reference} 之前已经收回，没有变化。")
        return
    say(f"包裹 {result.reference} 已收回，{result.way}。")
    if result.warning:
        say(f"请注意：{result.warning}")
    if result.held:
        say(f"暂缓、等核实地址后重寄：{'、'.join(result.held)}。下一步：更新台账，再运行“campaign prepare”。")
    if result.answered:
        say(f"本人已经答复、状态不变：{'、'.join(result.answered)}。要再寄请用“parcel replace”。")


@app.command()
def refuse(
    references: Annotated[list[str], typer.Argument(metavar="REF...", help="包裹编号。")],
    reason: Annotated[str, typer.Option("--reason", help="快递公司说的原因，不写姓名电话。")] = "",
    as_json: JsonOption = False,
) -> None:
    """快递公司不肯承运：包裹作废，里面的人暂缓。"""
    result = refusing.refuse(references, reason=reason, by=context.by())
    emit(result, as_json=as_json, show=lambda: _show_refused(result))


def _show_refused(result: Withheld) -> None:
    if not result.parcels:
        say("这些包裹之前已经作废，没有变化。")
    for sentence in result.sentences():
        say(sentence)
    if result.held:
        say("与快递公司说好可以再寄以后：qianli consignment release 寄送编号")


@app.command("list")
def list_parcels(
    code: Annotated[str, typer.Argument(metavar="CODE", help="活动代码。")],
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """活动的所有包裹：编号、次序、阶段、物流、运单号、快递，宽屏上还有最近何时有消息、何时再查。存成表格的，填上运单号可以导回来。"""
    rows = packing.list_parcels(code)
    if xlsx is not None:
        write_parcels(xlsx, code)
    columns = ["编号", "次序", "阶段", "物流", "运单号", "快递", "预计送达"]
    is_heard_of = console.width >= WIDE and any(one.news_at for one in rows)  # else references would be broken in two
    if is_heard_of:
        columns += ["最近消息", "下次查询"]
    shown = [
        (
            one.reference,
            one.sequence,
            PARCEL[ParcelStage(one.stage)],
            TRACKING[Tracking(one.tracking)],
            one.waybill,
            courier(one.courier).name,
            f"{one.promised_on or ''}{' 暂' if one.provisional else ''}",
            *((minute_of(one.news_at), minute_of(one.asked_next_at)) if is_heard_of else ()),
        )
        for one in rows
    ]

    def show() -> None:
        table("包裹", columns, shown)
        if any(one.provisional for one in rows):
            say(f"标“暂”的送达日：{PROVISIONAL}。")
        if xlsx is not None:
            say(f"表格已存为 {xlsx}。填上运单号后导入：qianli parcel waybills {xlsx}")

    emit(rows, as_json=as_json, show=show)
