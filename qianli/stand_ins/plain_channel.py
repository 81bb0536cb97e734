"""A provider of messages of the plainest kind: with or without our key, with or without a record to be asked.

Its adapter lies beside it, so that sending can be tried with any combination of what channels can do.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Any

from fastapi import FastAPI, Request

from qianli.channels.live import Accepted, Outgoing, To
from qianli.errors import SendingRejected
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.wire import Limit, Wire

NAME = "演示渠道"
NEEDS = (Need("url", "接口地址"),)
LIMITS = {name: Limit(name) for name in ("send", "find")}


@dataclass
class Phones:
    """What each number received; `refused` are numbers it will not send to, by kind."""

    takes_key: bool = True
    sent: list[dict[str, str]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def app(self) -> FastAPI:
        """The interface."""
        app = FastAPI(openapi_url=None)

        @app.post("/send")
        async def _send(request: Request) -> dict[str, Any]:
            return self.send(await request.json())

        @app.post("/find")
        async def _find(request: Request) -> dict[str, Any]:
            return self.find(await request.json())

        return app

    def send(self, told: dict[str, str]) -> dict[str, Any]:
        """One message; with a key it has already, where it takes keys, nothing is sent again."""
        self.calls["send"] += 1
        if kind := self.refused.get(told["to"]):
            return {"refused": kind, "words": f"号码 {told['to']} 不能发"}
        known = self._known(told["key"]) if self.takes_key else None
        if known is None:
            known = len(self.sent)
            self.sent.append(told)
        return {"id": str(known + 1)}

    def find(self, told: dict[str, str]) -> dict[str, Any]:
        """What it sent under a key."""
        self.calls["find"] += 1
        known = self._known(told["key"])
        return {"id": "" if known is None else str(known + 1)}

    def _known(self, key: str) -> int | None:
        return next((place for place, one in enumerate(self.sent) if one["key"] == key), None)


class Plain:
    """Sends and, if nothing else, hopes."""

    takes_key = False

    def __init__(self, account: Account, wire: Wire) -> None:
        self._url, self._wire = account.value(NEEDS, "url"), wire

    def check(self, one: Outgoing) -> str:
        """Texts beyond five hundred characters are too long for it."""
        return "超过 500 个字，渠道不收。" if len(one.text) > 500 else ""  # noqa: PLR2004 - see above

    def send(self, one: Outgoing) -> Accepted:
        """One message."""
        answer = self._call("send", {"key": one.key, "to": one.to, "text": one.text})
        if kind := answer.get("refused"):
            raise SendingRejected("渠道没有接受。", kind=kind, words=answer["words"])
        return Accepted(answer["id"])

    def _call(self, name: str, told: dict[str, str]) -> Any:
        return self._wire.post_body(f"{self._url}/{name}", json.dumps(told).encode(), limit=LIMITS[name])


class Keyed(Plain):
    """It knows a message by our key."""

    takes_key = True


class Finding(Plain):
    """It can be asked what it sent."""

    absent_after_s = 60

    def find(self, one: Outgoing, day: date) -> Accepted | None:  # noqa: ARG002 - it remembers every day
        """What it sent under this key."""
        found = self._call("find", {"key": one.key})["id"]
        return Accepted(found) if found else None


def module(kind: type[Plain], to: To = To.phone) -> ModuleType:
    """An adapter for the registry."""
    made: Any = ModuleType("plain_channel")
    made.NAME, made.TO, made.NEEDS, made.LIMITS, made.connect = NAME, to, NEEDS, LIMITS, kind
    return made  # type: ignore[no-any-return]
