"""The frame of every page of the console: one template, one stylesheet, every string through `_`."""

import hashlib
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from qianli.stages.signing_in import SignedIn
from qianli.web.pages import GET, TEMPLATES, page

STYLE = (TEMPLATES / "console" / "console.css").read_bytes()
STYLE_PATH = f"/static/console.{hashlib.sha256(STYLE).hexdigest()[:16]}.css"
SCRIPT = (TEMPLATES / "console" / "console.js").read_bytes()
SCRIPT_PATH = f"/static/console.{hashlib.sha256(SCRIPT).hexdigest()[:16]}.js"
LASTING = {"Cache-Control": "public, max-age=31536000, immutable"}

router = APIRouter()


def console_page(name: str, who: SignedIn | None, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of the console, for whoever is signed in."""
    return page(
        f"console/{name}",
        status=status,
        who=who,
        console_style=STYLE_PATH,
        console_script=SCRIPT_PATH,
        **values,
    )


@router.api_route(STYLE_PATH, methods=GET)
def stylesheet() -> Response:
    """The stylesheet; a changed one has another name."""
    return Response(STYLE, media_type="text/css", headers=LASTING)


@router.api_route(SCRIPT_PATH, methods=GET)
def script() -> Response:
    """What makes pages better where a browser runs it."""
    return Response(SCRIPT, media_type="text/javascript", headers=LASTING)
