"""Definitions of campaigns by message and by telephone, and of any campaign whatever its channel."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from models import Channel, FollowUpDo
from qianli.campaigns.definition import Audience, CampaignDefinition, Sender, digest
from qianli.campaigns.ladder import MOST_STEPS, Rung, check_ladder
from qianli.campaigns.tariff import Yuan
from qianli.campaigns.words import LINK, LONGEST, placeholders, problems
from qianli.definitions import Day, Definition, read_mapping, validated
from qianli.errors import BadInput
from qianli.kits.definition import FEN_A_YUAN, Code, Text

#: Without an account messages are written on a sheet and sent by hand.
BY_HAND = "file"


class ToldDefinition(Definition):
    """A campaign by message or by telephone, as written in YAML: words in the place of a kit, and nothing of the post.

    `messages` are our accounts with channels of messages, the one tried first in front; without any, messages are
    sent by hand from a sheet. `templates` name a provider's approved text, by account. `follow_up` is what is done for
    those who were sent a message and say nothing: `words` once more, a call, a case.
    """

    channel: Literal[Channel.message, Channel.phone]
    code: Code
    name: Text
    organisation: Text
    planned_delivery: Day
    sender: Sender
    words: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    audience: Audience = Audience()
    messages: list[Code] = Field(default_factory=list, max_length=5)
    templates: dict[Code, Text] = Field(default_factory=dict)
    yuan_each: Yuan = Decimal(0)
    follow_up: list[Rung] = Field(default_factory=list, max_length=MOST_STEPS)

    @model_validator(mode="before")
    @classmethod
    def _nothing_of_the_post(cls, written: dict[str, Any]) -> dict[str, Any]:
        strange = [name for name in written if name in CampaignDefinition.model_fields and name not in cls.model_fields]
        if strange:
            raise ValueError(f"消息和电话活动不寄东西，“{'、'.join(strange)}”用不着，请删去")
        return written

    @field_validator("words")
    @classmethod
    def _words_can_be_said(cls, words: str) -> str:
        if found := problems(words):
            raise ValueError("；".join(found))
        return words

    @field_validator("follow_up")
    @classmethod
    def _steps_can_be_climbed(cls, follow_up: list[Rung]) -> list[Rung]:
        check_ladder(follow_up)
        if any(rung.do is FollowUpDo.message and rung.text for rung in follow_up):
            raise ValueError("发消息的一步是把 words 再发一遍，不写 text")
        return follow_up

    @model_validator(mode="after")
    def _accounts_of_messages(self) -> Self:
        if self.channel is Channel.phone and (self.messages or self.templates):
            raise ValueError("电话活动不发消息，messages 和 templates 用不着，请删去")
        if self.channel is Channel.phone and LINK in placeholders(self.words):
            raise ValueError("电话里念不了链接，请从 words 里删去“{链接}”")
        if self.channel is Channel.phone and self.follow_up:
            raise ValueError("电话里告诉了就是本人知道了，打不通的会列为问题，follow_up 用不着，请删去")
        if strange := sorted(self.templates.keys() - {*self.messages}):
            raise ValueError(f"templates 里的“{'、'.join(strange)}”没有写在 messages 里，请核对代码")
        return self

    @property
    def telling(self) -> dict[str, Any]:
        """Templates by account, and what telling one member costs in fen."""
        each_fen = int(self.yuan_each * FEN_A_YUAN)
        return {"templates": self.templates, "each_fen": each_fen}

    @property
    def checksum(self) -> str:
        """SHA-256 of everything written in the file."""
        written = self.model_dump(mode="json", exclude_defaults=True)
        return digest(written | {"audience": self.audience.as_written()})


def read_any_campaign(content: bytes) -> CampaignDefinition | ToldDefinition:
    """The campaign in a YAML file, whatever its channel; BadInput lists every problem."""
    written = read_mapping(content)
    channel = written.get("channel", Channel.post)
    if channel not in list(Channel):
        raise BadInput(f"channel：只能是 {'、'.join(Channel)} 之一（邮寄、消息、电话）。")
    return validated(written, CampaignDefinition) if channel == Channel.post else validated(written, ToldDefinition)
