"""What holds for every page: headers, sizes, errors in words, nothing in the logs."""

import logging
import re
import sqlite3
from asyncio import run
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from qianli.errors import ConfigurationError
from qianli.settings import settings
from qianli.store import session as sessions
from qianli.web.app import create_app
from qianli.web.headers import HEADERS
from qianli.web.pages import STYLE_PATH
from qianli.web.server import configuration, listen
from qianli.web.server import run as run_web
from qianli.web.testing import Site, make_site, routes, serving

BIGGEST = 50_000


def everywhere(site: Site) -> list[tuple[str, str, dict[str, Any]]]:
    """One request for every kind of answer there is."""
    code = site.codes[0]
    looks = [
        "/",
        "/r",
        "/r/",
        f"/r/{code}",
        "/r/WRONG",
        "/nowhere",
        STYLE_PATH,
        "/static/x.css",
        "/favicon.ico",
        "/docs",
    ]
    return [
        *(("GET", path, {}) for path in looks),
        *(("HEAD", path, {}) for path in looks),
        ("POST", "/", {}),
        ("POST", "/hooks/nobody", {"data": b"x"}),
        ("DELETE", f"/r/{code}", {}),
        ("POST", "/r", {"data": {"code": code}}),
        ("POST", "/r", {"data": {"code": "WRONG"}}),
        ("POST", f"/r/{code}", {"data": {"said": "nothing"}}),
        ("POST", f"/r/{code}", {"data": {"said": "all_here"}}),
        ("POST", f"/r/{code}", {"json": {"said": "all_here"}}),
        ("POST", f"/r/{code}", {"data": {"note": "x" * 100_000}}),
    ]  # fmt: skip


def test_every_answer_has_the_headers_and_is_small(site: Site) -> None:
    for method, path, kwargs in everywhere(site):
        answer = site.ask(method, path, **kwargs)
        assert answer.status_code < 500, (method, path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, (method, path)
        lasting = path in (STYLE_PATH, "/favicon.ico")
        assert ("no-store" in answer.headers["Cache-Control"]) != lasting
        assert "Set-Cookie" not in answer.headers
        assert "Server" not in answer.headers
        assert "Strict-Transport-Security" not in answer.headers
        assert len(answer.content) < BIGGEST


def test_every_route_was_asked(site: Site) -> None:
    elsewhere = ("console", "/m/", "/s/", "/static/courier")  # doors with tests of their own
    paths = {route.path for route in routes() if not any(one in route.path for one in elsewhere)}
    assert len(paths) > 5
    asked = {re.sub(r"/r/.+", "/r/{code}", path).replace("nobody", "{account}") for _, path, _ in everywhere(site)}
    assert paths <= asked


def test_pages_load_nothing_foreign_and_run_nothing(site: Site) -> None:
    for path in ("/", "/r", f"/r/{site.codes[0]}", "/nowhere"):
        text = site.get(path).text
        assert re.findall(r'<link[^>]+href="([^"]+)"', text) == [STYLE_PATH]
        assert not re.search(r"<script|<img|<iframe|<style|style=|javascript:|\son\w+=|https?://|//[a-z]", text)
        assert len(text.encode()) + len(site.get(STYLE_PATH).content) < BIGGEST
        assert '<html lang="zh-CN">' in text


def test_the_stylesheet_is_named_by_its_content(site: Site) -> None:
    answer = site.get(STYLE_PATH)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "url(" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "kwargs", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("PUT", "/r", {}, 405),
        ("POST", "/r", {"data": {"code": "x" * 20_000}}, 413),
        ("POST", "/r", {"json": {"code": "x"}}, 415),
        ("POST", "/r", {"files": {"code": b"x"}}, 415),
        ("POST", "/r", {"data": b"code=%ff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 422),
        ("POST", "/r", {"data": {f"f{n}": "" for n in range(300)}}, 422),
    ],
)
def test_errors_are_pages_in_chinese(site: Site, method: str, path: str, kwargs: dict[str, Any], status: int) -> None:
    answer = site.ask(method, path, **kwargs)
    assert answer.status_code == status
    assert re.search(r"<h1>[\u4e00-\u9fff]+", answer.text)
    assert "Traceback" not in answer.text
    assert "detail" not in answer.text


def test_a_locked_database_is_said_kindly(url: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "BUSY_TIMEOUT_MS", 50)
    site = make_site(url)
    path = f"/r/{site.codes[0]}"
    blocker = sqlite3.connect(place / "qianli.db", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    assert site.get(path).status_code == 200
    answer = site.post(path, {"said": "all_here"})
    blocker.execute("ROLLBACK")
    blocker.close()
    assert answer.status_code == 503
    assert "系统正忙" in answer.text
    assert answer.headers["Retry-After"]
    assert site.state() == "under_way"


def test_a_database_that_is_not_there_is_said_kindly(url: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANLI_DATABASE_URL", f"sqlite:///{place}/nowhere/none.db")
    settings.cache_clear()
    site = Site(url, None, [])  # type: ignore[arg-type]
    assert site.get("/r/QQQQQQQQQQ").status_code == 503
    assert site.get("/").status_code == 200


def test_nothing_foreseen_or_not_reaches_a_log(place: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    config = configuration()
    assert isinstance(config.app, FastAPI)

    def boom(name: str) -> None:
        raise ValueError(name)

    def late(name: str) -> StreamingResponse:
        def begun() -> Iterator[bytes]:
            yield b"x"
            boom(name)

        return StreamingResponse(begun())

    config.app.add_api_route("/boom", boom)
    config.app.add_api_route("/late", late)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).addHandler(caplog.handler)
    with serving(config) as url:
        site = make_site(url)
        code = site.codes[0]
        for method, path, kwargs in everywhere(site):
            site.ask(method, path, **kwargs)
        site.post(f"/r/{code}", {"said": "not_received", "note": "我是张伟"})
        with pytest.raises(requests.RequestException):
            site.get("/late?name=张伟")
        answer = site.get("/boom?name=张伟")
    assert answer.status_code == 500
    assert "系统出了点问题" in answer.text
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    formatter = logging.Formatter()
    ours = "\n".join(formatter.format(record) for record in caplog.records if not record.name.startswith("urllib3"))
    assert ours.count("unforeseen ValueError") == 2
    for hidden in ("张伟", code, "青阳街道", "139123"):
        assert hidden not in ours


def test_https_is_remembered() -> None:
    async def ask(scheme: str) -> dict[bytes, bytes]:
        sent: list[dict[str, object]] = []

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": "/", "raw_path": b"/", "root_path": "", "query_string": b"",
            "scheme": scheme, "headers": [], "http_version": "1.1", "client": None, "server": ("x", 443),
        }  # fmt: skip
        await create_app()(scope, receive, send)  # type: ignore[arg-type]
        return dict(sent[0]["headers"])  # type: ignore[call-overload, no-any-return]

    assert run(ask("https"))[b"strict-transport-security"]
    assert b"strict-transport-security" not in run(ask("http"))


def test_a_port_that_is_taken_is_said_in_words() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(ConfigurationError, match="QIANLI_WEB_PORT"):
        run_web("127.0.0.1", taken.getsockname()[1])
