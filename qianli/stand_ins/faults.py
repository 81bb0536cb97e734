"""Faults of a courier's interface, armed from outside: request by request, or by a plan.

They lie around a stand-in's application, so that it books as it always does and only what is heard of it goes wrong:
`serving(faults.around(courier.app()))`.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Fault(StrEnum):
    """What goes wrong with one request."""

    late = "late"  # done, and answered only after `late_s`
    twice = "twice"  # reaches the courier twice; the second answer is heard
    broken_before = "broken_before"  # 500, nothing done
    broken_after = "broken_after"  # 500 after it was done
    lost_before = "lost_before"  # connection closed without an answer, nothing done
    lost_after = "lost_after"  # connection closed without an answer after it was done
    silent_before = "silent_before"  # never answered, nothing done: whoever asks gives up
    silent_after = "silent_after"  # never answered after it was done


BEFORE = {Fault.broken_before, Fault.lost_before, Fault.silent_before}
BROKEN = {Fault.broken_before, Fault.broken_after}
LOST = {Fault.lost_before, Fault.lost_after}
SILENT = {Fault.silent_before, Fault.silent_after}


@dataclass
class _Armed:
    fault: Fault
    times: int
    containing: bytes


@dataclass
class Faults:
    """What goes wrong next. Requests are counted from 1; `met` counts the faults that happened."""

    late_s: float = 0.1
    plan: Callable[[int], Fault | None] = lambda _request: None
    requests: int = 0
    met: Counter[Fault] = field(default_factory=Counter)
    _armed: list[_Armed] = field(default_factory=list)

    def arm(self, fault: Fault, times: int = 1, *, containing: bytes = b"") -> None:
        """Let the next requests (whose body contains this) go wrong."""
        self._armed.append(_Armed(fault, times, containing))

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application, with these faults; to be served as it is (`lost` closes the server's own connection)."""

        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            body = await _body_of(receive)
            fault = self._next(body)
            if fault is not None:
                self.met[fault] += 1
            if fault is None or fault is Fault.late:
                return await app(scope, _again(body), _held(send, self.late_s if fault else 0))
            if fault not in BEFORE:
                await app(scope, _again(body), _unheard)
            if fault in SILENT:
                await _given_up(receive)
            if fault in LOST | SILENT:
                return _close(send)
            if fault in BROKEN:
                return await PlainTextResponse("Internal Server Error", 500)(scope, receive, send)
            return await app(scope, _again(body), send)

        return faulty

    def _next(self, body: bytes) -> Fault | None:
        self.requests += 1
        for armed in self._armed:
            if armed.times and armed.containing in body:
                armed.times -= 1
                return armed.fault
        return self.plan(self.requests)


async def _body_of(receive: Receive) -> bytes:
    parts = []
    while (message := await receive())["type"] == "http.request":
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(parts)


async def _given_up(receive: Receive) -> None:
    """Wait until whoever asked closes the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _held(send: Send, wait_s: float) -> Send:
    async def later(message: Message) -> None:
        if wait_s and message["type"] == "http.response.start":
            await asyncio.sleep(wait_s)
        await send(message)

    return later


async def _unheard(_message: Message) -> None:
    """An answer nobody hears."""


def _close(send: Send) -> None:
    """Close uvicorn's connection under the request: ASGI itself has no word for it."""
    cycle = send.__self__  # type: ignore[attr-defined]
    cycle.disconnected = True
    cycle.transport.abort()
