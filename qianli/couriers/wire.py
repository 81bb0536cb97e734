"""One call to a courier over HTTP: limits kept, faults told apart. Nothing that is said is ever logged."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from qianli.errors import CourierUnavailable, UnreadableAnswer

TIMEOUT_S = (5, 30)  # to connect, to answer
LARGEST_ANSWER = 20_000_000
PASSING = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Limit:
    """How often a courier lets itself be called, by the name of what is called; None is no limit of that kind."""

    name: str
    per_second: float | None = None
    per_minute: int | None = None
    per_day: int | None = None


#: Waits until a call under this limit may be made; raises CourierUnavailable when today's are used up.
Acquire = Callable[[Limit], None]


def at_once(_limit: Limit) -> None:
    """No waiting: for stand-ins on loopback."""


@dataclass
class Wire:
    """The way to one courier: a kept-alive connection and the limits towards it."""

    acquire: Acquire = at_once
    session: requests.Session = field(default_factory=requests.Session)

    def post_form(self, url: str, fields: Mapping[str, str], *, limit: Limit) -> Any:
        """The JSON a form is answered with; CourierUnavailable for a passing fault, UnreadableAnswer for the rest."""
        return self._json(url, limit, data=dict(fields))

    def post_body(self, url: str, body: bytes, *, limit: Limit, content_type: str = "application/json") -> Any:
        """The JSON a body is answered with; errors as for a form."""
        return self._json(url, limit, data=body, headers={"Content-Type": content_type})

    def _json(self, url: str, limit: Limit, **request: Any) -> Any:
        self.acquire(limit)
        try:
            with self.session.post(url, timeout=TIMEOUT_S, allow_redirects=False, stream=True, **request) as answer:
                content = next(answer.iter_content(LARGEST_ANSWER + 1), b"")
        except requests.RequestException as error:
            raise CourierUnavailable(f"快递公司的接口没有应答（{type(error).__name__}），稍后会再试。") from None
        if answer.status_code in PASSING:
            raise CourierUnavailable(f"快递公司的接口暂时不能用（HTTP {answer.status_code}），稍后会再试。")
        if answer.status_code != requests.codes.ok or len(content) > LARGEST_ANSWER:
            raise UnreadableAnswer(f"快递公司的接口答得不对（HTTP {answer.status_code}），请核对接口地址和账号。")
        return _read(content)


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise UnreadableAnswer("快递公司的应答看不懂，请与其技术人员核对。") from None
