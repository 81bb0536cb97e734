"""What pages need of a request: who asks, and what was filled in."""

import ipaddress
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from qianli.errors import BadInput
from qianli.receipts.photos import MOST_BYTES

LARGEST_FORM = 16_384
MOST_FIELDS = 200
LARGEST_UPLOAD = MOST_BYTES + LARGEST_FORM
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def household(host: str) -> str:
    """What a network address is counted by: of IPv6 the /64 that one household has, else the address itself."""
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def _address(request: Request) -> str:
    """The network address that asks. Forwarded-For is not believed."""
    return household(request.client.host if request.client else "")


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form, of bounded size."""
    return await read_fields(request)


def fields_of(pairs: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The fields that are text, without NUL: no keyboard types one, and PostgreSQL takes none."""
    return {name: value.replace("\0", "") for name, value in pairs if isinstance(value, str)}


async def read_fields(request: Request, *, largest: int = LARGEST_FORM, most: int = MOST_FIELDS) -> dict[str, str]:
    """The same, for pages that need more of it."""
    content_type = request.headers.get("content-type", FORM)  # an empty form has none
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=most, errors="strict")
    except ValueError as error:  # not UTF-8, or far too many fields
        raise BadInput("提交的内容看不明白，请返回重新填写。") from error
    return fields_of(pairs)


@dataclass(frozen=True)
class Filled:
    """A form with, perhaps, one file in it."""

    fields: Mapping[str, str]
    file: bytes | None = None


async def _filled(request: Request) -> Filled:
    """The fields of a form of either kind, and its file; both of bounded size and number."""
    content_type = request.headers.get("content-type", FORM)
    if content_type.partition(";")[0].strip().lower() != MULTIPART:
        return Filled(await _fields(request))
    parser = MultiPartParser(
        request.headers, _bounded(request), max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST_FORM
    )
    try:
        form = await parser.parse()
    except (MultiPartException, MultipartParseError, ValueError) as error:
        raise BadInput("提交的内容看不明白，请返回重新填写。") from error
    file = None
    for _, value in form.multi_items():
        if isinstance(value, UploadFile):
            file = await value.read() or None  # browsers send an empty one where none was chosen
    await form.close()
    return Filled(fields_of(form.multi_items()), file)


async def _bounded(request: Request) -> AsyncGenerator[bytes, None]:
    """The body, until it is larger than a form with one picture can be."""
    so_far = 0
    async for chunk in request.stream():
        so_far += len(chunk)
        if so_far > LARGEST_UPLOAD:
            raise HTTPException(413)
        yield chunk


Address = Annotated[str, Depends(_address)]
Fields = Annotated[dict[str, str], Depends(_fields)]
Form = Annotated[Filled, Depends(_filled)]
