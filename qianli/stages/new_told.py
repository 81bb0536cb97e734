"""A campaign by message or by telephone from a form: counted and read before it is registered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models import Channel
from qianli.campaigns import words, written
from qianli.campaigns.told_definition import ToldDefinition, read_any_campaign
from qianli.channels.connected import MODULES
from qianli.channels.live import To
from qianli.channels.texts import in_sms
from qianli.errors import BadInput
from qianli.stages import audiences, channel_accounts, message_channels, told_campaigns
from qianli.stages.campaigns import NewCampaign, new_campaign
from qianli.stages.unit import reading
from qianli.store import audience, members, organisations

#: What the definition calls a value → what the form calls it, in the sentences about mistakes.
LABELS = {
    "code": "活动代码", "name": "活动名称", "organisation": "组织", "planned_delivery": "计划通知的日子",
    "sender": "落款", "words": "要说的话", "audience": "告诉谁", "messages": "从哪里发", "templates": "渠道的模板",
    "yuan_each": "每人多少元", "follow_up": "没有答复的怎么办",
}  # fmt: skip
#: Of a provider's short messages a signature stands in front.
SIGNATURE = "六字的签名"


def channels() -> dict[str, tuple[str, str]]:
    """Accounts a message to one member can go through, and by hand: code → name, and whom its data would go to."""
    to_groups = {
        one.account.code for one in channel_accounts.usable() if MODULES[one.account.module].TO is To.group
    }  # fmt: skip
    return {code: one for code, one in message_channels.offered().items() if code not in to_groups}


def placeholders(channel: Channel) -> list[str]:
    """What may stand in the words; nobody can read out a link."""
    return [name for name in words.PLACEHOLDERS if channel is Channel.message or name != words.LINK]


def definition(channel: Channel, fields: Mapping[str, str]) -> bytes:
    """The definition that the form describes; what is wrong with it, its reader says. What is empty is left out."""

    def said(name: str) -> str:
        return fields.get(name, "").strip()

    months = {name: said(name) for name in ("away_months_at_least", "away_months_at_most") if said(name)}
    only = {"organisations": names} if (names := written.names(said("only"))) else {}
    whole: dict[str, Any] = {
        "channel": channel,
        **{name: said(name) for name in ("code", "name", "organisation", "planned_delivery", "words")},
        "sender": {"name": said("sender_name"), "phone": said("sender_phone")},
        "audience": {"managed_as": said("managed_as"), "lives_in": written.names(said("lives_in")), **months, **only},
        **({"yuan_each": said("yuan_each")} if said("yuan_each") else {}),
    }
    if channel is Channel.message:
        whole["messages"] = [code for code in channels() if f"channel_{code}" in fields]
        whole["follow_up"] = written.follow_up(said("follow_up"))
        whole["templates"] = written.pairs(said("templates"), "渠道的模板", "tencent_sms 1234567")
    return json.dumps(whole, ensure_ascii=False).encode()


def count(channel: Channel, fields: Mapping[str, str]) -> audiences.Audience:
    """How many are meant."""
    return audiences.of_file(definition(channel, fields))


@dataclass(frozen=True)
class Preview:
    """What the first of those who are meant would read or hear, and what to think about. `sms`: charged as so many."""

    text: str
    sms: int
    warnings: list[str]


def preview(channel: Channel, fields: Mapping[str, str]) -> Preview:
    """The words with a member's own name; with a sample's if nobody is meant."""
    asked = read_any_campaign(definition(channel, fields))
    if not isinstance(asked, ToldDefinition):
        raise BadInput("这张表只用于消息和电话活动。")
    told_campaigns.refuse_strange(asked)
    with reading() as session:
        name, organisation = _shown(session, audience.first(session, wanted=audiences.of_definition(session, asked)))
    text = words.told(
        asked.words,
        words.values_of(
            name=name, organisation=organisation, sender=asked.sender.name, phone=asked.sender.phone,
            link=words.PLACEHOLDERS[words.LINK],
        ),
    ).strip()  # fmt: skip
    return Preview(text, in_sms(text, SIGNATURE), told_campaigns.warnings(asked))


def _shown(session: Session, member_id: int | None) -> tuple[str, str]:
    """Name and organisation."""
    if member_id is None:
        return words.PLACEHOLDERS["姓名"], words.PLACEHOLDERS["支部"]
    member = members.by_ids(session, ids=[member_id])[member_id]
    return member.name, organisations.name_of(session, organisation_id=member.organisation_id)


def register(channel: Channel, fields: Mapping[str, str], *, by: str) -> NewCampaign:
    """Register it as a draft."""
    return new_campaign(definition(channel, fields), read_beside=lambda _name: b"", by=by)
