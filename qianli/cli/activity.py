"""`qianli activity`: what members took part in."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from models import TookPart
from qianli.cli import long_lists
from qianli.cli.common import JsonOption, context, emit, read_file, say
from qianli.stages import activities
from qianli.stages.courier_files import FileResult
from qianli.state_words import TOOK_PART

app = typer.Typer(help="参加活动：导入签到表，或逐人登记；member show 里能看到。", no_args_is_help=True)
MANNERS = "；".join(f"{how} {word}" for how, word in TOOK_PART.items())


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="签到表：姓名、出生日期（或手机号）、活动名称、活动日期、参加方式。")],
    organisation: Annotated[str, typer.Option("--organisation", help="这个组织和它的下级，家乡的、流入的都算。")],
    sheet: Annotated[str | None, typer.Option("--sheet", help="只导入这一张工作表。")] = None,
    as_json: JsonOption = False,
) -> None:
    """导入活动签到表；同一张表再导一次，什么也不会变。"""
    done = activities.import_activities(
        read_file(file), filename=file.name, organisation=organisation, sheet=sheet, by=context.by()
    )
    emit(done, as_json=as_json, show=lambda: _show(done))


def _show(done: FileResult) -> None:
    refused = len({(one.sheet, one.row) for one in done.rejected})
    say(f"登记 {done.accepted} 人次，早已登记 {done.unchanged} 人次，退回 {refused} 行。")
    long_lists.problems(done.rejected, done.notices, done.fix_file)


@app.command()
def add(
    member: Annotated[int, typer.Argument(metavar="ID", help="党员编号，见 member list。", min=1, max=2**31 - 1)],
    activity: Annotated[str, typer.Option("--activity", help="活动名称。")],
    held_on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="哪一天。")],
    how: Annotated[TookPart, typer.Option("--how", help=f"参加方式：{MANNERS}。")] = TookPart.in_person,
    as_json: JsonOption = False,
) -> None:
    """登记一名党员参加了活动。"""
    added = activities.add(member, activity=activity, held_on=held_on.date(), how=how, by=context.by())
    emit(
        {"id": member, "added": added},
        as_json=as_json,
        show=lambda: say("已登记。" if added else "早已如此登记，没有改动。"),
    )
