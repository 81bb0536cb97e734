"""One measurement: a step of a bench in a fresh process, whose clocks start when everything is imported."""

import importlib
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


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
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "QIANLI_DATABASE_URL": place.url,
        "QIANLI_DOCUMENTS_URL": f"file://{place.folder}/documents",
        "QIANLI_PUBLIC_URL": "https://qianli.example",
        "QIANLI_SECRET": "bench-secret",
    }
    words = [sys.executable, str(HERE / "runner.py"), bench, step, str(size), str(place.folder)]
    before = _server_cpu_s(place.server_pid)
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    taken = json.loads(done.stdout.splitlines()[-1])
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


def main() -> None:
    """The child: one step, then what it took on the last line."""
    bench, step, size, folder = sys.argv[1:]
    run = importlib.import_module(bench).STEPS[step]
    cpu, wall = _used_s(), time.monotonic()
    run(Path(folder), int(size))
    taken = {"cpu_s": _used_s() - cpu, "wall_s": time.monotonic() - wall, "peak_mb": _peak_mb()}
    print(json.dumps({name: round(value, 3) for name, value in taken.items()}))


def _used_s() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def _peak_mb() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


if __name__ == "__main__":
    main()
