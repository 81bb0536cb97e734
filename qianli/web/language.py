"""Which language a page is in: Chinese, unless whoever looks chose English at this door. Browsers' wishes are not read.

A link with `?lang=` leads to the same page without it and leaves a cookie for this door alone.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from qianli.web.plain import plain

COOKIE = PARAMETER = "lang"
CHINESE, ENGLISH = "zh-CN", "en"
#: What a link says → the language of a page.
LANGUAGES = {"zh": CHINESE, "en": ENGLISH}
DOORS = ("console", "m", "r", "s")
#: Rooms of the console → how much of a form's address is a page; of the others one part more.
SHORT = {"imports": 3, "calls": 3, "find": 2, "sign-out": 2}
ONE_YEAR_S = 31_536_000


@dataclass(frozen=True)
class Asked:
    """The language of the page that is made just now, and where its link to the other one leads."""

    language: str = CHINESE
    href: str = "/?lang=en"


_NOBODY = Asked()
_asked: ContextVar[Asked] = ContextVar("asked", default=_NOBODY)


def language() -> str:
    """The language of the page that is made just now."""
    return _asked.get().language


def other_language() -> dict[str, str]:
    """The link to the same page in the other language."""
    to_english = language() == CHINESE
    return {
        "href": _asked.get().href,
        "lang": ENGLISH if to_english else CHINESE,
        "name": "English" if to_english else "中文",
    }


def _(text: str, **values: Any) -> str:
    """A sentence of a page, or a word, in the language of the page. With values it may hold tags; values may not."""
    if language() == ENGLISH:
        from qianli.web.catalogue import messages, retell  # noqa: PLC0415 - read when somebody asks for it

        text = messages().get(text) or (text if values else retell(text))
        values = {name: retell(one) if type(one) is str else one for name, one in values.items()}
    return Markup(text).format(**values) if values else text  # noqa: S704 - the text is ours, values are escaped


def tell(sentence: str) -> str:
    """A finished sentence of a rule or out of a row: without commands, in the language of the page."""
    return _(plain(sentence)) if sentence else sentence


def moment(local: datetime) -> str:
    """A local instant as people here read it."""
    return f"{day(local.date())} {local:%H:%M}"


def day(on: date) -> str:
    """A day with its year."""
    return f"{on.day} {on:%b} {on.year}" if language() == ENGLISH else f"{on.year}年{on.month}月{on.day}日"


def short_day(on: date) -> str:
    """The same without."""
    return f"{on.day} {on:%b}" if language() == ENGLISH else f"{on.month}月{on.day}日"


def _door(path: str) -> str:
    first = path.split("/")[1] if "/" in path else ""
    return f"/{first}" if first in DOORS else "/"


def page_of(request: Request) -> str:
    """Where the page that is shown can be got: what answers a form may have no address of its own."""
    path = "/" + request.url.path.lstrip("/")
    if request.method not in ("GET", "HEAD"):
        parts, door = path.split("/"), _door(path)
        keeps = {"/console": SHORT.get(parts[2] if len(parts) > 2 else "", 4), "/m": 3}.get(door, len(parts))  # noqa: PLR2004 - door and room
        path = "/".join(parts[:keeps])
    return quote(path)


def _chosen(request: Request) -> str:
    """What the first cookie says; browsers send the one of the narrower path first."""
    for one in request.headers.get("cookie", "").split(";"):
        name, _equals, value = one.strip().partition("=")
        if name == COOKIE:
            return LANGUAGES.get(value, CHINESE)
    return CHINESE


class Language:
    """Makes every page in the language that was chosen, and takes the choice in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request = Request(scope)
        asked = parse_qsl(request.url.query, keep_blank_values=True)
        rest = [one for one in asked if one[0] != PARAMETER]
        choice = dict(asked).get(PARAMETER, "")
        if choice in LANGUAGES and request.method in ("GET", "HEAD"):
            return await _remember(request, choice, rest)(scope, receive, send)
        now = _chosen(request)
        link = urlencode([*rest, (PARAMETER, "zh" if now == ENGLISH else "en")])
        page = page_of(request)
        token = _asked.set(Asked(now, f"?{link}" if page == quote(request.url.path) else f"{page}?{link}"))
        try:
            return await self.app(scope, receive, send)
        finally:
            _asked.reset(token)


def _remember(request: Request, choice: str, rest: list[tuple[str, str]]) -> RedirectResponse:
    answer = RedirectResponse(page_of(request) + (f"?{urlencode(rest)}" if rest else ""), 303)
    answer.set_cookie(
        COOKIE, choice, max_age=ONE_YEAR_S, path=_door(request.url.path), secure=request.url.scheme == "https",
        httponly=True, samesite="lax",
    )  # fmt: skip
    return answer
