"""公众号模板消息: to followers of a verified service account, one message a call. Off until an account is in settings.

Source: 发送模板消息 (developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage), of
2026-11-30. Our key is its client_msg_id: for the same receiver and key one message only is sent, within 10 minutes;
beyond them it promises nothing, so a message that nobody knows of may be asked for again only so long (`key_kept_s`).
What it answers to the second of two is not published; it is taken for an answer like the first.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from qianli.channels import wechat_template_events as events
from qianli.channels.live import Accepted, Delivery, Outgoing, To
from qianli.channels.reading import LONGEST_ID, number_of, text_of
from qianli.channels.refusals import refusal
from qianli.channels.templates import filled, problem, read
from qianli.channels.wechat_template_codes import CODES, FINE, STALE, problem_of
from qianli.channels.wechat_token import Tokens, question_of
from qianli.errors import UnreadableAnswer
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.pushes import Push, PushAnswer
from qianli.interfaces.wire import Limit, Wire

NAME = "微信公众号模板消息"
TO = To.openid
TEMPLATES = True
THIRD_PARTY = True
DATA = "公众号里的 openid、模板里填的内容、链接"
NEEDS = (
    Need("app_id", "公众号 AppID"),
    Need("app_secret", "公众号 AppSecret"),
    Need("token", "服务器配置里的令牌 Token", ""),
    Need("url", "发送地址", "https://api.weixin.qq.com/cgi-bin/message/template/send"),
    Need("token_url", "凭据地址", "https://api.weixin.qq.com/cgi-bin/stable_token"),
)
PUSH_SECRET = "token"  # noqa: S105 - the name of a value; without it every event is refused
SEND, TOKEN = "wechat_template_send", "wechat_token"
#: Published: 100,000 messages a day for an account with few followers; a rate is not.
LIMITS = {SEND: Limit(SEND, per_second=20, per_day=100_000), TOKEN: Limit(TOKEN, per_second=5)}
TOKENS = Tokens()


def body_of(one: Outgoing) -> bytes:
    """What is posted."""
    content = {
        "touser": one.to,
        "template_id": read(one.template).id,
        **({"url": one.url} if one.url else {}),
        "data": {field: {"value": value} for field, value in filled(one).items()},
        "client_msg_id": one.key,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def code_of(answer: Any) -> int:
    """Its errcode."""
    code = number_of(answer, "errcode")
    if code is None:
        raise UnreadableAnswer(f"{NAME}的应答看不懂，请与其技术人员核对。")
    return code


def accepted_of(answer: Any) -> Accepted:
    """Its number of the message it took; or one of our errors."""
    code = code_of(answer)
    if code != FINE:
        raise refusal(NAME, str(code), CODES, text_of(answer, "errmsg"))
    return Accepted(text_of(answer, "msgid", LONGEST_ID))


class OfficialAccount:
    """Sends, and reads what is told of messages."""

    takes_key = True
    key_kept_s = 540  # of 600: clocks differ, and a call takes its time

    def __init__(self, account: Account, wire: Wire, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._account, self._wire, self._now = account, wire, now

    def check(self, one: Outgoing) -> str:
        """Why it would be refused, as a sentence; or nothing."""
        if not one.to:
            return "这位成员还没有关注公众号，发不了模板消息。"
        return problem(one) or next(
            (why for field, value in filled(one).items() if (why := problem_of(field, value))), ""
        )

    def send(self, one: Outgoing) -> Accepted:
        """Send it; once again with another access token if the one that was kept is over."""
        token = self._token()
        answer = self._post(token, one)
        if code_of(answer) in STALE:
            TOKENS.drop(self._own(), token)
            answer = self._post(self._token(), one)
        return accepted_of(answer)

    def is_authentic(self, push: Push) -> bool:
        """Whether it was signed with our token, not long ago."""
        return events.is_authentic(push, self._value("token"), self._now())

    def greeting(self, push: Push) -> PushAnswer | None:
        """What it expects when it first asks who lives at an address; None for a question that is not its own."""
        if not self.is_authentic(push):
            return None
        return PushAnswer(push.query.get("echostr", "").encode(errors="replace"), "text/plain; charset=utf-8")

    def concerns_us(self, push: Push) -> bool:
        """Whether it reports on messages: what people write to the account comes to the same address."""
        return events.is_report(push)

    def read_push(self, push: Push) -> Sequence[Delivery]:
        """What an event reports."""
        return events.deliveries_in(push)

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:  # noqa: ARG002 - the same to every event
        """What it expects to hear, within 5 seconds."""
        return events.answered(accepted=accepted)

    def _post(self, token: str, one: Outgoing) -> Any:
        url = f"{self._value('url')}?{urlencode({'access_token': token})}"
        return self._wire.post_body(url, body_of(one), limit=LIMITS[SEND])

    def _token(self) -> str:
        question = question_of(self._value("app_id"), self._value("app_secret"))
        return TOKENS.get(
            self._own(), lambda: self._wire.post_body(self._value("token_url"), question, limit=LIMITS[TOKEN])
        )

    def _own(self) -> tuple[str, ...]:
        return tuple(self._value(key) for key in ("token_url", "app_id", "app_secret"))

    def _value(self, key: str) -> str:
        return self._account.value(NEEDS, key)


def connect(account: Account, wire: Wire) -> OfficialAccount:
    """The official account under this account."""
    return OfficialAccount(account, wire)
