"""The closing report in sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models import Channel, ConsignmentState
from qianli.campaigns.report import Group, Numbers, Owed, average_days, each, yuan

S = ConsignmentState
ENDED = {
    S.confirmed: "本人确认全部收到",
    S.confirmed_with_issues: "本人收到，有缺少或破损",
    S.denied: "本人反映没有收到",
    S.unconfirmed: "未得到本人答复",
    S.not_sent: "未寄",
    S.cancelled: "已取消",
}
REMARKS = {
    S.confirmed_with_issues: "{count} 份本人收到，但有缺少或破损，问题均已办结。",
    S.denied: "{count} 份本人反映没有收到，问题均已办结。",
    S.cancelled: "{count} 份在寄出前取消，不计入应寄。",
}
MOST_NUMBERS = 10


@dataclass(frozen=True)
class Heads:
    """What the columns of a report are called, from owed to confirmed, and what a table's narrow ones are."""

    owed: str
    sent: str
    delivered: str
    confirmed: str
    narrow: tuple[str, str, str, str]
    fee: str


POST = Heads("应寄", "寄出", "快递报告妥投", "本人确认收到", ("应寄", "寄出", "妥投", "确认收到"), "邮资")
MESSAGE = Heads("应通知", "发出", "渠道报告送达", "本人回复知道", ("应通知", "发出", "送达", "回复知道"), "通信费")
PHONE = Heads("应通知", "打过电话", "电话里告诉了", "本人答复知道", ("应通知", "打过", "告诉了", "答复知道"), "通信费")
HEADS = {Channel.post: POST, Channel.message: MESSAGE, Channel.phone: PHONE}
TOLD_ENDED = {
    S.confirmed: "本人回复知道",
    S.denied: "本人说没有看到",
    S.unconfirmed: "未得到本人答复",
    S.not_sent: "未通知",
    S.cancelled: "已取消",
}


def told_summary(numbers: Numbers, heads: Heads) -> tuple[str, ...]:
    """The same where members were told something."""
    total = numbers.total
    return (
        (
            f"{heads.owed} {total.owed} 人，{heads.sent} {total.sent} 人，{heads.delivered} {total.delivered} 人，"
            f"{heads.confirmed} {total.confirmed} 人。"
        ),
        f"共支出 {yuan(total.fen)} 元（{heads.fee}）。" if total.fen else "没有写明单价，不计费用。",
    )


def told_remarks(numbers: Numbers, *, why_unconfirmed: str | None, numbered: Mapping[int, str]) -> tuple[str, ...]:
    """What did not end well, and why."""
    by_reason: dict[str, list[Owed]] = {}
    for one in numbers.not_sent:
        by_reason.setdefault((one.reason or "没有写明原因").rstrip("。"), []).append(one)
    found = [
        f"{len(rows)} 人未通知：{reason}（{_listed(numbered[row.number] for row in rows)}）。"
        for reason, rows in by_reason.items()
    ]
    if count := numbers.states.get(S.unconfirmed, 0):
        found.append(f"{count} 人未得到本人答复：{(why_unconfirmed or '没有写明原因').rstrip('。')}。")
    if count := numbers.states.get(S.denied, 0):
        found.append(f"{count} 人说没有看到，问题均已办结。")
    if count := numbers.states.get(S.cancelled, 0):
        found.append(f"{count} 人在通知前取消，不计入应通知。")
    return tuple(found)


def summary(numbers: Numbers) -> tuple[str, ...]:
    """What happened, how fast, and what it cost."""
    total = numbers.total
    owed, sent, delivered, confirmed = total.owed, total.sent, total.delivered, total.confirmed
    return (
        f"应寄 {owed} 份，寄出 {sent} 份，快递报告妥投 {delivered} 份，本人确认收到 {confirmed} 份。",
        _speed(total),
        _cost(total),
    )


def _speed(total: Group) -> str:
    back = f"退回 {total.returned} 份。" if total.returned else "没有退回。"
    if not total.days:
        return f"快递没有报告妥投日期。{back}"
    fast, slow = min(total.days), max(total.days)
    return f"自交接到妥投最快 {fast} 天，最慢 {slow} 天，平均 {average_days(total.days)} 天；{back}"


def _cost(total: Group) -> str:
    parts = f"共支出 {yuan(total.fen)} 元（邮资 {yuan(total.postage_fen)} 元，物品 {yuan(total.items_fen)} 元）"
    share = each(total.fen, total.sent)
    return f"{parts}，寄出的平均每份 {share}\u00a0元。" if share else f"{parts}。"


def remarks(numbers: Numbers, *, why_unconfirmed: str | None, numbered: Mapping[int, str]) -> tuple[str, ...]:
    """What did not end well, and why; `numbered` are the numbers as printed on the letters."""
    by_reason: dict[str, list[Owed]] = {}
    for one in numbers.not_sent:
        by_reason.setdefault((one.reason or "没有写明原因").rstrip("。"), []).append(one)
    found = [
        f"{len(rows)} 份未寄：{reason}（{_listed(numbered[row.number] for row in rows)}）。"
        for reason, rows in by_reason.items()
    ]
    if count := numbers.states.get(S.unconfirmed, 0):
        found.append(f"{count} 份未得到本人答复：{(why_unconfirmed or '没有写明原因').rstrip('。')}。")
    found += [
        words.format(count=numbers.states[state]) for state, words in REMARKS.items() if numbers.states.get(state)
    ]
    return tuple(found)


def sent_again(parcels: int, postage_fen: int, items: Sequence[tuple[str, int, int]]) -> str:
    """What was sent again; `items` are name, quantity and fen for one."""
    listed = "、".join(f"{name} {quantity}" for name, quantity, _ in items)
    goods_fen = sum(quantity * fen for _, quantity, fen in items)
    return (
        f"另行补寄 {parcels} 件包裹（{listed}），邮资 {yuan(postage_fen)} 元、物品 {yuan(goods_fen)} 元，已计入支出。"
    )


def weighed(warned: int, back: int, arrived: int, others: int, others_back: int, others_arrived: int) -> str:
    """What became of those that were warned of, beside the others."""
    return (
        f"准备时预警可能送不到、仍寄出的 {warned} 份：退回 {back} 份，妥投 {arrived} 份；"
        f"没有预警的 {others} 份：退回 {others_back} 份，妥投 {others_arrived} 份。"
    )


def _listed(names: Iterable[str]) -> str:
    """The first few by name, the rest by count."""
    every = list(names)
    return "、".join(every) if len(every) <= MOST_NUMBERS else f"{'、'.join(every[:MOST_NUMBERS])} 等"
