"""Contests: the same papers by several makers, each run in a fresh process, side by side.

A bench says which tasks there are, who competes in each, and how many pieces they make:

    TASKS = {"labels": Task(make_forms, {"Qianli": ours, "Typst": typst})}   # make_forms(count, maker); a maker takes
                                                                            # what it gives, and gives Made
    ROWS = (Row("labels", 10_000, most={"Typst": 3000}),)
    if __name__ == "__main__":
        contest.main("tests.bench.labels", "labels", TASKS, ROWS, packages=("weasyprint", "typst"))

`BENCH_SIZES=600` lets nobody make more than 600 pieces: a quick look. `BENCH_RUNS=3` is how often each is measured, or
as often as its row says if that is less; the table shows medians. Figures are per piece, so a slow maker may get fewer,
and its start weighs more: how many stands beside it. Who makes as many in two rows of a task is measured once. CPU is
user and system time of the process and everything it started; memory the peaks of those processes that live on, added
up. What a maker needs before it begins (forms, faces it can read) is prepared before the clocks start; import what is
large inside a maker or its preparing. A maker that dies or is not installed is told of, not left out.
"""

import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from qianli import garbage

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "var" / "bench"
OURS = "Qianli"
LIMIT_S = 900
Found = dict[str, Any]
COLUMNS = {"pieces": 8, "rounds": 6, "CPU ms": 9, "wall ms": 9, "CPU/s": 8, "check s": 8, "peak MB": 8, "bytes": 9}
HEAD = " ".join((" " * 30, *(f"{name:>{wide}}" for name, wide in COLUMNS.items())))


@dataclass(frozen=True)
class Made:
    """What a maker made: bytes of all files together, and how much CPU of its own the check of the result took."""

    size: int
    check_cpu_s: float = 0.0
    note: str = ""


Maker = Callable[[Any], Made]


@dataclass(frozen=True)
class Task:
    """Something to make: what so many pieces are made from by a maker, named, and who makes them."""

    prepare: Callable[[int, str], Any]
    makers: Mapping[str, Maker]


@dataclass(frozen=True)
class Row:
    """So many pieces of a task for everybody, measured at most `rounds` times.

    `most` gives slow makers fewer, 0 leaves one out.
    """

    task: str
    count: int
    most: Mapping[str, int] = field(default_factory=dict)
    rounds: int = 100


def main(module: str, name: str, tasks: Mapping[str, Task], rows: Sequence[Row], packages: Sequence[str]) -> None:
    """Measure every row, print tables and ratios, write var/bench/NAME.json. As a child: measure one maker once."""
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(_measured_here(tasks[sys.argv[1]], sys.argv[2], int(sys.argv[3]))) + "\n")
        return
    cap = max(map(int, os.environ.get("BENCH_SIZES", "1000000000").split(",")))
    rounds = int(os.environ.get("BENCH_RUNS", "3"))
    found: list[Found] = []
    known: dict[tuple[str, str, int], Found] = {}
    began = time.monotonic()
    for row in _capped(rows, cap):
        print(f"\n{row.task}, {min(row.count, cap)} pieces\n{HEAD}", flush=True)
        found += _row(module, replace(row, rounds=min(row.rounds, rounds)), tasks[row.task], cap, known)
    RESULTS.mkdir(parents=True, exist_ok=True)
    said = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load": os.getloadavg(), "cores": os.cpu_count()}
    result = {**said, "versions": _versions(packages), "rows": found}
    (RESULTS / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print("\nCPU ms a piece is of making, without the check; the check, once a run, stands beside it; wall has both.")
    print(json.dumps(result["versions"]))
    print(f"All of it took {(time.monotonic() - began) / 60:.0f} minutes.")


def _capped(rows: Sequence[Row], cap: int) -> list[Row]:
    """The rows, one for each task and count; of several that the cap makes alike the one with most makers."""
    found: dict[tuple[str, int], Row] = {}
    for row in sorted(rows, key=lambda one: list(one.most.values()).count(0)):
        found.setdefault((row.task, min(row.count, cap)), row)
    return [row for row in rows if row in found.values()]


def _row(module: str, row: Row, task: Task, cap: int, known: dict[tuple[str, str, int], Found]) -> list[Found]:
    found = []
    for maker in task.makers:
        count = min(row.count, row.most.get(maker, row.count), cap)
        if count:
            key = row.task, maker, count
            known[key] = known.get(key) or _median(module, row.task, maker, count, row.rounds)
            found.append({"task": row.task, "maker": maker, "count": count, **known[key]})
            print(_line(found[-1]), flush=True)
    for line in _ratios([one for one in found if "died" not in one]):
        print(line, flush=True)
    return found


def _median(module: str, task: str, maker: str, count: int, rounds: int) -> Found:
    runs = []
    for _ in range(rounds):
        command = [sys.executable, "-m", module, task, maker, str(count)]
        environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, env=environment, timeout=LIMIT_S, check=True)
        except subprocess.CalledProcessError as error:
            last = error.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            return {"died": f"exit {error.returncode} {' '.join(last)}"[:160]}
        except subprocess.TimeoutExpired:
            return {"died": f"not done in {LIMIT_S} s"}
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    notes = {run.pop("note") for run in runs}
    return {
        "rounds": rounds,
        **{key: statistics.median(run[key] for run in runs) for key in runs[0]},
        "note": "; ".join(sorted(notes - {""})),
    }


