"""`qianli programme`: columns and items of a study programme, and how a month went."""

from pathlib import Path
from typing import Annotated

import typer

from models import StudyState
from qianli.cli import long_lists
from qianli.cli.common import JsonOption, context, emit, read_file, say, table
from qianli.errors import BadInput
from qianli.stages import programmes, publishing, study_closing, study_importing, study_months
from qianli.stages.programmes import AddedProgramme
from qianli.stages.study_months import MonthReport
from qianli.state_words import STUDY

app = typer.Typer(help="网上党支部：学习栏目、每日发布、学习页面、讨论、月报。", no_args_is_help=True)
Code = Annotated[str, typer.Argument(metavar="CODE", help="学习栏目的代码，见 programme list。")]


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="写明代码、名称、各栏目的 YAML 文件，样子见 examples/study/。")],
    organisation: Annotated[str, typer.Option("--organisation", help="哪个组织办的；它和下级可以开设学习页面。")],
    as_json: JsonOption = False,
) -> None:
    """登记学习栏目；文件有改动的，照新的改。"""
    done = programmes.add(read_file(file), organisation=organisation, by=context.by())
    emit(done, as_json=as_json, show=lambda: say(_added(done)))


def _added(done: AddedProgramme) -> str:
    if done.added:
        return f"已登记 {done.code}（{done.name}），{done.columns} 个栏目。"
    return f"{done.code} 已照文件改好。" if done.changed else f"{done.code} 早已如此登记，没有改动。"


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """有哪些学习栏目，各有多少篇待发布、已发布。"""
    found = programmes.every()
    rows = [[one.code, one.name, one.organisation, "、".join(one.columns), one.planned, one.published] for one in found]
    columns = ["代码", "名称", "组织", "栏目", "待发布", "已发布"]
    emit(found, as_json=as_json, show=lambda: table("学习栏目", columns, rows))


@app.command("import")
def import_(
    code: Code,
    file: Annotated[Path, typer.Argument(help="XLSX、CSV 或 Markdown：栏目、标题、正文、链接、图片、音频、计划日期。")],
    as_json: JsonOption = False,
) -> None:
    """导入学习内容和放在同一个文件夹里的图片；没写日期的，按栏目的节奏往后排。同一份再导一次，什么也不会变。"""
    done = study_importing.import_items(
        code, read_file(file), filename=file.name, beside=lambda name: _beside(file, name), by=context.by()
    )

    def show() -> None:
        refused = len({(one.sheet, one.row) for one in done.rejected})
        say(f"登记 {done.accepted} 篇，没有变化 {done.unchanged} 篇，退回 {refused} 篇。")
        long_lists.problems(done.rejected, done.notices, done.fix_file)

    emit(done, as_json=as_json, show=show)


def _beside(file: Path, name: str) -> bytes:
    try:
        return read_file(file.parent / name)
    except BadInput as error:
        raise BadInput(f"没有找到图片“{name}”：请和这份表放在同一个文件夹里") from error


@app.command()
def items(
    code: Code,
    state: Annotated[
        StudyState | None, typer.Option("--state", help="只看这一种：planned 待发布，published 已发布。")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """各栏目的内容：计划哪一天，发布了没有。"""
    found = programmes.items(code, state=state)
    rows = [[one.id, one.column, one.title, one.planned_on, STUDY[one.state]] for one in found]
    emit(
        found,
        as_json=as_json,
        show=lambda: table(f"内容（{len(found)} 篇）", ["编号", "栏目", "标题", "计划日期", "状态"], rows),
    )


@app.command()
def publish(as_json: JsonOption = False) -> None:
    """把到了日子的都发布出来（每天 7:30 自动做一次）；再做一次不会重发。"""
    done = publishing.publish(by=context.by())
    study_closing.close()

    def show() -> None:
        for one in done:
            say(
                f"{one.code}：发布 {one.items} 篇，其中 {one.announced} 篇是要提醒的新内容，排上 {one.notices} 条消息。"
            )
        if not any(one.items for one in done):
            say("今天没有要发布的。")

    emit(done, as_json=as_json, show=show)


@app.command()
def withdraw(
    code: Code,
    item: Annotated[int, typer.Argument(metavar="ID", help="内容编号，见 programme items。", min=1, max=2**31 - 1)],
    reason: Annotated[str, typer.Option("--reason", help="为什么撤下，记入流水。")],
    as_json: JsonOption = False,
) -> None:
    """撤下一篇：页面上不再显示；已经登记的学习仍然算数。"""
    gone = programmes.withdraw(code, item, reason=reason, by=context.by())
    emit(
        {"id": item, "withdrawn": gone},
        as_json=as_json,
        show=lambda: say("已撤下。" if gone else "早已撤下，没有改动。"),
    )


@app.command()
def report(
    code: Code,
    month: Annotated[str, typer.Argument(metavar="MONTH", help="哪个月，如 2026-12。")],
    as_json: JsonOption = False,
) -> None:
    """月报：各支部怎样送到、多少人参加、多少人久未参加；只有合计，不排名。"""
    found = study_months.report(code, study_months.read_month(month), by=context.by())
    emit(found, as_json=as_json, show=lambda: _show_report(found))


def _show_report(found: MonthReport) -> None:
    for sentence in found.sentences:
        say(sentence)
    columns = ["组织", "党员", "页面", "读本", "电话", "未送到", "参加", "久未参加"]
    rows = [
        [
            path, one.members, one.by_page, one.by_print, one.by_call, one.not_reached, one.took_part, one.silent
        ]
        for path, one in found.branches
    ]  # fmt: skip
    table("各组织", columns, rows)
    say(f"月报：{found.path}")
