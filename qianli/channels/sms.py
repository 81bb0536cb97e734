"""Short messages: how they are counted and what may be in them, as both providers publish it.

Sources, read 2026-11-30: 阿里云 短信发送规则 (help.aliyun.com/document_detail/44335), 腾讯云 正文模板审核标准
(tencentcloud.com/document/product/382/40659, of 2025-08-21) and 错误码 (cloud.tencent.com/document/api/382/59177).
Both count alike: signature with its 【】 and text together, every character one; up to 70 are one message, a longer one
is billed by 67; more than 500 are not taken. No variable may hold a web address: the domain belongs into the template,
only what follows it is a variable.
"""

import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from qianli.channels.live import Outgoing
from qianli.channels.templates import filled, problem
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.pushes import Push
from qianli.interfaces.wire import Wire

ONE, EACH, LONGEST = 70, 67, 500
SEPARATORS = re.compile(r"[\s\-()（）]")
MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9]\d{9})")
ADDRESS = re.compile(r"https?:|//|www\.|\.(?:com|cn|net|org|gov)\b", re.IGNORECASE)
INSTEAD = "请把网址写进平台的模板正文，设置里的模板编号后面写“:code”，只填网址末尾的编码。"
#: How often one number may be sent to, where a provider counts (what is over it is refused and may be sent later).
#: 腾讯云: error codes name the windows, the numbers are the console's defaults [not published, as people report them];
#: 阿里云: 50 notices of one template in 24 hours [published].
SAME_NUMBER = {
    "tencent_sms": ((1, timedelta(seconds=30)), (5, timedelta(hours=1)), (10, timedelta(days=1))),
    "aliyun_sms": ((50, timedelta(days=1)),),
}


def mobile(number: str) -> str | None:
    """The 11 digits of a mainland mobile number, however it is written; None for any other."""
    found = MOBILE.fullmatch(SEPARATORS.sub("", number))
    return found[1] if found else None


def length(text: str, signature: str) -> int:
    """Characters of a message as they are counted: the signature stands before it in 【】.

    A character outside the first plane (rare characters of names, most pictographs) goes over the air as two.
    """
    return len(f"【{signature}】{text}".encode("utf-16-le")) // 2


def count(text: str, signature: str) -> int:
    """How many messages it is billed as."""
    characters = length(text, signature)
    return 1 if characters <= ONE else -(-characters // EACH)


def check(one: Outgoing, signature: str, longest_value: int) -> str:
    """Why a provider of short messages would refuse it, as a sentence; or nothing."""
    if mobile(one.to) is None:
        return "不是内地的手机号码，发不了短信。"
    if why := problem(one):
        return why
    for field, value in filled(one).items():
        if ADDRESS.search(value):
            return f"短信的变量“{field}”里不能有网址：{INSTEAD}"
        if len(value) > longest_value:
            return f"短信的变量“{field}”有{len(value)}个字，平台最多收{longest_value}个字。"
    if (characters := length(one.text, signature)) > LONGEST:
        return f"短信连签名共{characters}个字，平台最多收{LONGEST}个字。"
    return ""


class ShortMessages:
    """What providers of short messages have alike; `NEEDS` names `sign_name` and `push_token`."""

    needs: tuple[Need, ...]
    longest_value: int

    def __init__(self, account: Account, wire: Wire, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._account, self._wire, self._now = account, wire, now

    def check(self, one: Outgoing) -> str:
        """Why it would be refused, as a sentence; or nothing."""
        return check(one, self._value("sign_name"), self.longest_value)

    def is_authentic(self, push: Push) -> bool:
        """Whether it came to the address that only they were told: no signature of theirs is known."""
        token = self._value("push_token")
        return bool(token) and hmac.compare_digest(push.query.get("token", "").encode(errors="replace"), token.encode())

    def _value(self, key: str) -> str:
        return self._account.value(self.needs, key)
