"""Starting flows, without a server."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Self

import pytest

from qianli import launch, processes
from qianli.errors import ConfigurationError, EngineMissing, RuleBroken
from qianli.launch import runs
from qianli.launch.api import call, location
from qianli.settings import settings
from qianli.testing import workspace
from qianli.testing_machines import free_port


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
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not processes.exists(child.pid), "it ended, though nobody has asked for it"
    child.wait()
    host, _, pid = processes.here().rpartition(":")
    assert (host, int(pid)) == (socket.gethostname(), os.getpid())
    assert processes.exists(os.getpid())
    assert not processes.exists(child.pid)


def test_commands_load_only_what_they_need() -> None:
    code = """
import sys
from qianli.cli.main import execute
from qianli.cli.words import WORDS, loaded
assert execute(["--help"]) == 0 and "sqlalchemy" not in sys.modules
FILES = {"openpyxl", "xlsxwriter", "PIL", "jinja2", "fsspec", "requests", "chinese_calendar"}
assert loaded("user") and FILES.isdisjoint(sys.modules), FILES & set(sys.modules)
HEAVY = {"prefect", "fastapi", "uvicorn", "weasyprint", "fontTools", "pikepdf"}
assert [loaded(word) for word in WORDS] and HEAVY.isdisjoint(sys.modules), HEAVY & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


class Prefect(HTTPServer):
    """Answers each path in turn with what it was told to; the last answer stays."""

    def __init__(self, **told: list[dict[str, object]]) -> None:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                some = told[self.path.split("/")[2]]
                body = json.dumps(some.pop(0) if len(some) > 1 else some[0]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Quiet."""

        super().__init__(location(), Answer)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()


def a_run(type_: str, name: str, *, age_s: int = 0) -> dict[str, object]:
    at = (datetime.now(UTC) - timedelta(seconds=age_s)).isoformat()
    return {"name": "v1", "deployment_id": "1", "state": {"type": type_, "name": name, "timestamp": at}}


def polled(age_s: int) -> dict[str, object]:
    return {"last_polled": (datetime.now(UTC) - timedelta(seconds=age_s)).isoformat()}


def test_a_run_that_waits_for_a_busy_worker_is_waited_for(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "UNCLAIMED_S", 0.1)
    done = [*[a_run("SCHEDULED", "Late")] * 3, a_run("COMPLETED", "Completed")]
    with Prefect(flow_runs=done, deployments=[polled(0)]):
        assert launch.wait_for("1").done


def test_a_run_that_nobody_asks_for_is_told_at_once(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "UNCLAIMED_S", 0.1)
    with (
        Prefect(flow_runs=[a_run("SCHEDULED", "Scheduled")], deployments=[polled(60)]),
        pytest.raises(EngineMissing, match="没有进程"),
    ):
        launch.wait_for("1")


def test_a_run_whose_worker_died_before_it_began_names_reconcile(alone: Path) -> None:
    stuck = a_run("PENDING", "Pending", age_s=int(runs.QUIET_S) + 1)
    with Prefect(flow_runs=[stuck], deployments=[polled(0)]), pytest.raises(EngineMissing, match="qianli reconcile"):
        launch.wait_for("1")


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
