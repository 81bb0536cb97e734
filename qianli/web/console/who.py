"""Who asks: the cookie, the session behind it, the form's own token, and what a role may do."""

import hmac
from collections.abc import Collection
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from models import Role
from qianli.stages.signing_in import AT_MOST, SignedIn, whoever
from qianli.web.deps import Fields

COOKIE = "qianli_console"
SIGN_IN = "/console/sign-in"
#: What a role may start, besides looking. Administrators may do everything.
_ORGANISER = frozenset({
    "prepare", "fulfil", "print", "pack", "seal", "close", "import", "calls", "ledger", "organisations", "stock",
    "cases", "codes", "export",
})  # fmt: skip
MAY = {
    Role.reader: frozenset[str](),
    Role.packer: frozenset({"print", "pack"}),
    Role.organiser: _ORGANISER,
    Role.approver: frozenset({"approve"}),
    Role.administrator: _ORGANISER | {"approve"},
}


class NotSignedIn(Exception):
    """Nobody is signed in: the answer is the way to the sign-in page, and nothing else."""


def _signed_in(request: Request) -> SignedIn:
    who = whoever(request.cookies.get(COOKIE, ""))
    if who is None:
        raise NotSignedIn
    return who


Who = Annotated[SignedIn, Depends(_signed_in)]


def _form(who: Who, fields: Fields) -> dict[str, str]:
    """The fields of a form that one of our own pages of this session sent."""
    if not hmac.compare_digest(fields.get("csrf", "").encode(), who.csrf.encode()):
        raise HTTPException(403)
    return fields


Form = Annotated[dict[str, str], Depends(_form)]


def from_elsewhere(request: Request) -> bool:
    """Whether another site sent this; browsers say so."""
    return request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def require(who: SignedIn, act: str) -> None:
    """403 unless this role may do it."""
    if act not in MAY[who.role]:
        raise HTTPException(403)


def forbid_unless(who: SignedIn, roles: Collection[Role]) -> None:
    """403 unless it is one of these roles."""
    if who.role not in roles:
        raise HTTPException(403)


def to_sign_in(_request: Request, _error: Exception) -> Response:
    """The way to the sign-in page; what was asked for is not repeated."""
    return RedirectResponse(SIGN_IN, status_code=303)


def remember(answer: Response, token: str, *, secure: bool) -> None:
    """Let the browser keep the token for this door only; behind TLS it travels nowhere else."""
    answer.set_cookie(
        COOKIE, token, max_age=int(AT_MOST.total_seconds()), path="/console", secure=secure, httponly=True,
        samesite="strict",
    )  # fmt: skip


def forget(answer: Response) -> None:
    """Let the browser forget the token."""
    answer.delete_cookie(COOKIE, path="/console", httponly=True, samesite="strict")
