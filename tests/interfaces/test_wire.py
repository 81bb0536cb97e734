"""The way to a courier: limits asked for, faults told apart, nothing said of what was sent."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from qianli.errors import CourierUnavailable, InterfaceError, UnreadableAnswer
from qianli.interfaces.wire import Limit, Wire

LIMIT = Limit("book", per_second=30)


@contextmanager
def answering(status: int, content: bytes, length: int | None = None) -> Iterator[str]:
    """A server that gives everybody the same answer; `length` is what it claims the answer has."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content) if length is None else length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_good_answer_is_read_under_its_limit() -> None:
    asked: list[Limit] = []
    with answering(200, b'{"a": 1}') as url:
        wire = Wire(asked.append)
        assert wire.post_form(url, {"name": "某"}, limit=LIMIT) == {"a": 1}
        assert wire.post_body(url, b"[]", limit=LIMIT) == {"a": 1}
    assert asked == [LIMIT, LIMIT]


@pytest.mark.parametrize(
    ("status", "content", "length", "error"),
    [
        (503, b"", None, CourierUnavailable), (429, b"{}", None, CourierUnavailable),
        (200, b'{"a', 9, CourierUnavailable), (404, b"{}", None, UnreadableAnswer), (302, b"", None, UnreadableAnswer),
        (200, b"<html>", None, UnreadableAnswer), (200, b"\xff\xfe", None, UnreadableAnswer),
        (200, b"", None, UnreadableAnswer),
    ],
)  # fmt: skip
def test_a_fault_is_told_without_what_was_sent(
    caplog: pytest.LogCaptureFixture, status: int, content: bytes, length: int | None, error: type[InterfaceError]
) -> None:
    caplog.set_level(logging.DEBUG)
    with answering(status, content, length) as url, pytest.raises(error) as told:
        Wire().post_form(url, {"phone": "13800000000"}, limit=LIMIT)
    assert "13800000000" not in f"{told.value} {caplog.text}"


def test_nobody_there_is_a_passing_fault() -> None:
    with answering(200, b"{}") as url:
        pass
    with pytest.raises(CourierUnavailable):
        Wire().post_form(url, {}, limit=LIMIT)
