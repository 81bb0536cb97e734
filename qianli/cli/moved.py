"""`qianli campaign moved`: who moved since prepare, and what is to become of what they are owed."""

from typing import Annotated

import typer

from models import ParcelStage
from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.stages import moved as stage
from qianli.stages.moved import Decided, Moved
from qianli.state_words import PARCEL

Numbers = list[str] | None
WHOM = "寄送编号，可写多次；写 all 就是全部还没有定的。"


def moved(
    code: Annotated[str, typer.Argument(help="活动代码，如 QLCS-2027。", metavar="CODE")],
    leave: Annotated[Numbers, typer.Option("--leave", metavar="NUMBER", help=f"照原地址寄：{WHOM}")] = None,
    hold: Annotated[Numbers, typer.Option("--hold", metavar="NUMBER", help=f"先暂缓，等核实新住址：{WHOM}")] = None,
    redirect: Annotated[
        Numbers, typer.Option("--redirect", metavar="NUMBER", help=f"改寄新地址，原来的包裹作废、重新编排：{WHOM}")
    ] = None,
    whole: Annotated[bool, typer.Option("--show", help="显示完整的姓名和地址。")] = False,
    as_json: JsonOption = False,
) -> None:
    """准备之后、交接之前谁搬了家：原地址和新地址；逐个或全部决定照寄、暂缓、改寄。"""
    if leave or hold or redirect:
        done = stage.decide(code, leave=leave or (), hold=hold or (), redirect=redirect or (), by=context.by())
        emit(done, as_json=as_json, show=lambda: _say(done))
        return
    found = stage.list_moved(code, whole=whole)
    emit(found, as_json=as_json, show=lambda: _show(code, found))


def _show(code: str, found: list[Moved]) -> None:
    mine = [one for one in found if not one.with_courier]
    columns = ["寄送编号", "姓名", "包裹", "原地址", "新地址", "自", "已定"]
    table("准备之后住址有变，还没有寄出", columns, [_row(one) for one in mine])
    if any(not one.left for one in mine):
        say(f"决定：qianli campaign moved {code} --redirect 寄送编号（改寄）、--hold（暂缓）或 --leave（照原地址寄）。")
    if theirs := [one for one in found if one.with_courier]:
        table("已经交给快递公司", columns, [_row(one) for one in theirs])
        say("这几份只能请快递公司改址；改不了的，等退回后用“parcel take-back”收回，再寄新地址。")


def _row(one: Moved) -> tuple[object, ...]:
    stage_word = PARCEL[ParcelStage(one.stage)] if one.stage else "还没有包裹"
    new = one.now or "（没有住址）"
    return (one.number, one.member, stage_word, one.was, new, one.since, "照原地址寄" if one.left else "")


def _say(done: Decided) -> None:
    for numbers, said in [
        (done.left, "照原地址寄"),
        (done.redirected, "改寄新地址"),
        (done.held, "暂缓"),
        (done.already, "没有要决定的，没有改动"),
    ]:
        if numbers:
            say(f"{said}：{'、'.join(numbers)}。")
    if done.parcels:
        say(f"作废包裹：{'、'.join(done.parcels)}。已经印出、装好的，请拆开，书信和面单销毁，东西放回。")
    if done.others:
        say(f"同在这些包裹里、要另编包裹的：{'、'.join(done.others)}。")
    if done.manifests:
        say(f"作废交接单：{'、'.join(done.manifests)}，请重新封单。")
    if done.waybills:
        say(f"请通知快递公司作废运单：{'、'.join(done.waybills)}。")
    if done.redirected or done.others:
        say(f"下一步：qianli campaign fulfil {done.code}")
