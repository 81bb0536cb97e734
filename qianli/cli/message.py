"""`qianli message …`: messages to members and groups."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qianli.channels.texts import TEXTS
from qianli.cli.common import JsonOption, context, emit, read_file, say, table
from qianli.stages import message_cases, message_sheets, message_views
from qianli.stages.unit import minute_of

app = typer.Typer(help="消息：短信、微信、邮件，到时间发出，每条只发一次。", no_args_is_help=True)


class Settled(StrEnum):
    """What was found out about an unclear message."""

    sent = "sent"
    not_sent = "not-sent"


@app.command("list")
def list_(
    campaign: Annotated[str | None, typer.Option("--campaign", metavar="CODE", help="只看这个活动。")] = None,
    as_json: JsonOption = False,
) -> None:
    """列出消息：给谁（编号）、走哪个渠道、结果怎样，最新的在前。"""
    counts, found = message_views.listed(campaign)

    def show() -> None:
        rows = [
            [one.key, one.purpose, one.text, one.channel, one.for_whom, minute_of(one.due_at), one.became, one.why]
            for one in found
        ]
        table("消息", ["编号", "用途", "文本", "渠道", "给谁", "时间", "结果", "原因"], rows)
        say(
            f"等待 {counts.waiting} 条，已发出 {counts.sent} 条（其中送达 {counts.delivered} 条），"
            f"没有发成 {counts.failed} 条，不知发出没有 {counts.unclear} 条，不用发 {counts.cancelled} 条。"
        )

    emit({"counts": counts, "messages": found}, as_json=as_json, show=show)


@app.command()
def send(as_json: JsonOption = False) -> None:
    """现在就发送到时间的消息，在本进程里做；平时由定时流程每十分钟发一次。"""
    channels = message_views.send()
    counts, _ = message_views.listed(most=1)

    def show() -> None:
        say(f"{channels} 个渠道发过一遍，还在等待的 {counts.waiting} 条。" if channels else "没有到时间要发的消息。")
        if counts.unclear:
            say(f"不知发出没有的 {counts.unclear} 条，请逐条查明：qianli case list")

    emit({"channels": channels, "counts": counts}, as_json=as_json, show=show)


@app.command()
def sheet(
    campaign: Annotated[str, typer.Argument(metavar="CODE", help="活动代码。")],
    as_json: JsonOption = False,
) -> None:
    """把没有接口、要人工发的消息列成一张表：给谁、发什么；每条只列一次。"""
    show_sheets(message_sheets.give_out(campaign, by=context.by()), as_json=as_json)


def show_sheets(done: list[message_sheets.GivenOut], *, as_json: bool) -> None:
    """The sheets, and what comes next."""

    def show() -> None:
        for one in done:
            say(f"待发消息 {one.messages} 条：{one.path}")
        say("发完填好“结果”，导回：qianli message results 文件" if done else "现在没有要人工发的消息。")

    emit(done, as_json=as_json, show=show)


@app.command()
def results(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="填好“结果”的那张表。")],
    as_json: JsonOption = False,
) -> None:
    """登记人工发送的结果：已发，或未发和原因。"""
    done = message_sheets.results(read_file(file), file.name, by=context.by())

    def show() -> None:
        say(f"登记已发 {done.sent} 条，未发 {done.failed} 条；早已登记的 {done.known} 条。")
        for line in done.unusable:
            say(line)

    emit(done, as_json=as_json, show=show)


@app.command()
def settle(
    key: Annotated[str, typer.Argument(metavar="KEY", help="消息编号，见“case list”。")],
    found: Annotated[Settled, typer.Argument(metavar="sent|not-sent", help="sent 已发出；not-sent 没有发出。")],
    as_json: JsonOption = False,
) -> None:
    """登记一条“不知发出没有”的消息查明的结果，问题随之办结；系统不会再发这一条。"""
    changed = message_cases.settle(key, sent=found is Settled.sent, by=context.by())
    said = "已发出" if found is Settled.sent else "没有发出"
    emit(
        {"key": key, "sent": found is Settled.sent, "changed": changed},
        as_json=as_json,
        show=lambda: say(f"已登记：{key} {said}。" if changed else f"{key} 早已登记为{said}，没有改动。"),
    )


@app.command()
def preview(
    text: Annotated[str, typer.Argument(metavar="TEXT", help=f"文本代码：{'、'.join(TEXTS)}。")],
    as_json: JsonOption = False,
) -> None:
    """看一种消息怎么写，收到是什么样子，算几条短信。"""
    found = message_views.preview(text)

    def show() -> None:
        say(f"{found.title}（{found.code}）")
        say(f"文本：{found.body}")
        say(f"样子：{found.sample}")
        say(f"{found.characters} 个字，连同签名算 {found.sms} 条短信。")

    emit(found, as_json=as_json, show=show)
