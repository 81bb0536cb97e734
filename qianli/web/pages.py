"""Drawing a page: templates in, HTML out. One stylesheet, named by its own content, so that it can be kept for ever."""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qianli.settings import ROOT, settings
from qianli.web import language

TEMPLATES = ROOT / "templates" / "web"
STYLE = (TEMPLATES / "member.css").read_bytes()
STYLE_PATH = f"/static/member.{hashlib.sha256(STYLE).hexdigest()[:16]}.css"
GET = ["GET", "HEAD"]

router = APIRouter()


def _when(at: datetime) -> str:
    """An instant as people here read it."""
    return language.moment(at.astimezone(ZoneInfo(settings().time_zone)))


_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_environment.globals |= {
    "stylesheet": STYLE_PATH, "_": language._, "language": language.language, "other_language": language.other_language,
}  # fmt: skip
_environment.filters |= {"when": _when, "day": language.day, "short_day": language.short_day, "plain": language.tell}


def page(name: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    """A page made from a template of `templates/web`."""
    return HTMLResponse(_environment.get_template(name).render(**values), status, headers)


@router.api_route(STYLE_PATH, methods=GET)
def stylesheet() -> Response:
    """The stylesheet; a changed one has another name."""
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})


@router.api_route("/favicon.ico", methods=GET)
def icon() -> Response:
    """Browsers ask for one; there is none."""
    return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})
