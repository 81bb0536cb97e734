"""One measurement: a step of a bench in a process of its own, whose clocks start when everything is imported.

It is forked from one that has imported the bench and done nothing.
"""

import importlib
import multiprocessing
import os
import resource
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from qianli.settings import settings

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FORKING = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Place:
    """Where a bench works: a directory of its own, a database, and the process id of its server if it has one."""

    folder: Path
    database: str
    url: str
    server_pid: int | None = None


@dataclass(frozen=True)
class Measured:
    """What one step took. Peak memory is that of the whole process, libraries included; the server's is not in it."""

    step: str
    database: str
    size: int
    cpu_s: float
    server_cpu_s: float
    wall_s: float
    peak_mb: float

    @property
    def a_second(self) -> float:
        """Members a second, by the clock on the wall."""
        return self.size / max(self.wall_s, 0.001)

    @property
    def all_cpu_s(self) -> float:
        """What the process and the database server used together."""
        return self.cpu_s + self.server_cpu_s


def measure(bench: str, step: str, size: int, place: Place) -> Measured:
    """Run `STEPS[step](folder, size)` of a bench in a process of its own."""
    environment = {
        "QIANLI_DATABASE_URL": place.url,
        "QIANLI_DOCUMENTS_URL": f"file://{place.folder}/documents",
        "QIANLI_PUBLIC_URL": "https://qianli.example",
        "QIANLI_SECRET": "bench-secret",
    }
    before = _server_cpu_s(place.server_pid)
    told, tell = FORKING.Pipe(duplex=False)
    child = FORKING.Process(target=_do, args=(bench, step, size, place.folder, environment, tell))
    child.start()
    tell.close()
    child.join()
    if child.exitcode:
        raise RuntimeError(f"{bench} {step} {size}: exit {child.exitcode}")
    taken = told.recv()
    return Measured(
        step=step, database=place.database, size=size,
        server_cpu_s=round(_server_cpu_s(place.server_pid) - before, 3), **taken,
    )  # fmt: skip


def _server_cpu_s(pid: int | None) -> float:
    """What a database server has used so far; a backend's share falls to the server when it ends."""
    if pid is None:
        return 0.0
    server = psutil.Process(pid)
    times = [one.cpu_times() for one in [server, *server.children()]]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


def _do(bench: str, step: str, size: int, folder: Path, environment: dict[str, str], tell: Connection) -> None:
    """The child: one step, then what it took."""
    os.environ.update(environment)
    settings.cache_clear()
    run = importlib.import_module(bench).STEPS[step]
    cpu, wall = _used_s(), time.monotonic()
    run(folder, size)
    taken = {"cpu_s": _used_s() - cpu, "wall_s": time.monotonic() - wall, "peak_mb": _peak_mb()}
    tell.send({name: round(value, 3) for name, value in taken.items()})


def _used_s() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _peak_mb() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
