"""`qianli call …`: calls to make, by caller."""

from pathlib import Path
from typing import Annotated

import typer

from qianli.cli.common import JsonOption, context, emit, say, table
from qianli.receipts.names import masked
from qianli.stages import call_notices, call_sheets, phone_calls
from qianli.stages.exporting import write_file
from qianli.stages.unit import minute_of
from qianli.store.scope import Scope

app = typer.Typer(help="电话：要打给谁、由谁打、怎么说。", no_args_is_help=True)
EVERYTHING = Scope(None)
Ids = Annotated[list[int], typer.Argument(metavar="CALL...", help="电话编号，见“call list”。")]


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """列出要打的电话，到时间的在前；姓名只显示一部分，号码在单子上。"""
    found = phone_calls.listed(EVERYTHING)
    rows = [
        [
            one.id,
            one.about,
            one.number,
            masked(one.member),
            one.organisation,
            minute_of(one.due_at),
            one.tries,
            one.caller,
        ]
        for one in found
    ]
    headings = ["编号", "用途", "寄送编号", "姓名", "组织", "什么时候打", "没人接", "谁打"]
    shown = [
        dict(zip(("id", "about", "number", "member", "organisation", "due", "tries", "caller"), row, strict=True))
        for row in rows
    ]
    emit(shown, as_json=as_json, show=lambda: table("要打的电话", headings, rows))


@app.command()
def sheet(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="存成的 PDF。")],
    as_json: JsonOption = False,
) -> None:
    """今天要打的电话印成单子，一个人一份；含电话，用完请销毁。"""
    made = call_sheets.sheets(EVERYTHING)
    write_file(path, made.content)
    emit(
        {"path": str(path), "callers": made.callers, "calls": made.calls},
        as_json=as_json,
        show=lambda: say(f"{made.callers} 份单子、{made.calls} 个电话，已存为 {path}。含个人信息，用完请销毁。"),
    )


@app.command()
def assign(
    ids: Ids,
    to: Annotated[
        str | None, typer.Option("--to", metavar="LOGIN", help="由谁打（登录名）；不写就是还没有分给人。")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """把电话分给工作人员；只能分给看得到这些党员的人。"""
    changed = phone_calls.assign(EVERYTHING, ids, caller=to, by=context.by())
    emit({"changed": changed}, as_json=as_json, show=lambda: say(f"已分好，{changed} 个有变化。"))


@app.command()
def notice(
    code: Annotated[str, typer.Argument(metavar="CODE", help="这次通知的代码，自己起；再运行一次不会重复列入。")],
    organisation: Annotated[str, typer.Argument(metavar="ORGANISATION", help="通知哪个组织及其下级的党员。")],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="怎么说，例如“7月1日8:00有直播，请收看”。")],
    as_json: JsonOption = False,
) -> None:
    """电话通知（电话促学）：把一个组织的党员列入电话名单，写明怎么说；要求不再联系的不列入。"""
    added = call_notices.notice(code, organisation, words, by=context.by())
    emit(
        {"added": added},
        as_json=as_json,
        show=lambda: say(f"已列入 {added} 个电话；出单子：qianli call sheet 电话名单.pdf"),
    )
