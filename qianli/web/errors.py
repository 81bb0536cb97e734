"""Errors as pages: the class decides the status, the message is what a person reads. Never a stack trace."""

import logging
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qianli.errors import BadInput, DatabaseUnavailable, NotFound, QianliError, RuleBroken, TooManyTries
from qianli.web.console.frame import console_page
from qianli.web.pages import page
from qianli.web.plain import plain

log = logging.getLogger("qianli.web")

BUSY_RETRY_S = 30
#: status → (title, what to do)
WORDS = {
    404: ("没有找到这个页面", "网址可能少了几个字。请重新扫信上的二维码，或者输入信上的确认码。"),
    405: ("这里不能这样访问", "请从信上的二维码或确认码重新进入。"),
    409: ("现在还不能登记", ""),
    413: ("填写的内容太长了", "请返回上一页，把留言写短一些；照片不要超过 12 MB。"),
    415: ("填写的内容看不明白", "请返回上一页重新填写。"),
    422: ("填写的内容看不明白", "请返回上一页重新填写。"),
    429: ("请稍等一会儿", ""),
    500: ("系统出了点问题", "不是您操作有误。请过一会儿再试，或者打信末的电话告诉我们。"),
    503: ("系统正忙", "不是您操作有误，您的包裹不受影响。请过一会儿再试。"),
}
#: The same for the staff, where it differs.
CONSOLE_WORDS = {
    403: ("您不能做这一步", "您的角色没有这项权限，或者页面放得太久了。请回到待办重新进入；需要权限请找管理员。"),
    404: ("没有找到", "可能没有这一项，也可能不属于您的组织。请核对编号。"),
    405: ("这里不能这样访问", "请回到待办重新进入。"),
    409: ("这一步没有做成", ""),
    413: ("填写的内容太长了", "请返回上一页，写短一些。"),
    500: ("系统出了点问题", "不是您操作有误，已经做完的部分都有效。请过一会儿再试。"),
    503: ("系统正忙", "这一步没有写入。请过一会儿再试。"),
}
STATUS: list[tuple[type[QianliError], int]] = [
    (BadInput, 422),
    (NotFound, 404),
    (TooManyTries, 429),
    (RuleBroken, 409),
]


def status_of(error: QianliError) -> int:
    """The HTTP status of a domain error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def problem(
    status: int, said: str = "", headers: dict[str, str] | None = None, *, console: bool = False
) -> HTMLResponse:
    """A page that says what is wrong and what to do; `said` replaces the general sentence."""
    words = WORDS | CONSOLE_WORDS if console else WORDS
    title, advice = words.get(status, words[500 if status >= 500 else 422])  # noqa: PLR2004 - server errors
    advice = plain(said) or advice
    if not console:
        return page("problem.html", status=status, headers=headers, title=title, advice=advice)
    answer = console_page("problem.html", None, status=status, title=title, advice=advice)
    answer.headers.update(headers or {})
    return answer


def _is_console(request: Request) -> bool:
    return request.url.path.startswith("/console")


def too_many(error: TooManyTries) -> HTMLResponse:
    """The page of an address that tried too many wrong codes."""
    minutes = -(-error.wait_s // 60)
    said = f"确认码输错的次数太多了，请过 {minutes} 分钟再试。扫信上的二维码不受影响，随时可以登记。"
    return problem(429, said, {"Retry-After": str(error.wait_s)})


def _on_domain(request: Request, error: Exception) -> HTMLResponse:
    console = _is_console(request)
    if isinstance(error, TooManyTries):
        return too_many(error)
    if not isinstance(error, QianliError):  # registered for nothing else
        raise error
    status = status_of(error)
    if isinstance(error, DatabaseUnavailable):
        log.error("%s", error.message)
        return problem(503, headers={"Retry-After": str(BUSY_RETRY_S)}, console=console)
    if status == 500:  # noqa: PLR2004 - not the member's business: a setting, an engine
        log.error("%s: %s", type(error).__name__, error.message)
        return problem(500, console=console)
    return problem(status, error.message, console=console)


def _on_http(request: Request, error: Exception) -> HTMLResponse:
    status = error.status_code if isinstance(error, HTTPException) else 422
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else None
    return problem(status, headers=headers, console=_is_console(request))


class LastResort:
    """Whatever nobody foresaw is a friendly page; the log says where it happened, without any of the values."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        started, console = False, scope.get("path", "").startswith("/console")
        if "\0" in scope.get("path", ""):  # nothing is called so, and PostgreSQL cannot even be asked
            return await problem(404, console=console)(scope, receive, send)

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except ClientDisconnect:
            return None
        except Exception as error:
            if scope["type"] != "http":
                raise
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("unforeseen %s\n%s", type(error).__name__, where)  # noqa: TRY400 - messages may hold names
            if not started:  # else the server closes the connection; raised on, it would log the message
                await problem(500, console=console)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Teach the app to answer every error with a page."""
    app.add_exception_handler(QianliError, _on_domain)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_http)
