"""Signing in and out."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qianli.errors import RuleBroken, TooManyTries
from qianli.settings import settings
from qianli.stages.signing_in import sign_in, sign_out
from qianli.web.console.frame import console_page
from qianli.web.console.who import SIGN_IN, Form, Who, forget, from_elsewhere, remember
from qianli.web.deps import Address, Fields
from qianli.web.pages import GET

router = APIRouter()


@router.api_route(SIGN_IN, methods=GET)
def form() -> HTMLResponse:
    """Login, password, and a one-time password for those who have one."""
    return console_page("sign_in.html", None, login="", wrong="")


@router.post(SIGN_IN)
def enter(request: Request, fields: Fields, address: Address) -> Response:
    """Begin a session, or say in one same sentence that something is wrong."""
    if from_elsewhere(request):
        raise HTTPException(403)
    login = fields.get("login", "")
    try:
        token = sign_in(login, fields.get("password", ""), fields.get("totp", ""), address=address)
    except TooManyTries as error:
        minutes = -(-error.wait_s // 60)
        said = f"输错的次数太多了，请过 {minutes} 分钟再试。"
        refused = console_page("sign_in.html", None, status=429, login=login[:40], wrong=said)
        refused.headers["Retry-After"] = str(error.wait_s)
        return refused
    except RuleBroken as error:
        return console_page("sign_in.html", None, status=403, login=login[:40], wrong=error.message)
    answer = RedirectResponse("/console", status_code=303)
    public = settings().public_url or ""
    remember(answer, token, secure=request.url.scheme == "https" or _is_behind_tls(request, public))
    return answer


def _is_behind_tls(request: Request, public: str) -> bool:
    """Whether people reach us by the public address, which is https."""
    host = request.headers.get("host", "")
    return public.startswith("https://") and public.removeprefix("https://").partition("/")[0] == host


@router.post("/console/sign-out")
def leave(who: Who, _form: Form) -> Response:
    """End the session."""
    sign_out(who)
    answer = RedirectResponse(SIGN_IN, status_code=303)
    forget(answer)
    return answer
