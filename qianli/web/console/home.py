"""Home: what waits for me, oldest first."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qianli.stages import console
from qianli.web.console import words
from qianli.web.console.frame import console_page
from qianli.web.console.who import Who
from qianli.web.pages import GET

router = APIRouter()


@router.api_route("/console", methods=GET)
def home(who: Who) -> HTMLResponse:
    """What waits, oldest first."""
    return console_page("home.html", who, home=console.home(who.scope, user_id=who.user_id), words=words)
