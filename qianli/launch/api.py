"""Prefect's HTTP API, spoken directly: importing Prefect's own client would cost every command more than a second."""

import base64
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import requests

from qianli.errors import ConfigurationError, EngineMissing
from qianli.settings import settings

TIMEOUT_S = (2.0, 20.0)
BUSY_S = 15.0
PAUSE_S = 0.3
BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def location() -> tuple[str, int]:
    """Host and port of the configured server."""
    parts = urlsplit(settings().prefect_api_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError("QIANLI_PREFECT_API_URL 应写成 http://127.0.0.1:4210/api 这样的地址。")
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def is_local() -> bool:
    """Whether the configured server is one that this machine would run itself."""
    return location()[0] in LOOPBACK


def call(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """One request; the answer's JSON, None for an empty answer or for a thing that does not exist.

    EngineMissing when nobody answers, ConfigurationError when the server does not accept us or what we ask.
    """
    answer = _patiently(method, path, body)
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        raise ConfigurationError(_not_let_in())
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return None
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        raise ConfigurationError(
            f"Prefect 服务不接受请求（{method} {path}，{answer.status_code}）。"
            "请确认它由这一版本的“qianli up”启动，或者加 --inline。"
        )
    return answer.json() if answer.content else None


def _not_let_in() -> str:
    if settings().prefect_auth is None:
        return "Prefect 服务要求用户名和密码。请设置 QIANLI_PREFECT_AUTH（写成“用户名:密码”），与服务那边一致。"
    return "Prefect 服务不认这里的用户名和密码。请核对 QIANLI_PREFECT_AUTH，要与服务那边一致。"


def _patiently(method: str, path: str, body: dict[str, Any] | None) -> requests.Response:
    """A server whose SQLite is busy says 503 and means "in a moment"; what we ask can be asked twice."""
    limit = time.monotonic() + BUSY_S
    while True:
        answer = _once(method, path, body)
        if answer.status_code not in BUSY or time.monotonic() > limit:
            return answer
        time.sleep(PAUSE_S)


def _once(method: str, path: str, body: dict[str, Any] | None) -> requests.Response:
    location()
    try:
        with requests.Session() as session:
            session.trust_env = not is_local()  # a company's proxy cannot reach this machine's loopback
            session.auth = _sign  # always set, or requests would look for a stranger's password in ~/.netrc
            return session.request(method, settings().prefect_api_url + path, json=body, timeout=TIMEOUT_S)
    except requests.RequestException as error:
        raise EngineMissing(
            f"Prefect 服务（{settings().prefect_api_url}）没有应答。请另开一个窗口运行“qianli up”，"
            "或者在命令后加 --inline，不经 Prefect 直接完成。"
        ) from error


def _sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
    if auth := settings().prefect_auth:
        token = base64.b64encode(auth.get_secret_value().encode()).decode("ascii")
        request.headers["Authorization"] = f"Basic {token}"
    return request


def answers() -> bool:
    """Whether a server answers at all; it does not ask who we are."""
    try:
        call("GET", "/health")
    except (EngineMissing, ConfigurationError):
        return False
    return True
