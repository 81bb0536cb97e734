"""企业微信群机器人: speaks into the group it was added to. No receiver, no key of ours, no report.

Source: 群机器人配置说明 (developer.work.weixin.qq.com/document/path/91770), as several public pages quote it, read
2026-11-30: text up to 2,048 bytes, markdown up to 4,096, 20 messages a minute a robot. Codes: 45009 and 93000 as public
clients meet them; the others from 企业微信's general list of codes, not seen from a robot.
"""

import json
from typing import Any
from urllib.parse import urlencode

from qianli.channels.live import Accepted, Outgoing, To
from qianli.channels.reading import number_of, text_of
from qianli.channels.refusals import ACCOUNT, BUSY, CONTENT, UNKNOWN, refusal
from qianli.errors import UnreadableAnswer
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.wire import Limit, Wire

NAME = "企业微信群机器人"
TO = To.group
THIRD_PARTY = True
DATA = "发到群里的文字"
NEEDS = (
    Need("key", "机器人 Webhook 地址里的 key"),
    Need("format", "文字格式 msgtype（text 或 markdown）", "text"),
    Need("url", "接口地址", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"),
)
SEND = "wecom_robot_send"
LIMITS = {SEND: Limit(SEND, per_minute=20)}
#: msgtype → most bytes in UTF-8.
LONGEST = {"text": 2048, "markdown": 4096}
FINE = 0
CODES = {
    "45009": BUSY,  # api freq out of limit
    "45033": BUSY,  # too many at the same time
    "-1": UNKNOWN,  # system busy
    "93000": ACCOUNT,  # invalid webhook url: the robot was removed, or the key is wrong
    "40008": CONTENT,
    "40058": CONTENT,
    "44004": CONTENT,  # empty
    "45002": CONTENT,  # too long
}


def body_of(one: Outgoing, msgtype: str) -> bytes:
    """What is posted; the link stands at the end of the text if it is not in it."""
    return json.dumps({"msgtype": msgtype, msgtype: {"content": content_of(one)}}, ensure_ascii=False).encode()


def content_of(one: Outgoing) -> str:
    """The text with its link."""
    return one.text if not one.url or one.url in one.text else f"{one.text}\n{one.url}"


def accepted_of(answer: Any) -> Accepted:
    """Return if it was taken; or one of our errors."""
    code = number_of(answer, "errcode")
    if code is None:
        raise UnreadableAnswer(f"{NAME}的应答看不懂，请与其技术人员核对。")
    if code != FINE:
        raise refusal(NAME, str(code), CODES, text_of(answer, "errmsg"))
    return Accepted()


class Robot:
    """Sends one message a call."""

    takes_key = False

    def __init__(self, account: Account, wire: Wire) -> None:
        self._account, self._wire = account, wire

    def check(self, one: Outgoing) -> str:
        """Too long or empty, as a sentence; or nothing."""
        size, most = len(content_of(one).encode()), LONGEST.get(self._value("format"))
        if most is None:
            return "机器人账号的 format 只能是 text 或 markdown，请核对设置。"
        if not one.text.strip():
            return "消息没有内容。"
        return f"发到群里的文字有{size}字节，机器人最多收{most}字节。" if size > most else ""

    def send(self, one: Outgoing) -> Accepted:
        """Send it into the group."""
        url = f"{self._value('url')}?{urlencode({'key': self._value('key')})}"
        return accepted_of(self._wire.post_body(url, body_of(one, self._value("format")), limit=LIMITS[SEND]))

    def _value(self, key: str) -> str:
        return self._account.value(NEEDS, key)


def connect(account: Account, wire: Wire) -> Robot:
    """The robot under this account."""
    return Robot(account, wire)
