"""The texts of messages: what each says, what is filled in, what it looks like filled. They name no party, no campaign.

A text is a file in templates/messages. Its placeholders are filled from the message's own details and from `link`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models import MessagePurpose
from qianli.errors import NotFound

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "messages"
ONE_SMS = 70  # characters, the signature in 【】 included; more is charged as several of 67
#: A message that says the words of its campaign, written there and not here.
CAMPAIGN_WORDS = "campaign"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
LINK = "https://qianli.example/r/ABCDE23456"
P = MessagePurpose


@dataclass(frozen=True)
class Text:
    """One text. `values` are its placeholders in the order they stand in, with a sample of each."""

    code: str
    title: str
    purpose: MessagePurpose
    values: Mapping[str, str]

    @property
    def body(self) -> str:
        """As written, with placeholders."""
        return _read(self.code)

    def fill(self, values: Mapping[str, str]) -> str:
        """With these values; KeyError for one that is missing."""
        return PLACEHOLDER.sub(lambda found: values[found[1]], self.body)

    def sample(self) -> str:
        """As somebody would read it."""
        return self.fill(self.values)


def _texts(*texts: Text) -> dict[str, Text]:
    return {one.code: one for one in texts}


TEXTS = _texts(
    Text("receipt_ask", "送到以后问收到没有", P.follow_up, {"link": LINK}),
    Text("receipt_again", "没有回音，再问一次", P.follow_up, {"link": LINK}),
    Text("parcel_waiting", "包裹在取件点等人去取", P.follow_up, {"link": LINK}),
    Text("parcel_left", "包裹由他人代收或放在附近", P.follow_up, {"link": LINK}),
    Text("address_check", "寄送以前核对地址", P.address_check, {"until": "1月20日", "link": LINK}),
    Text("study_items", "有新的学习内容", P.study, {"count": "3", "link": LINK}),
    Text("broadcast", "有一场直播请收看", P.notice, {"when": "7月1日8:00", "link": LINK}),
    Text("call_coming", "工作人员要来电话", P.call_notice, {"when": "明天上午"}),
)


def text(code: str) -> Text:
    """One text; NotFound names those there are."""
    if code not in TEXTS:
        raise NotFound(f"没有名为“{code}”的消息文本；可以用：{'、'.join(TEXTS)}。")
    return TEXTS[code]


def in_sms(filled: str, signature: str = "") -> int:
    """How many SMS it is charged as, with its signature in front."""
    length = len(filled) + (len(signature) + 2 if signature else 0)
    return 1 if length <= ONE_SMS else -(-length // 67)


@cache
def _read(code: str) -> str:
    return (FOLDER / f"{code}.txt").read_text(encoding="utf-8").strip()
