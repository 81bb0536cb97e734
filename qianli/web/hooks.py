"""Where couriers and channels push to: the signature checked, the body stored as it came. Read later.

What is not authentic is refused, counted by the address it came from, and not stored.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from qianli.channels.live import Greets, Reports
from qianli.couriers.live import Pushes
from qianli.errors import DatabaseUnavailable
from qianli.interfaces.pushes import Push
from qianli.stages import pushes
from qianli.stages.codes import count_failure
from qianli.web.deps import Address
from qianli.web.soon import never

router = APIRouter()

LARGEST_PUSH = 1_000_000  # bytes; the whole history of a parcel is a few thousand
REFUSED, BUSY = 403, 503
COUNTED_AS = "hooks "  # apart from wrong codes that the same address tries


async def reader() -> Callable[[], None]:
    """What is called when a push was stored; the app says who reads."""
    return never


ReadSoon = Annotated[Callable[[], None], Depends(reader)]


@router.post("/hooks/{account}", response_class=Response)
async def push(account: str, request: Request, address: Address, read_soon: ReadSoon) -> Response:
    """One push."""
    content = await _body(request)
    told = Push(content, request.headers.get("content-type", ""), dict(request.headers), dict(request.query_params))
    answer = await run_in_threadpool(_take, account, told, address)
    if answer.status_code < REFUSED:
        read_soon()
    return answer


@router.get("/hooks/{account}", response_class=Response)
def greet(account: str, request: Request, address: Address) -> Response:
    """A channel's question who lives here, before it reports; nobody else has anything to ask."""
    channel = pushes.pushing(account)
    if not isinstance(channel, Greets):
        raise HTTPException(405)
    said = channel.greeting(Push(b"", query=dict(request.query_params)))
    if said is None:
        count_failure(COUNTED_AS + address)
        raise HTTPException(REFUSED)
    return Response(said.content, media_type=said.content_type)


def _take(account: str, told: Push, address: str) -> Response:
    courier = pushes.pushing(account)
    if not courier.is_authentic(told):
        count_failure(COUNTED_AS + address)
        return _answer(courier, told, REFUSED)
    if not pushes.concerns_us(courier, told):
        return _answer(courier, told)
    try:
        pushes.take(account, told)
    except DatabaseUnavailable:
        return _answer(courier, told, BUSY)
    return _answer(courier, told)


def _answer(courier: Pushes | Reports, told: Push, status: int | None = None) -> Response:
    """What the courier expects to hear: taken, or with a status of ours that it is not and has to come again."""
    said = courier.answer(told, accepted=status is None)
    return Response(said.content, status or said.status, media_type=said.content_type)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_PUSH:
            raise HTTPException(413)
    return bytes(body)
