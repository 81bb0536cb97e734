"""One call to a courier or a channel over HTTP: limits kept, faults told apart. Nothing that is said is ever logged."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from qianli.errors import CourierUnavailable, InterfaceUnavailable, UnreadableAnswer

TIMEOUT_S = (5, 30)  # to connect, to answer
LARGEST_ANSWER = 20_000_000
PASSING = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Limit:
    """How often a provider lets itself be called, by the name of what is called; None is no limit of that kind."""

    name: str
    per_second: float | None = None
    per_minute: int | None = None
    per_day: int | None = None


#: Waits until a call under this limit may be made; raises QuotaUsedUp when today's are used up.
Acquire = Callable[[Limit], None]


def at_once(_limit: Limit) -> None:
    """No waiting: for stand-ins on loopback."""


@dataclass
class Wire:
    """The way to one provider: a kept-alive connection and the limits towards it. `who` it is stands in sentences."""

    acquire: Acquire = at_once
    session: requests.Session = field(default_factory=requests.Session)
    who: str = "快递公司"
    unavailable: type[InterfaceUnavailable] = CourierUnavailable

    def post_form(self, url: str, fields: Mapping[str, str], *, limit: Limit) -> Any:
        """The JSON a form is answered with; `unavailable` for a passing fault, UnreadableAnswer for the rest."""
        return self._json("POST", url, limit, data=dict(fields))

    def post_body(
        self,
        url: str,
        body: bytes,
        *,
        limit: Limit,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        readable: Collection[int] = (),
    ) -> Any:
        """The JSON a body is answered with; errors as for a form. `readable` are further statuses with an answer."""
        sent = {"Content-Type": content_type} | dict(headers or {})
        return self._json("POST", url, limit, readable, data=body, headers=sent)

    def get(self, url: str, query: Mapping[str, str], *, limit: Limit) -> Any:
        """The JSON a question is answered with; errors as for a form."""
        return self._json("GET", url, limit, params=dict(query))

    def _json(self, method: str, url: str, limit: Limit, readable: Collection[int] = (), **request: Any) -> Any:
        self.acquire(limit)
        request |= {"timeout": TIMEOUT_S, "allow_redirects": False, "stream": True}
        try:
            with self.session.request(method, url, **request) as answer:
                content = next(answer.iter_content(LARGEST_ANSWER + 1), b"")
        except requests.RequestException as error:
            said = f"{self.who}的接口没有应答（{type(error).__name__}），稍后会再试。"
            raise self.unavailable(said, is_untouched=_was_not_reached(error)) from None
        if answer.status_code in PASSING and answer.status_code not in readable:
            raise self.unavailable(f"{self.who}的接口暂时不能用（HTTP {answer.status_code}），稍后会再试。",
                                   is_untouched=answer.status_code == requests.codes.too_many_requests)  # fmt: skip
        if answer.status_code not in {requests.codes.ok, *readable} or len(content) > LARGEST_ANSWER:
            raise UnreadableAnswer(f"{self.who}的接口答得不对（HTTP {answer.status_code}），请核对接口地址和账号。")
        return self._read(content)

    def _read(self, content: bytes) -> Any:
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise UnreadableAnswer(f"{self.who}的应答看不懂，请与其技术人员核对。") from None


def _was_not_reached(error: requests.RequestException) -> bool:
    """Whether there was no connection at all, so that nothing can have been done."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectionError) and isinstance(reason, NewConnectionError)
