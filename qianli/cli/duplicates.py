"""`qianli member duplicates`, `merge`, `unmerge`, `distinct`: one person in the ledger once."""

from typing import Annotated

import typer

from qianli.cli.common import JsonOption, SpreadsheetOption, context, emit, say, table
from qianli.stages import duplicates as stage
from qianli.stages import merging

MOST_SHOWN = 20
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="党员编号，或“可能重复”表里的编号。")]


def duplicates(
    organisation: Annotated[str | None, typer.Option("--organisation", help="只看有一方在这个组织或其下级的。")] = None,
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """台账里可能一人记了两条的：什么一致、什么不同、有多大把握。"""
    pairs = stage.list_pairs(organisation=organisation)
    if xlsx is not None:
        stage.write_pairs(xlsx, pairs)

    def show() -> None:
        rows = [_row(pair) for pair in pairs[:MOST_SHOWN]]
        table(f"可能一人两条（{len(pairs)} 对）", ["结论", "甲", "乙", "一致", "不同", "没有写"], rows)
        if len(pairs) > MOST_SHOWN:
            say(f"这里只列前 {MOST_SHOWN} 对；全部请加 --xlsx 存成表格。")
        if pairs:
            say("核对后，是同一人的：qianli member merge 保留的编号 并入的编号")
            say("是两个人的：qianli member distinct 编号 编号")
        if xlsx is not None:
            say(f"表格已存为 {xlsx}，里面有个人信息。")

    emit(pairs, as_json=as_json, show=show)


def _row(pair: stage.Pair) -> list[object]:
    sides = [
        "\n".join(part for part in (f"{one.id} {one.name}", one.organisation, one.lives_in) if part)
        for one in (pair.one, pair.other)
    ]
    return [pair.verdict, *sides, *("、".join(some) for some in (pair.agrees, pair.differs, pair.unknown))]


def merge(
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="保留的党员编号，或表里的编号。")],
    gone: Annotated[str, typer.Argument(metavar="GONE", help="并入的党员编号，或表里的编号。")],
    as_json: JsonOption = False,
) -> None:
    """两条记录是同一人：后一条并入前一条，以前的寄送、答复都保留，不会寄两份。"""
    done = merging.merge(keep, gone, by=context.by())
    emit(done, as_json=as_json, show=lambda: _show_merged(done))


def _show_merged(done: merging.Merged) -> None:
    if done.already:
        say(f"编号 {done.gone} 之前已经并入编号 {done.kept}，没有变化。")
        return
    say(f"{done.name}：编号 {done.gone} 已并入编号 {done.kept}。")
    if done.learnt:
        say(f"补上了：{'、'.join(done.learnt)}。")
    if done.address:
        say("住址按登记日期合在一起，请用“member addresses”看一下。")
    for sentence in done.withheld.sentences():
        say(sentence)
    if done.both_sent:
        say(f"请注意：有 {done.both_sent} 次活动两份都已寄出，收不回来了；请与本人说明。")
    say(f"并错了可以撤销：qianli member unmerge {done.gone}")


def unmerge(gone: IdArgument, as_json: JsonOption = False) -> None:
    """撤销合并：两条记录恢复原样。"""
    done = merging.unmerge(gone, by=context.by())

    def show() -> None:
        say(f"已撤销：编号 {done.gone}（{done.name}）和编号 {done.kept} 又是两条记录。")
        if not done.address:
            say(f"编号 {done.kept} 的住址在合并之后又登记过，没有改回；请用“member addresses {done.kept}”核对。")
        say(f"确是两个人的，请注明：qianli member distinct {done.kept} {done.gone}；再运行“campaign prepare”。")

    emit(done, as_json=as_json, show=show)


def distinct(
    one: IdArgument,
    other: IdArgument,
    undo: Annotated[bool, typer.Option("--undo", help="注明错了，撤销。")] = False,
    as_json: JsonOption = False,
) -> None:
    """注明两条记录是两个人（例如同名同住），以后不再提示。"""
    changed = stage.mark_distinct(one, other, undo=undo, by=context.by())
    said = ("已撤销注明" if undo else "已注明是两个人") if changed else "本来就是这样，没有变化"
    emit({"changed": changed}, as_json=as_json, show=lambda: say(f"{said}。"))
