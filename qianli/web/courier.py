"""The couriers' door: one link, one manifest. GET looks; POST signs, or takes in waybill numbers.

There is no cookie: whoever holds the link may act, and only from our own page.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qianli.couriers.left_reasons import LEFT
from qianli.errors import BadInput, NotFound, QianliError, RuleBroken, TooManyTries
from qianli.stages import courier_door
from qianli.web.deps import Address, read_fields
from qianli.web.pages import GET, TEMPLATES, page

SCRIPT = (TEMPLATES / "courier" / "courier.js").read_bytes()
SCRIPT_PATH = f"/static/courier.{hashlib.sha256(SCRIPT).hexdigest()[:16]}.js"
STYLE = (TEMPLATES / "courier" / "courier.css").read_bytes()
STYLE_PATH = f"/static/courier.{hashlib.sha256(STYLE).hexdigest()[:16]}.css"
LASTING = {"Cache-Control": "public, max-age=31536000, immutable"}
LEFT_FIELD = "left_"
LARGEST, MOST = 1_000_000, 20_000  # a reason for each parcel of a long manifest, and a drawn signature
LARGEST_FILE = 5_000_000

router = APIRouter()


async def _own_form(request: Request) -> dict[str, str]:
    """The fields of a form that our own page sent; a long manifest has many."""
    _refuse_elsewhere(request)
    return await read_fields(request, largest=LARGEST, most=MOST)


Form = Annotated[dict[str, str], Depends(_own_form)]


def _refuse_elsewhere(request: Request) -> None:
    """403 where another site sent this; browsers say so, older ones by Origin (`null` from a page without referrer)."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "null")
    foreign = origin != "null" and origin.partition("://")[2] != request.headers.get("host", "")
    if site not in ("same-origin", "none") if site else foreign:
        raise HTTPException(403)


def _refuse_large(request: Request) -> None:
    """413 before a body is read that is larger than any courier's file."""
    _refuse_elsewhere(request)
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > LARGEST_FILE:
        raise HTTPException(413)


@router.api_route("/m/{token}", methods=GET)
def manifest(token: str, address: Address) -> HTMLResponse:
    """What there is to take, and what was taken."""
    try:
        return _page(courier_door.find(token, address=address), token)
    except (NotFound, TooManyTries) as error:
        return _closed(error)


@router.post("/m/{token}")
def sign(token: str, fields: Form, address: Address) -> Response:
    """Take over what was counted."""
    left = {
        name.removeprefix(LEFT_FIELD): value for name, value in fields.items() if name.startswith(LEFT_FIELD) and value
    }
    try:
        courier_door.sign(
            token,
            address=address,
            count=fields.get("count", ""),
            left=left,
            name=fields.get("name", ""),
            signature=fields.get("signature", ""),
        )
    except (NotFound, TooManyTries) as error:
        return _closed(error)
    except (BadInput, RuleBroken) as error:
        return _again(token, address, error, fields)
    return RedirectResponse(f"/m/{token}", status_code=303)


@router.api_route("/m/{token}/{name}", methods=GET)
def paper(token: str, name: str, address: Address) -> Response:
    """The manifest as PDF or spreadsheet, or the signed record."""
    try:
        called, content = courier_door.paper(token, name, address=address)
    except (NotFound, TooManyTries) as error:
        return _closed(error)
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return Response(content, media_type=courier_door.PAPERS[name], headers=headers)


@router.post("/m/{token}/waybills", dependencies=[Depends(_refuse_large)])
def waybills(token: str, address: Address, file: UploadFile) -> Response:
    """Take in the courier's numbers, and say of each row that is refused why."""
    try:
        content = file.file.read(LARGEST_FILE)
        result = courier_door.take_waybills(token, content, filename=file.filename or "waybills", address=address)
        return _page(courier_door.find(token, address=address), token, waybills=result)
    except (NotFound, TooManyTries) as error:
        return _closed(error)
    except (BadInput, RuleBroken) as error:
        return _again(token, address, error, {})


@router.api_route(SCRIPT_PATH, methods=GET)
def script() -> Response:
    """What makes the page better where a browser runs it."""
    return Response(SCRIPT, media_type="text/javascript", headers=LASTING)


@router.api_route(STYLE_PATH, methods=GET)
def style() -> Response:
    """How this door looks, beside the members' style sheet."""
    return Response(STYLE, media_type="text/css", headers=LASTING)


def _again(token: str, address: str, error: QianliError, fields: Mapping[str, str]) -> HTMLResponse:
    """The page once more with what was filled in, and what is wrong with it."""
    try:
        found = courier_door.find(token, address=address)
    except (NotFound, TooManyTries) as gone:
        return _closed(gone)
    status = 422 if isinstance(error, BadInput) else 409
    return _page(found, token, status=status, wrong=error.message, fields=fields)


def _page(
    found: courier_door.Door,
    token: str,
    *,
    status: int = 200,
    wrong: str = "",
    fields: Mapping[str, str] | None = None,
    waybills: Any = None,
) -> HTMLResponse:
    return _draw(
        "manifest.html",
        status,
        door=found,
        base=f"/m/{token}",
        wrong=wrong,
        entered=fields or {},
        waybills=waybills,
        reasons={reason.value: words for reason, words in LEFT.items()},
        left=LEFT_FIELD,
    )


def _closed(error: NotFound | TooManyTries) -> HTMLResponse:
    """The same for an unknown, a revoked and an expired link: nobody learns which it was."""
    if isinstance(error, TooManyTries):
        answer = _draw("closed.html", 429, minutes=-(-error.wait_s // 60))
        answer.headers["Retry-After"] = str(error.wait_s)
        return answer
    return _draw("closed.html", 404, minutes=0)


def _draw(name: str, status: int, **values: Any) -> HTMLResponse:
    return page(f"courier/{name}", status=status, courier_style=STYLE_PATH, courier_script=SCRIPT_PATH, **values)
