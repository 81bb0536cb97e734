"""What is told to a member where nothing is sent by post: words with placeholders, and who can be told. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from models import HoldReason
from qianli.campaigns.holds import AGAIN, HoldWords

LONGEST = 300
LINK = "链接"
#: Placeholder → how it looks filled.
PLACEHOLDERS = {
    "姓名": "张伟", "称谓": "同志", "支部": "文昌社区第一党支部", "落款": "文昌社区", "联系电话": "0851-8765 4321",
    LINK: "https://qianli.example/r/ABCDE23456",
}  # fmt: skip
#: How a link is read out.
SPOKEN_LINK = "（链接）"
ASK_IF_SEEN = "前些天给您发过一条消息：“{words}”请问看到没有？"
#: What one who looks over a shoulder would learn from a message; told, not refused.
REVEALING = ("党", "支部", "组织生活", "中共")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
R = HoldReason


def problems(words: str) -> list[str]:
    """Why words could not be told as they are."""
    strange = [name for name in placeholders(words) if name not in PLACEHOLDERS]
    found = [f"占位符“{{{name[:30]}}}”不认识；可以用的有：{'、'.join(PLACEHOLDERS)}" for name in strange]
    if set(_PLACEHOLDER.sub("", words)) & {"{", "}", "｛", "｝"}:
        found.append("花括号没有成对，或用了全角的花括号；占位符写成“{姓名}”")
    if not _PLACEHOLDER.sub("", words).strip():
        found.append("除了占位符还要有话说")
    return found


def placeholders(words: str) -> list[str]:
    """The placeholders in the order they stand in, each once."""
    return list(dict.fromkeys(name.strip() for name in _PLACEHOLDER.findall(words)))


def told(words: str, values: Mapping[str, str]) -> str:
    """The words with these values."""
    return _PLACEHOLDER.sub(lambda found: values[found[1].strip()], words)


def values_of(*, name: str, organisation: str, sender: str, phone: str, link: str = "") -> dict[str, str]:
    """A value for every placeholder."""
    return {"姓名": name, "称谓": "同志", "支部": organisation, "落款": sender, "联系电话": phone, LINK: link}


def ask_if_seen(words: str, sender: Mapping[str, Any], *, name: str, organisation: str) -> str:
    """What is asked by telephone of somebody who was sent these words and says nothing; `sender` is a campaign's."""
    given = values_of(
        name=name, organisation=organisation, sender=str(sender.get("name", "")), phone=str(sender.get("phone", "")),
        link=SPOKEN_LINK,
    )  # fmt: skip
    return ASK_IF_SEEN.format(words=told(words, given).strip())


def reveals(words: str) -> list[str]:
    """The words of these that would tell a stranger what it is about."""
    return [one for one in REVEALING if one in words]


@dataclass(frozen=True)
class Reachable:
    """What is known of one member who is to be told something; `contacts` are the ways that are open to them."""

    deceased: bool
    do_not_contact: bool
    twice: bool
    phone: str | None
    phone_written: str | None
    contacts: Collection[str]
    by_phone_only: bool


def judge_reachable(one: Reachable) -> list[HoldReason]:
    """Every reason that keeps this member from being told; no address is asked for."""
    if one.deceased:
        return [R.deceased]
    cannot, wrong = not one.contacts, one.phone is None and bool(one.phone_written)
    reasons = [
        (R.do_not_contact, one.do_not_contact),
        (R.duplicate_person, one.twice),
        (R.bad_phone, cannot and one.by_phone_only and wrong),
        (R.no_phone, cannot and one.by_phone_only and not wrong),
        (R.no_contact, cannot and not one.by_phone_only),
    ]
    return [reason for reason, holds in reasons if holds]


#: What holds say where nothing is sent by post.
HOLD_WORDS: dict[HoldReason, HoldWords] = {
    R.do_not_contact: HoldWords("本人要求不要联系。", "尊重本人意愿，这次不通知；办结时记为未通知。"),
    R.no_phone: HoldWords("没有联系电话，通知不到。", f"补上手机号，{AGAIN}"),
    R.bad_phone: HoldWords("电话号码不对（位数或号段不存在），通知不到。", f"核对并改正电话，{AGAIN}"),
    R.duplicate_person: HoldWords(
        "台账里可能把同一个人记成了两条，免得一人通知两次。",
        "用“member duplicates”核对：是同一人的用“member merge”合并，是两个人的用“member distinct”注明，"
        "再运行“campaign prepare”。",
    ),
}  # fmt: skip
