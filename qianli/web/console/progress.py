"""Live progress of a campaign: a stream of what the rows say, a moment apart.

No connection to the database is held between two looks. A stream ends after a minute and the browser comes back by
itself, saying what it saw last; so whoever signs out, or lost the line, loses nothing.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from qianli.errors import DatabaseUnavailable
from qianli.stages import progress
from qianli.stages.signing_in import SignedIn
from qianli.web.console.who import Who
from qianli.web.language import tell

router = APIRouter()

TICK_S, LONGEST_S = 1.0, 60.0
#: More streams than this are answered once and asked to come back later.
MOST_OPEN = 40
AGAIN_MS, LATER_MS = 2_000, 15_000


class Streams:
    """How many are open in this process."""

    open = 0


@router.get("/console/campaigns/{code}/progress")
async def stream(code: str, who: Who, last_event_id: Annotated[str, Header()] = "") -> StreamingResponse:
    """What is done so far, again whenever it changes; `done` once nothing moves."""
    first = await run_in_threadpool(progress.look, who.scope, code)
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(_told(code, who, first, last_event_id[:40]), 200, headers, "text/event-stream")


async def _told(code: str, who: SignedIn, seen: progress.Progress, told: str) -> AsyncIterator[str]:
    if Streams.open >= MOST_OPEN:
        yield f"retry: {LATER_MS}\n\n{_event(seen)}"
        return
    Streams.open += 1
    try:
        yield f"retry: {AGAIN_MS}\n\n"
        for _ in range(int(LONGEST_S / TICK_S)):
            if seen.mark != told or not seen.moving:
                yield _event(seen)
                told = seen.mark
            if not seen.moving:
                return
            await asyncio.sleep(TICK_S)
            try:
                seen = await run_in_threadpool(progress.look, who.scope, code)
            except DatabaseUnavailable:
                return
    finally:
        Streams.open -= 1


def _event(seen: progress.Progress) -> str:
    lines = [{**asdict(one), "label": tell(one.label)} for one in seen.lines]
    data = {"sentence": tell(seen.sentence), "lines": lines}
    name = "progress" if seen.moving else "done"
    return f"id: {seen.mark}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