def _measured_here(task: Task, maker: str, count: int) -> dict[str, Any]:
    garbage.look_seldom()  # as our programs do, for every maker alike
    forms = task.prepare(count, maker)
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak from now on, of what is held already too
    cpu, wall = cpu_s(), time.perf_counter()
    made = task.makers[maker](forms)
    wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
    taken = {"cpu_s": cpu, "check_cpu_s": made.check_cpu_s, "wall_s": wall, "peak_mb": _peak_mb()}
    return {**taken, "bytes": made.size, "note": made.note}


def cpu_s() -> float:
    """Seconds that this process and everything it started worked, also what still runs."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    total = sum(one.ru_utime + one.ru_stime for one in both)
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def _peak_mb() -> float:
    """Peaks of this process and of each that it still has, added up, or of one that ended if that is more.

    Those that ended are not added: a short-lived child is counted by the kernel with the memory it was forked from.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    running = [one.pid for one in psutil.Process().children(recursive=True)]
    return max(ended, _high_mb("self") + sum(map(_high_mb, running)))


def _high_mb(pid: int | str) -> float:
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def _line(one: Mapping[str, Any]) -> str:
    head = f"{one['maker']:30} {one['count']:8}"
    if "died" in one:
        return f"{head}  {one['died']}"
    making, count = _making_s(one), one["count"]
    times = f"{one['rounds']:6} {making * 1000:9.3f} {one['wall_s'] / count * 1000:9.3f} {1 / making:8.0f}"
    return f"{head} {times} {one['check_cpu_s']:8.2f} {one['peak_mb']:8.0f} {one['bytes'] / count:9.0f} {one['note']}"


def _making_s(one: Mapping[str, Any]) -> float:
    """CPU seconds of making one piece."""
    return max((float(one["cpu_s"]) - float(one["check_cpu_s"])) / int(one["count"]), 1e-9)


def _ratios(found: Sequence[Mapping[str, Any]]) -> list[str]:
    ours = next((one for one in found if one["maker"] == OURS), None)
    if ours is None:
        return []
    others = [one for one in found if one is not ours]
    whole = float(ours["cpu_s"]) / int(ours["count"])
    return [
        f"  = {_making_s(one) / _making_s(ours):.2f} times as fast as {one['maker']}, "
        f"{_making_s(one) / whole:.2f} with the check"
        for one in others
    ]


def _versions(packages: Sequence[str]) -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in packages:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found
