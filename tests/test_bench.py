"""The bench runs and tells what it found; how long anything takes is never asserted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qianli.settings import ROOT

SPINE = ("spine", "PostgreSQL", (8,), {"import", "prepare", "approve", "plan", "status"})
CHOOSING = ("residences", "SQLite", (4, 8), {"choose", "choose as known then"})


@pytest.mark.slow
@pytest.mark.parametrize(("bench", "database", "sizes", "steps"), [SPINE, CHOOSING])
def test_every_step_is_measured_at_every_size(
    tmp_path: Path, bench: str, database: str, sizes: tuple[int, ...], steps: set[str]
) -> None:
    """The long bench at one size with a server beside it; how work grows, on the one that begins quickest."""
    told = ",".join(map(str, sizes))
    words = ["tests/bench/bench.py", bench, "--sizes", told, "--databases", database, "--results", str(tmp_path)]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads((tmp_path / f"{bench}.json").read_text(encoding="utf-8"))
    assert {(one["step"], one["size"]) for one in found["measured"]} == {(s, n) for s in steps for n in sizes}
    assert all(one["cpu_s"] > 0 and one["wall_s"] > 0 and one["peak_mb"] > 0 for one in found["measured"])
    assert (sum(one["server_cpu_s"] for one in found["measured"]) > 0) is (database == "PostgreSQL")
    assert {(one["step"], one["work"]) for one in found["growth"]} == {(step, 2.0) for step in steps if len(sizes) > 1}
    for step in steps:
        assert f"| {database} | {step} | 8 |" in done.stdout


@pytest.mark.slow
def test_makers_are_measured_side_by_side_and_one_that_dies_is_told_of(tmp_path: Path) -> None:
    bench = tmp_path / "tiny.py"
    bench.write_text(
        "import os\n"
        "from tests.bench import contest\n"
        "from tests.bench.contest import Made, Row, Task\n"
        "makers = {'Qianli': lambda some: Made(len(some)), 'Other': lambda some: Made(9 * len(some), 0.0, 'larger'),\n"
        "          'Dies': lambda _: os.kill(os.getpid(), 11)}\n"
        "contest.RESULTS = __import__('pathlib').Path(os.environ['HERE'])\n"
        "tasks = {'words': Task(lambda count, _: 'x' * count, makers)}\n"
        "contest.main('tiny', 'tiny', tasks, (Row('words', 500),), ())\n"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{tmp_path}", "HERE": str(tmp_path)}
    environment |= {"BENCH_SIZES": "60,120", "BENCH_RUNS": "1"}
    command = [sys.executable, str(bench)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    rows = json.loads((tmp_path / "tiny.json").read_text(encoding="utf-8"))["rows"]
    assert {(one["maker"], one["count"], one.get("bytes")) for one in rows} == {
        ("Qianli", 120, 120), ("Other", 120, 1080), ("Dies", 120, None),
    }  # fmt: skip
    assert "exit -11" in done.stdout
    assert "times as fast as Other" in done.stdout
