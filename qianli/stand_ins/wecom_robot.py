"""A stand-in for 企业微信群机器人: checks key, shape and length, and takes 20 messages a minute."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI, Request
from starlette.types import ASGIApp

from qianli.stand_ins.faults import Faults
from qianli.stand_ins.inbox import Shown

LONGEST = {"text": 2048, "markdown": 4096}
MINUTE = timedelta(minutes=1)
MOST = 20


@dataclass
class Group:
    """A group with a robot in it."""

    key: str = "693a91f6-0000-4bc4-97a0-0ec2sifa5aaa"
    name: str = "支部工作群"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    faults: Faults = field(default_factory=Faults)
    inbox: list[Shown] = field(default_factory=list)
    _recent: deque[datetime] = field(default_factory=deque)

    def values(self, url: str) -> dict[str, str]:
        """What an account with it has to be given."""
        return {"key": self.key, "url": f"{url}/cgi-bin/webhook/send"}

    def app(self) -> ASGIApp:
        """The interface, faults included."""
        app = FastAPI(openapi_url=None)

        @app.post("/cgi-bin/webhook/send")
        async def _send(request: Request, key: str = "") -> dict[str, Any]:
            return self.answer(key, await request.body())

        return self.faults.around(app)

    def answer(self, key: str, body: bytes) -> dict[str, Any]:
        """One call."""
        msgtype, content = _content(body)
        tests = (
            (key != self.key, 93000, "invalid webhook url, hint: [1700000000]"),
            (msgtype is None, 40058, "invalid Request Parameter"),
            (msgtype not in LONGEST, 40008, "invalid message type"),
            (not content, 44004, "text content is empty"),
            (len(content.encode()) > LONGEST.get(msgtype or "", 0), 45002, "content size out of limit"),
            (not self._may(), 45009, "api freq out of limit"),
        )
        for is_so, code, words in tests:
            if is_so:
                return {"errcode": code, "errmsg": words}
        self.inbox.append(Shown(self.name, "群机器人", content, "企业微信", at=self.now()))
        return {"errcode": 0, "errmsg": "ok"}

    def _may(self) -> bool:
        while self._recent and self._recent[0] <= self.now() - MINUTE:
            self._recent.popleft()
        self._recent.append(self.now())
        return len(self._recent) <= MOST


def _content(body: bytes) -> tuple[str | None, str]:
    """Its kind and its text; no kind if it has not the form."""
    try:
        message = json.loads(body)
        return message["msgtype"], str(message[message["msgtype"]]["content"])
    except (ValueError, KeyError, TypeError):
        return None, ""
