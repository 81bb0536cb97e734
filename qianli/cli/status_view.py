"""`campaign status` for people: what waits for whom first, then the counts, then names and next steps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models import Channel
from qianli import state_words as words
from qianli.cli import long_lists
from qianli.cli.common import say, table
from qianli.stages.unit import local, minute_of

#: open count → who, what, how
WAITING = {
    "held": ("组织者", "暂缓寄送，等更正台账", "campaign holds"),
    "to_fulfil": ("组织者", "可以寄，等批准和出单", "campaign approve、fulfil"),
    "to_replace": ("组织者", "要补寄的物品，等出单", "campaign fulfil"),
    "to_pack": ("装箱人", "包裹等装箱", "parcel pack"),
    "to_seal": ("装箱人", "包裹等封交接单", "manifest seal"),
    "to_hand_over": ("快递", "包裹等交接", "manifest hand-over"),
    "to_send": ("发送的人", "消息等发送", "message list"),
    "to_call": ("打电话的人", "电话等着打", "call list"),
    "to_track": ("快递", "包裹在路上", "parcel events"),
    "to_remind": ("组织者", "等取件或别人代收，要告诉本人", "receipt chase"),
    "to_confirm": ("本人", "寄出后等本人答复", "receipt record"),
    "cases": ("组织者", "问题等处理", "case list"),
}
#: The same where members are told something.
TOLD = WAITING | {
    "held": ("组织者", "暂缓通知，等更正台账", "campaign holds"),
    "to_fulfil": ("组织者", "可以通知，等批准和安排", "campaign approve、fulfil"),
    "to_confirm": ("本人", "通知以后等本人答复", "receipt record"),
}
COUNTS = (
    ("寄送", "consignments", words.CONSIGNMENT, "份"),
    ("包裹", "parcels", words.PARCEL, "个"),
    ("其中补寄", "replacements", words.PARCEL, "个"),
    ("物流", "tracking", words.TRACKING, "个"),
    ("本人答复", "receipts", words.SAID, "份"),
)
TOLD_COUNTS = (
    ("通知", "consignments", words.TOLD_CONSIGNMENT, "人"), ("本人答复", "receipts", words.TOLD_SAID, "人"),
)  # fmt: skip


def show(status: Mapping[str, Any]) -> None:
    """Print what `qianli.stages.status.status` found."""
    state, planned = words.CAMPAIGN[status["state"]], status["planned_delivery_on"]
    by_post = status["channel"] == Channel.post
    say(f"{status['name']}（{status['code']}）：{state}，计划 {planned} {'送达' if by_post else '通知'}。")
    if status["purged_at"]:
        say(f"  个人信息已于 {_day(status['purged_at'])} 清除，以下只有统计。")
    for title, key, names, unit in COUNTS if by_post else TOLD_COUNTS:
        if status[key] or key != "replacements":
            say(f"  {title}：{_counted(status[key], names, unit)}")
    if status["overdue"]:
        say(f"  过了预计送达日还没有送到：{status['overdue']} 个")
    if status["silent_since"]:
        say(f"  在路上的包裹：最久的一个从 {minute_of(status['silent_since'])} 起没有新消息{_asked_next(status)}")
    for sentence in status["billed"].get("sentences", ()):
        say(f"  {sentence}")
    waiting = [(*(WAITING if by_post else TOLD)[key], count) for key, count in status["open"].items() if count]
    if waiting:
        rows = [[who, what, count, f"qianli {how}"] for who, what, how, count in waiting]
        table("谁在等什么", ["等谁", "什么事", "数量", "命令"], rows)
    _held(status["held"], what="寄送" if by_post else "通知", unit="份" if by_post else "人")
    _cases(status["cases"])
    moved = [{**one, "where": words.PARCEL.get(one["stage"], "还没有包裹")} for one in status["moved_since"]]
    _table("准备之后地址有变，还没有寄出", ["寄送编号", "姓名", "包裹"], moved, "number", "member", "where")
    late = [{**one, "on": _day(one["delivered_at"])} for one in status["to_chase"]]
    columns = ["寄送编号", "姓名", "包裹编号", "妥投日期", "已过天数"]
    _table("快递报告妥投、本人还没有答复", columns, late, "number", "member", "reference", "on", "days")


def _asked_next(status: Mapping[str, Any]) -> str:
    asked = status["asked_next_at"]
    return f"，下次向快递公司查询：{minute_of(asked)}" if asked else "，要用“parcel events”导入轨迹"


def _counted(counts: Mapping[Any, int], names: Mapping[Any, str], unit: str) -> str:
    return "，".join(f"{names[state]} {count} {unit}" for state, count in counts.items()) or "还没有"


def _held(held: Sequence[Mapping[str, Any]], *, what: str, unit: str) -> None:
    """In lines, not in a table: next steps are long, and commands in them are copied."""
    if held:
        say(f"暂缓{what}（{len(held)}）")
        long_lists.by_reason((one["sentence"] for one in held), unit=unit)
    for one in held[: long_lists.MOST_SHOWN]:
        say(f"  {one['number']} {one['member']}：{one['sentence']}")
        say(f"    下一步：{one['next_step']}")
    if len(held) > long_lists.MOST_SHOWN:
        shown = f"这里只列前 {long_lists.MOST_SHOWN} {unit}"
        say(f"  {shown}；全部用 qianli campaign holds 活动代码 --xlsx 文件 存成表格。")


def _cases(cases: Sequence[Mapping[str, Any]]) -> None:
    if cases:
        say(f"待处理的问题（{len(cases)}）")
    for one in cases:
        age = f"已 {one['age_days']} 天" if one["age_days"] else "今天"
        say(
            f"  编号 {one['id']}，{one['reference'] or one['number']}：{one['sentence']}（{age}，由{one['owner']}处理）"
        )
        say(f"    下一步：{one['next_step']}")


def _table(title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], *keys: str) -> None:
    if rows:
        table(f"{title}（{len(rows)}）", columns, [[row[key] for key in keys] for row in rows])


def _day(at: datetime) -> str:
    return local(at).strftime("%Y-%m-%d")
