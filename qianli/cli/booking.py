"""`qianli parcel book`, `parcel unbook`: numbers from couriers that are connected, and giving them back."""

from typing import Annotated

import typer

from qianli.cli import drive
from qianli.cli.common import JsonOption, context, emit, say
from qianli.stages import booking as stage
from qianli.stages import unbooking
from qianli.stages.unbooking import Unbooked


def book(
    code: Annotated[str, typer.Argument(metavar="CODE", help="活动代码。")],
    as_json: JsonOption = False,
) -> None:
    """向接通的快递公司订运单号：编好、还没有号的包裹；不出文件，在本进程里做。"""
    campaign_id = stage.campaign_to_book(code)
    drive.book(campaign_id)
    booked = stage.numbers(campaign_id)

    def show() -> None:
        say(f"已有接口运单号的 {booked.booked} 件。")
        if booked.refused:
            say(f"快递公司不接的 {booked.refused} 件，里面的人已经暂缓：qianli campaign holds {code}")
        say(f"下一步：qianli campaign fulfil {code}")

    emit(booked, as_json=as_json, show=show)


def unbook(
    references: Annotated[list[str], typer.Argument(metavar="REF...", help="包裹编号。")],
    as_json: JsonOption = False,
) -> None:
    """撤销经接口订的运单：包裹作废，里面的东西重新编包裹。交给快递公司之前才可以。"""
    done = unbooking.unbook(references, by=context.by())
    emit(done, as_json=as_json, show=lambda: _show(done))


def _show(done: Unbooked) -> None:
    for references, said in [
        (done.cancelled, "快递公司已撤销运单"),
        (done.refused, "快递公司不肯撤销，请打电话办理（见 qianli case list）"),
        (done.waiting, "快递公司还没有答复，系统会再去撤销（qianli reconcile）"),
    ]:
        if references:
            say(f"{said}：{'、'.join(references)}。")
    if done.voided:
        say(f"作废包裹：{'、'.join(done.voided)}。已经印出、装好的，请拆开，书信和面单销毁，东西放回。")
    if not any((done.cancelled, done.refused, done.waiting)):
        say("没有要撤销的运单，没有变化。" if not done.voided else "快递公司那里还没有这些订单。")
    if done.manifests:
        say(f"作废交接单：{'、'.join(done.manifests)}，请重新封单。")
    for code in sorted({one.rpartition("-")[0] for one in done.owed}):
        say(f"下一步：qianli campaign fulfil {code}（重新编包裹、订运单号）")
