"""`qianli receipt …`: what members say by telephone or in person."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from models import Said, SaidVia, ToldVia
from qianli.cli import long_lists
from qianli.cli.common import JsonOption, SpreadsheetOption, context, emit, say, table
from qianli.errors import BadInput
from qianli.receipts.names import masked
from qianli.settings import settings
from qianli.stages import chasing, receipts, reminders
from qianli.stages.unit import day_of

app = typer.Typer(help="收件答复：登记和查看党员说收到没有。", no_args_is_help=True)

CampaignOption = Annotated[str, typer.Option("--campaign", help="活动代码。")]
SAID = {
    Said.all_here: "全部收到",
    Said.something_missing: "有缺少",
    Said.damaged: "有破损",
    Said.not_received: "没有收到",
}
VIA = {SaidVia.page: "网页", SaidVia.phone: "电话", SaidVia.visit: "上门"}


@app.command()
def record(
    campaign: CampaignOption,
    member: Annotated[str, typer.Option("--member", help="党员编号，或寄送编号（例如 QLCS-2027-0042）。")],
    said: Annotated[
        Said,
        typer.Option(
            "--said", help="all_here 全部收到；something_missing 有缺少；damaged 有破损；not_received 没有收到。"
        ),
    ],
    missing: Annotated[list[str] | None, typer.Option("--missing", help="缺少的物品代码，可写多次。")] = None,
    damaged: Annotated[list[str] | None, typer.Option("--damaged", help="破损的物品代码，可写多次。")] = None,
    note: Annotated[str, typer.Option("--note", help="留言，最多 200 字。")] = "",
    via: Annotated[SaidVia, typer.Option("--via", help="phone 电话；visit 当面。")] = SaidVia.phone,
    as_json: JsonOption = False,
) -> None:
    """登记党员在电话里或当面说的收件情况；活动办结前可以再次登记来更正。"""
    if via == SaidVia.page:
        raise BadInput("--via 只能写 phone（电话）或 visit（当面），网页上的答复由党员自己登记。")
    done = receipts.record_by_member(
        campaign, member, said=said, missing=missing or [], damaged=damaged or [], note=note, via=via, by=context.by()
    )
    changed = f"{done.consignment} 已登记：{SAID[done.said]}。"
    emit(
        done,
        as_json=as_json,
        show=lambda: say(changed if done.changed else f"{done.consignment} 早已如此登记，没有改动。"),
    )


@app.command(name="list")
def list_(campaign: CampaignOption, as_json: JsonOption = False) -> None:
    """列出活动中每名党员最近一次的答复。"""
    told = receipts.list_receipts(campaign)
    zone = ZoneInfo(settings().time_zone)

    def show() -> None:
        table(
            "收件答复",
            ["寄送编号", "姓名", "答复", "缺少", "破损", "留言", "途径", "时间"],
            [
                (
                    one.consignment, one.name, SAID[one.said], "、".join(one.missing), "、".join(one.damaged), one.note,
                    VIA[one.via], one.recorded_at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                )
                for one in told
            ],
        )  # fmt: skip

    emit(told, as_json=as_json, show=show)


@app.command()
def chase(
    campaign: CampaignOption,
    after_days: Annotated[
        int | None,
        typer.Option("--after-days", min=0, max=365, help="快递报告妥投后几天没有答复才列入；不写按活动的回访安排。"),
    ] = None,
    xlsx: SpreadsheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """列出要打电话的人和怎么说：包裹在等本人去取的、由别人代收的、妥投后没有答复的。存成表格的带电话。"""
    calls = chasing.to_call(campaign, after_days=after_days)
    if xlsx is not None:
        chasing.write_calls(xlsx, calls)
    emit([_shown(one) for one in calls], as_json=as_json, show=lambda: _show_calls(calls, xlsx))


def _shown(one: chasing.ToCall) -> dict[str, object]:
    """Telephone numbers stand in the spreadsheet only."""
    return {
        "number": one.number,
        "member": masked(one.member),
        "reference": one.reference,
        "since_at": one.since_at,
        "told_at": one.told_at,
        "words": one.words,
    }


def _show_calls(calls: list[chasing.ToCall], xlsx: Path | None) -> None:
    rows = [
        (one.number, masked(one.member), day_of(one.since_at), day_of(one.told_at) if one.told_at else "")
        for one in calls
    ]
    table("要打电话的人", ["寄送编号", "姓名", "从哪天起", "上次告知"], rows)
    for one in calls[: long_lists.MOST_SHOWN]:
        say(f"{one.number}：{one.words}")
    if xlsx is not None:
        say(f"带电话的名单已存为 {xlsx}。含个人信息，用完请删除。")
    if calls:
        say("告诉了本人：qianli receipt told 寄送编号；本人有答复：qianli receipt record")


@app.command()
def told(
    consignment: Annotated[str, typer.Argument(metavar="CONSIGNMENT", help="寄送编号，如 CODE-0042。")],
    via: Annotated[ToldVia, typer.Option("--via", help="phone 电话；message 短信、微信；visit 当面。")] = ToldVia.phone,
    as_json: JsonOption = False,
) -> None:
    """登记已经告诉本人去取、去问；这不算本人的答复。"""
    number = reminders.told(consignment, via=via, by=context.by())
    emit(
        {"number": number, "via": via},
        as_json=as_json,
        show=lambda: say(f"{number} 已登记：告诉了本人，等本人答复。"),
    )
