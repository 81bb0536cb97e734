"""`qianli print`: print runs, spoiled sheets, printing again, and whether it all adds up."""

from pathlib import PurePath
from typing import Annotated

import typer

from models import ParcelStage
from qianli.cli.common import FromLabelOption, JsonOption, context, emit, errors, say, table
from qianli.stages import print_room, reprinting
from qianli.stages.print_room import PrintRoom
from qianli.stages.reprinting import Reprint, SpoilResult
from qianli.state_words import ARTEFACT, PARCEL

app = typer.Typer(help="打印：印次、打坏、重印、数目核对。", no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="活动代码，如 QLCS-2027。", metavar="CODE")]

REFUSED = 1


@app.command("list")
def list_runs(code: Code, as_json: JsonOption = False) -> None:
    """所有印次，各种单据制成、打坏、重印的份数，和包裹对不对得上。"""
    room = print_room.look(code)
    emit(room, as_json=as_json, show=lambda: _show(code, room))
    if any(print_room.difference(one) for one in room.kinds):
        raise typer.Exit(REFUSED)


def _show(code: str, room: PrintRoom) -> None:
    columns = ["印次", "种类", "份数", "页数", "作废", "打坏", "重印", "打印", "文件"]
    rows = [
        (
            one.number, ARTEFACT[one.kind], one.sheets, one.pages, one.voided or None, one.spoiled or None,
            one.reprints or None, "已打印" if one.printed_at else "做好" if one.made_at else "待做",
            PurePath(one.path).name,
        )
        for one in room.runs
    ]  # fmt: skip
    table("印次", columns, rows)
    counts = [(ARTEFACT[o.kind], o.made, o.good, o.spoiled, o.voided, o.waiting, o.printed) for o in room.kinds]
    table("份数", ["种类", "做好", "有效", "打坏", "作废", "待重印", "已打印"], counts)
    say(
        "包裹：" + "，".join(f"{PARCEL[stage]} {n}" for stage, n in room.parcels.items() if n or stage in _USUAL) + "。"
    )
    wrong = [sentence for one in room.kinds if (sentence := print_room.difference(one))]
    for sentence in wrong:
        errors.print(f"对不上：{sentence}", markup=False, highlight=False, soft_wrap=True)
    if not wrong:
        say("单据和包裹的数目相符。")
    if any(one.waiting for one in room.kinds):
        say(f"还有打坏的没有重印：qianli print reprint {code}")


_USUAL = (ParcelStage.printed, ParcelStage.packed, ParcelStage.handed_over)


@app.command()
def done(
    code: Code, runs: Annotated[list[int], typer.Argument(metavar="RUN...", help="印次。")], as_json: JsonOption = False
) -> None:
    """登记：这些印次已经从打印机打出来了。"""
    new = reprinting.came_out(code, runs, by=context.by())

    def show() -> None:
        numbers = "、".join(str(one) for one in new)
        say(f"已登记第 {numbers} 印次打印完成。" if new else "之前已经登记过，没有变化。")

    emit({"printed": new}, as_json=as_json, show=show)


@app.command()
def spoil(
    code: Code,
    run: Annotated[int, typer.Argument(metavar="RUN", help="印次。")],
    wanted: Annotated[list[str] | None, typer.Argument(metavar="[NUMBER...]", help="书信编号或包裹编号。")] = None,
    pages: Annotated[str | None, typer.Option(help="文件的第几页，如 3-5,9。")] = None,
    reason: Annotated[str, typer.Option(help="怎么坏的，如“卡纸”。")] = "",
    as_json: JsonOption = False,
) -> None:
    """登记打坏的书信、装箱单或面单。"""
    result = reprinting.spoil(code, run, wanted or [], pages=pages, reason=reason, by=context.by())
    emit(result, as_json=as_json, show=lambda: _show_spoiled(code, result))
    if result.refused:
        raise typer.Exit(REFUSED)


def _show_spoiled(code: str, result: SpoilResult) -> None:
    before = f"，另有 {len(result.already)} 份之前已登记" if result.already else ""
    say(f"已登记打坏 {len(result.spoiled)} 份{before}。")
    for name, reason in result.refused:
        errors.print(f"  {name}：{reason}", markup=False, highlight=False, soft_wrap=True)
    if result.spoiled:
        say(f"下一步：qianli print reprint {code}")


@app.command()
def reprint(code: Code, from_label: FromLabelOption = None, as_json: JsonOption = False) -> None:
    """把打坏的再印一份：新的印次，内容与原来相同。"""
    made = reprinting.reprint(code, from_label=from_label, by=context.by())

    def show() -> None:
        for one in made:
            say(_told(one))
        if not made:
            say("没有等着重印的。")

    emit(made, as_json=as_json, show=show)


def _told(one: Reprint) -> str:
    return f"第 {one.number} 印次：重印{ARTEFACT[one.kind]} {one.sheets} 份，文件 {one.path}"
