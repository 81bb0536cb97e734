"""The list of messages: to whom by number and masked name, what became of each, what to do where it went wrong."""

from collections.abc import Mapping

from qianli.errors import NotFound, RuleBroken
from qianli.receipts.names import masked
from qianli.stages import message_cases, message_channels
from qianli.stages.listing import Act, Asks, Filter, Line, Noun
from qianli.stages.message_views import became_of, number_of, title_of
from qianli.stages.unit import minute_of, reading
from qianli.state_words import MESSAGE_NEXT
from qianli.store import message_facts
from qianli.store.lists import Sought
from qianli.store.message_facts import Standing

UNCLEAR = "在渠道的管理后台查，或问本人收到没有，再点“已发出”或“没有发出”。"
TOO_LATE = "这一条已经发出、正在发或者不用发了，不能撤回。"


def _messages(asks: Asks, sought: Sought) -> list[Line]:
    with reading() as session:
        found = message_facts.sought(session, asks.scope, sought)
    names = {code: name for code, (name, _) in message_channels.offered().items()}
    return [_line(one, names) for one in found]


def _line(one: Standing, channels: Mapping[str, str]) -> Line:
    message, number = one.message, number_of(one)
    became, why = became_of(message)
    ended_at = message.failed_at or message.delivered_at or message.answered_at or message.due_at
    whom = f"{number} {masked(one.name)}".strip() if message.member_id or number else one.organisation
    channel = channels.get(message.channel, message.channel)
    return Line(
        message.key,
        (whom, title_of(message), channel, minute_of(ended_at), became, "。".join(filter(None, (why, _next(one))))),
        link=number,
        acts=_acts(one),
    )


def _next(one: Standing) -> str:
    """What is to be done about it, if anything is."""
    if one.message.unclear_at:
        return UNCLEAR
    if one.message.failed_at and not one.message.cancelled_at:
        return MESSAGE_NEXT.get(one.message.failure_kind, MESSAGE_NEXT["other"])
    return ""


def _acts(one: Standing) -> tuple[str, ...]:
    message = one.message
    if message.unclear_at:
        return ("sent", "not_sent")
    is_over = message.answered_at or message.failed_at or message.cancelled_at
    return () if is_over or message.asked_at else ("withdraw",)


def _key(asks: Asks, message_id: int) -> str:
    with reading() as session:
        found = message_facts.key_of(session, asks.scope, message_id=message_id)
    if found is None:
        raise NotFound("没有这条消息。")
    return found


def _sent(asks: Asks, message_id: int, _form: Mapping[str, str]) -> str:
    message_cases.settle(_key(asks, message_id), sent=True, by=asks.by)
    return "已登记：这一条发出了，问题已办结。"


def _not_sent(asks: Asks, message_id: int, _form: Mapping[str, str]) -> str:
    message_cases.settle(_key(asks, message_id), sent=False, by=asks.by)
    return "已登记：这一条没有发出，问题已办结；系统不会再发，请改打电话。"


def _withdraw(asks: Asks, message_id: int, _form: Mapping[str, str]) -> str:
    _key(asks, message_id)
    if not message_cases.withdraw(message_id, by=asks.by):
        raise RuleBroken(TOO_LATE)
    return "已撤回，这一条不发了。"


MESSAGES: dict[str, Noun] = {
    "messages": Noun(
        "消息", "短信、微信、邮件和人工发送的消息，新的在前；不知发出没有的先查明。",
        ("给谁", "消息", "渠道", "时间", "结果", "原因和下一步"), _messages,
        (
            Filter("campaign", "只看活动"),
            Filter("state", "结果", {
                "unclear": "不知发出没有", "failed": "没有发出、没有送达", "waiting": "等待发送", "sent": "已发出",
                "delivered": "已送达", "cancelled": "不用发了",
            }),
        ),
        {
            "sent": Act("已发出", "cases", _sent),
            "not_sent": Act("没有发出", "cases", _not_sent),
            "withdraw": Act("撤回", "cases", _withdraw),
        },
        searched="消息编号或寄送编号",
    ),
}  # fmt: skip
