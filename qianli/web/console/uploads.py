"""A form with a file in it, bounded before a byte of it is kept."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import UploadFile

from qianli.web.console.who import Who
from qianli.web.deps import fields_of

LARGEST = 25_000_000
MOST_FIELDS = 60


@dataclass(frozen=True)
class Sent:
    """The file, what it was called, and the fields beside it."""

    content: bytes
    filename: str
    fields: dict[str, str]


async def _sent(request: Request, who: Who) -> Sent:
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST:
        raise HTTPException(413)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(403)  # without the session's own token, too
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        fields = fields_of(form.items())
        if not hmac.compare_digest(fields.get("csrf", "").encode(), who.csrf.encode()):
            raise HTTPException(403)
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return Sent(b"", "", fields)
        return Sent(await file.read(), file.filename.replace("\0", "")[:120], fields)


Upload = Annotated[Sent, Depends(_sent)]
