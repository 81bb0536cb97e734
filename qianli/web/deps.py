"""What pages need of a request: who asks, and what was filled in."""

import ipaddress
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request

from qianli.errors import BadInput

LARGEST_FORM = 16_384
MOST_FIELDS = 200
FORM = "application/x-www-form-urlencoded"


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
    content_type = request.headers.get("content-type", FORM)  # an empty form has none
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:  # not UTF-8, or far too many fields
        raise BadInput("提交的内容看不明白，请返回重新填写。") from error
    return dict(pairs)


Address = Annotated[str, Depends(_address)]
Fields = Annotated[dict[str, str], Depends(_fields)]
