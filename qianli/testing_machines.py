"""Several machines for tests: a PostgreSQL for Prefect, its server, workers and webs as examples/systemd runs them."""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import psutil
import psycopg

from qianli.launch.children import end_with_parent
from qianli.settings import ROOT, settings

UNITS = ROOT / "examples" / "systemd"
APP = "/srv/qianli/app/.venv/bin/"  # where the units expect the checkout
DEADLINE_S = 180.0  # on a machine that many others use
AT_ONCE_S, SELDOM_S = 0.05, 1.0  # between two looks: for what is to be caught in the middle, for what takes minutes
STOP_S = 3.0  # the units give thirty: a quick machine would draw all that is to be cut off
T = TypeVar("T")


def until(look: Callable[[], T | None], *, what: str, deadline_s: float = DEADLINE_S, every_s: float = AT_ONCE_S) -> T:
    """Poll until there is an answer that is not None or false; a test that waits too long fails here.

    Every look at Prefect is work for its server: whoever waits for minutes looks seldom.
    """
    limit = time.monotonic() + deadline_s
    while not (found := look()):
        if time.monotonic() > limit:
            raise AssertionError(f"not in {deadline_s:.0f} s: {what}")
        time.sleep(every_s)
    return found


def seldom(look: Callable[[], T]) -> Callable[[], T | None]:
    """What only tells that it is too late, beside a look of its own at what is waited for: asked once a second."""
    asked = time.monotonic()

    def answer() -> T | None:
        nonlocal asked
        if time.monotonic() - asked < SELDOM_S:
            return None
        asked = time.monotonic()
        return look()

    return answer


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody does."""
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def prefect_database() -> Iterator[str]:
    """The URL of an empty database for Prefect, on Debian's PostgreSQL: the wheel's has no pg_trgm."""
    home = Path(tempfile.mkdtemp(prefix="qianli-prefect-"))
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if user:
        shutil.chown(home, user)
    own: dict[str, Any] = {"user": user, "cwd": home}
    data = str(home / "data")
    initialised = [_postgres("initdb"), "-D", data, "-U", "prefect", "--auth=trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initialised, check=True, stdout=subprocess.DEVNULL, **own)  # noqa: S603 - our own words
    careless = [word for name in ("fsync", "synchronous_commit", "full_page_writes") for word in ("-c", f"{name}=off")]
    command = [_postgres("postgres"), "-D", data, "-k", str(home), "-c", "listen_addresses=", *careless]
    own["preexec_fn"] = end_with_parent  # a test that is killed leaves nobody behind
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, **own)  # noqa: S603 - our own words
    try:
        until(lambda: _create_database(home), what="PostgreSQL answers")
        yield f"postgresql+asyncpg://prefect@/prefect?host={home}"
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait()
        shutil.rmtree(home)


def _postgres(program: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed; `make setup-test` does it")
    return str(found[-1])


def _create_database(home: Path) -> bool:
    with (
        suppress(psycopg.OperationalError),
        psycopg.connect(host=str(home), user="prefect", dbname="postgres", autocommit=True) as connection,
    ):
        connection.execute("CREATE DATABASE prefect")
        return True
    return False


def environment(*files: str) -> dict[str, str]:
    """What environment files of the examples set."""
    lines = [line for name in files for line in (UNITS / name).read_text(encoding="utf-8").splitlines()]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def command(unit: str, **changes: str) -> list[str]:
    """What a unit starts, from this checkout; `changes` are specifiers (i, H) and words to write differently."""
    text = (UNITS / unit).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("ExecStart=")).removeprefix(f"ExecStart={APP}")
    for old, new in changes.items():
        line = line.replace(f"%{old}", new).replace(f" {old} ", f" {new} ")
    return [sys.executable, "-m", *shlex.split(line)]


@cache
def _named(name: str) -> tuple[str, ...]:
    """Words that make a command believe its machine has this name; none where that is not allowed."""
    rename = ("sh", "-c", 'hostname "$0" && exec "$@"', name)
    for words in (("unshare", "--uts", *rename), ("unshare", "--map-root-user", "--uts", *rename)):
        with suppress(FileNotFoundError):
            if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
                return words
    return ()


@dataclass
class Process:
    """A process of a unit, and what it started."""

    name: str
    process: subprocess.Popen[bytes]

    def family(self) -> list[psutil.Process]:
        """Itself and all that came of it."""
        with suppress(psutil.NoSuchProcess):
            itself = psutil.Process(self.process.pid)
            return [itself, *itself.children(recursive=True)]
        return []

    def kill(self) -> None:
        """As if the power were cut: it and its children, at once."""
        for one in self.family():
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()

    def terminate(self) -> None:
        """As `systemctl stop` does with KillMode=mixed: asked first, and what is still there is killed."""
        family = self.family()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_S)
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()


@dataclass
class Machines:
    """The processes of an installation; logs and homes lie under `root`."""

    root: Path
    auth: str
    running: list[Process] = field(default_factory=list)

    def server(self, database_url: str, port: int) -> Process:
        """The Prefect server."""
        words = command("qianli-prefect.service", **{"0.0.0.0": "127.0.0.1"})  # noqa: S104 - that is replaced
        own = {
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url,
            "PREFECT_SERVER_API_AUTH_STRING": self.auth,
            "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",  # a test must not depend on the time of day
        }
        env = {**environment("prefect-server.env"), **own}
        return self._start("prefect", [str(port) if word == "4200" else word for word in words], env)

    def worker(self, machine: str, **env: str) -> Process:
        """A worker on a machine of this name."""
        words = command("qianli-worker@.service", H=machine, i="1")
        return self._start(f"worker-{machine}", [*_named(machine), *words], env)

    def web(self, port: int) -> Process:
        """A web process."""
        return self._start(f"web-{port}", command("qianli-web@.service", i=str(port)), {})

    def _start(self, name: str, words: list[str], env: Mapping[str, str]) -> Process:
        api = {"PREFECT_API_URL": settings().prefect_api_url, "PREFECT_API_AUTH_STRING": self.auth}
        home = {"PREFECT_HOME": str(self.root / name)}
        whole = {**environment("qianli.env"), **os.environ, **api, **home, **env}
        with (self.root / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - the units' own words
                words,
                cwd=ROOT,
                env=whole,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - a test that is killed leaves nobody behind
            )
        self.running.append(Process(name, process))
        return self.running[-1]

    def stop(self) -> None:
        """End them all, in the reverse order of their start."""
        while self.running:
            self.running.pop().kill()


def tell(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """One command of its own process, whatever becomes of it."""
    command = [sys.executable, "-m", "qianli", *words]
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=False)  # noqa: S603


def qianli(*words: str) -> str:
    """One command of its own process; what it says."""
    done = tell(*words)
    assert done.returncode == 0, done.stdout + done.stderr  # noqa: S101 - for tests
    return done.stdout
