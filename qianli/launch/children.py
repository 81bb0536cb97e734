"""The child processes of `qianli up`: what they are started with, and how they are stopped."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from qianli import private
from qianli.launch.api import location
from qianli.launch.runs import HEARTBEAT_S
from qianli.settings import ROOT, settings

STOP_S = 15
UNSCHEDULED = "--unscheduled"
PR_SET_PDEATHSIG = 1

#: Defaults an engineer may override in the environment.
QUIET = {
    "PREFECT_LOGGING_LEVEL": "INFO",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "qianli",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "2",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S),
}

BOTH_SIDES = ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING")


@dataclass
class Child:
    """A process of ours, what people call it, and where it writes."""

    title: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_with: signal.Signals = signal.SIGTERM

    def died(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def stop(self) -> None:
        """Ask it to end, and make it end if it does not."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(self.stop_with)
        try:
            self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_server() -> Child:
    """The Prefect server on SQLite; it migrates its own database when it begins."""
    host, port = location()
    return _start("Prefect 服务", "server", ["qianli.launch.server", host, str(port)])


def start_flows(*, scheduled: bool = True) -> Child:
    """The process that serves every deployment of prefect.yaml; each flow run is a child of it."""
    module = ["flows"] if scheduled else ["flows", UNSCHEDULED]
    return _start("流程", "flows", module, stop_with=signal.SIGINT)  # on SIGTERM Prefect's runner skips its clean-up


def start_web() -> Child:
    """The web pages."""
    return _start("网页", "web", ["qianli", "serve"])


def environment() -> dict[str, str]:
    """What every child is given: ours whole, Prefect pointed at our server and home, nothing sent elsewhere."""
    fixed = {
        "PREFECT_HOME": str(settings().prefect_home),
        "PREFECT_API_URL": settings().prefect_api_url,
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }
    return {**QUIET, **os.environ, **fixed, **_auth()}


def _auth() -> dict[str, str]:
    """What our server asks for, and what our flows say to it."""
    auth = settings().prefect_auth
    return dict.fromkeys(BOTH_SIDES, auth.get_secret_value()) if auth else {}


def _start(title: str, name: str, module: list[str], *, stop_with: signal.Signals = signal.SIGTERM) -> Child:
    log = private.file(settings().prefect_home / f"{name}.log")
    private.tighten(settings().prefect_home)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own modules, no shell
            [sys.executable, "-m", *module],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop them in order
            preexec_fn=end_with_parent,  # noqa: PLW1509 - no threads yet when children are started
        )
    return Child(title, process, log, stop_with)


def end_with_parent() -> None:
    """In a child: a killed `qianli up` must not leave a server behind that holds the port. Only Linux can say so."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
