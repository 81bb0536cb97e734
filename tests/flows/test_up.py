"""`qianli up`: starts, stops, and never leaves half of itself behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from qianli.launch.api import answers, call, location
from qianli.settings import settings
from qianli.testing import workspace
from qianli.testing_machines import free_port
from qianli.testing_prefect import furnish

pytestmark = pytest.mark.slow
DEADLINE_S = 300
SCHEDULED = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, prefect_home: Path) -> Iterator[Path]:
    """Ports and a Prefect home of our own; the server's database is there."""
    root: Path = tmp_path_factory.mktemp("up")
    url = f"http://127.0.0.1:{free_port()}/api"
    with workspace(root, PREFECT_API_URL=url, WEB_PORT=str(free_port()), PREFECT_AUTH="qianli:geheim"):
        furnish(prefect_home)
        yield root


class Up:
    """A running `qianli up` and what it says."""

    def __init__(self, root: Path) -> None:
        self.said = root / "said.txt"
        with self.said.open("wb") as output:
            self.process = subprocess.Popen([sys.executable, "-m", "qianli", "up"], stdout=output, stderr=output)

    def until(self, look: Callable[[], bool]) -> None:
        limit = time.monotonic() + DEADLINE_S
        while not look():
            assert time.monotonic() < limit, self.text()
            time.sleep(0.1)

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def child(self, *words: str) -> int:
        """The process id of the child that was started with these words."""
        ours = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii").split()
        return next(int(pid) for pid in ours if set(words) <= _words(pid))


def _words(pid: str) -> set[str]:
    return set(Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0"))


def nobody_listens() -> bool:
    return not any(_listens(place) for place in (location(), (settings().web_host, settings().web_port)))


def _listens(place: tuple[str, int]) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(place) == 0


@pytest.fixture
def up(alone: Path) -> Iterator[Up]:
    running = Up(alone)
    try:
        running.until(lambda: "都已就绪" in running.text() or running.process.poll() is not None)
        assert running.process.poll() is None, running.text()
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        running.until(nobody_listens)


def test_all_is_there_and_stops_when_told(up: Up) -> None:
    """Schedules become runs too: Prefect fails to, silently, with a SQLAlchemy it does not know."""
    assert answers()
    asked = f"{settings().prefect_api_url}/flow_runs/count"
    assert requests.post(asked, json={}, timeout=10).status_code == requests.codes.unauthorized
    page = requests.get(f"http://{settings().web_host}:{settings().web_port}/r", timeout=10)
    assert page.status_code == requests.codes.ok
    up.until(lambda: call("POST", "/flow_runs/count", SCHEDULED) > 0)
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(DEADLINE_S) == 0
    assert "已停止" in up.text()
    assert nobody_listens()


def test_when_a_child_dies_all_stop_and_the_log_is_named(up: Up) -> None:
    os.kill(up.child("flows"), signal.SIGKILL)
    assert up.process.wait(DEADLINE_S) == 1
    assert "flows.log" in up.text()
    assert "Traceback" not in up.text()
    assert nobody_listens()


def test_killed_itself_it_leaves_nobody_at_the_ports(up: Up) -> None:
    up.process.kill()
    up.process.wait()
    up.until(nobody_listens)
