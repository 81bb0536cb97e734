"""The bench runs and tells what it found; how long anything takes is never asserted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qianli.settings import ROOT


@pytest.mark.slow
@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_every_step_is_measured_at_every_size(tmp_path: Path, database: str) -> None:
    words = ["tests/bench/bench.py", "spine", "--sizes", "60,120", "--databases", database, "--results", str(tmp_path)]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads((tmp_path / "spine.json").read_text(encoding="utf-8"))
    steps = {"import", "prepare", "approve", "plan", "status"}
    assert {(one["step"], one["size"]) for one in found["measured"]} == {(s, n) for s in steps for n in (60, 120)}
    assert all(one["cpu_s"] > 0 and one["wall_s"] > 0 and one["peak_mb"] > 0 for one in found["measured"])
    assert (sum(one["server_cpu_s"] for one in found["measured"]) > 0) is (database == "PostgreSQL")
    assert {(one["step"], one["work"]) for one in found["growth"]} == {(step, 2.0) for step in steps}
    assert f"| {database} | plan | 120 |" in done.stdout
