"""Messages as people see them: what each is, whom it is for by number only, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models import Message
from qianli.campaigns.references import consignment_number
from qianli.channels import texts
from qianli.stages import messages
from qianli.stages.unit import reading
from qianli.state_words import MESSAGE_END, MESSAGE_FAILURE, PURPOSE
from qianli.store import campaigns, message_facts
from qianli.store.message_facts import Counts

MOST = 200


@dataclass(frozen=True)
class MessageView:
    """One message. `for_whom` is the consignment's number, or the organisation of a group; no name, no telephone."""

    key: str
    purpose: str
    text: str
    channel: str
    for_whom: str
    due_at: datetime
    became: str
    why: str


def listed(campaign: str | None = None, *, most: int = MOST) -> tuple[Counts, list[MessageView]]:
    """How far the messages of a campaign, or all, are; and the newest of them."""
    with reading() as session:
        id_ = campaigns.by_code(session, code=campaign).key if campaign is not None else None
        found = message_facts.listed(session, campaign_id=id_, most=most)
        standing = {one.message.key: one for one in message_facts.standing(session, ids=[one.key for one in found])}
        return message_facts.counts(session, campaign_id=id_), [_view(standing[one.key]) for one in found]


def _view(one: message_facts.Standing) -> MessageView:
    message = one.message
    number = number_of(one)
    became, why = became_of(message)
    return MessageView(
        message.sending_key, PURPOSE[message.purpose], title_of(message), message.channel, number or one.organisation,
        message.due_at, became, why,
    )  # fmt: skip


def title_of(message: Message) -> str:
    """What its text is called."""
    return texts.TEXTS[message.text_code].title if message.text_code in texts.TEXTS else "活动写明的话"


def number_of(one: message_facts.Standing) -> str:
    """The number of the consignment it is about; empty if it is about none."""
    return consignment_number(one.campaign_code, one.number) if one.campaign_code and one.number else ""


def became_of(message: Message) -> tuple[str, str]:
    """What became of it, and why, in words."""
    if message.cancelled_at and message.cancel_reason:
        return "不用发了", MESSAGE_END[message.cancel_reason]
    if message.failed_at:
        said = MESSAGE_FAILURE.get(message.failure_kind, MESSAGE_FAILURE["other"])
        became = "没有发出" if message.answered_at is None else "没有送达"
        return became, "：".join(filter(None, (said, message.failure_words)))
    for at, said in (
        (message.unclear_at, "不知发出没有"), (message.delivered_at, "已送达"), (message.answered_at, "已发出"),
        (message.artefact_id, "已列表待人工发送"), (message.asked_at, "正在发送"),
    ):  # fmt: skip
        if at:
            return said, ""
    return "等待发送", ""


def send() -> int:
    """Send in this process what is due, through every channel that is on; how many channels had something to send.

    The first failure is raised once every channel had its turn.
    """
    failures: list[Exception] = []
    places = messages.shards()
    for place in places:
        try:
            messages.run(place)
        except Exception as error:  # noqa: BLE001 - one channel never takes the others down
            failures.append(error)
    if failures:
        raise failures[0]
    return len(places)


@dataclass(frozen=True)
class Preview:
    """A text as it is written and as somebody would read it."""

    code: str
    title: str
    body: str
    sample: str
    characters: int
    sms: int
    placeholders: Mapping[str, str]


def preview(code: str) -> Preview:
    """One text with its sample; a signature of the provider's is counted with eight characters."""
    found = texts.text(code)
    sample = found.sample()
    return Preview(
        code, found.title, found.body, sample, len(sample), texts.in_sms(sample, "六字的签名"), dict(found.values)
    )
