"""Starting flows, without a server."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from qianli import launch
from qianli.errors import ConfigurationError, EngineMissing, RuleBroken
from qianli.launch import runs
from qianli.launch.api import call, location
from qianli.settings import settings
from qianli.testing import workspace


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Path]:
    with workspace(tmp_path, PREFECT_API_URL=f"http://127.0.0.1:{free_port()}/api", WEB_PORT=str(free_port())) as root:
        yield root


def test_without_a_server_the_sentence_names_what_to_do(alone: Path) -> None:
    with pytest.raises(EngineMissing, match=r"qianli up.*--inline"):
        launch.start_flow("fulfil_campaign", 1)


def test_a_wrong_address_is_a_setting_to_correct(tmp_path: Path) -> None:
    with workspace(tmp_path, PREFECT_API_URL="4210"), pytest.raises(ConfigurationError, match="QIANLI_PREFECT_API_URL"):
        launch.start_flow("fulfil_campaign", 1)


def test_up_refuses_a_port_that_is_taken(alone: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", settings().web_port)),
        pytest.raises(ConfigurationError, match="QIANLI_WEB_PORT"),
    ):
        launch.up(print)


def test_up_starts_no_server_for_another_machine(tmp_path: Path) -> None:
    with (
        workspace(tmp_path, PREFECT_API_URL="http://prefect.example:4200/api"),
        pytest.raises(RuleBroken, match="另一台机器"),
    ):
        launch.up(print)


def test_a_run_signs_for_a_process_that_can_be_looked_for() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    host, _, pid = runs.here().rpartition(":")
    assert (host, int(pid)) == (socket.gethostname(), os.getpid())
    assert runs.process_exists(os.getpid())
    assert not runs.process_exists(child.pid)


def test_commands_do_not_pay_for_prefect() -> None:
    code = "import sys, qianli.launch, qianli.cli.drive; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_busy_server_is_asked_again(alone: Path) -> None:
    """SQLite under Prefect says 503 while it writes, most of all just after the start."""
    answers = iter([503, 503, 200])

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(next(answers))
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    with HTTPServer(location(), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert call("GET", "/health") is None
        server.shutdown()
    assert next(answers, None) is None
