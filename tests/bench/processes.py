"""One process against two at the same letters: wall and CPU, everything counted. `python -m tests.bench.processes`."""

import json
import os
import subprocess
import sys
import time

from qianli.documents import layout_process, press
from qianli.settings import ROOT
from qianli.testing_letters import seeded_letters

SIZES = tuple(map(int, os.environ.get("BENCH_SIZES", "10000,60000,100000").split(",")))
RUN = 10_000  # letters in one file, so that no process holds them all


def make(count: int) -> None:
    """Make letters in this process, a file at a time; tell the CPU it took with the process that lays out."""
    for first in range(0, count, RUN):
        press.letters(seeded_letters(min(RUN, count - first), seed=first), "red_letter", press.Pressing("stamp"))
    print(json.dumps(layout_process.used_s()))


def measured(count: int, processes: int) -> tuple[float, float]:
    """Wall and CPU seconds of so many letters shared out among so many processes."""
    began = time.perf_counter()
    words = [sys.executable, "-m", "tests.bench.processes", str(count // processes)]
    running = [subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(processes)]
    cpu = sum(float(one.communicate()[0]) for one in running)
    return time.perf_counter() - began, cpu


def main() -> None:
    """The table."""
    print("| letters | one process, wall s | CPU s | two, wall s | CPU s | two is |\n|--:|--:|--:|--:|--:|--:|")
    for count in SIZES:
        (wall, cpu), (wall_2, cpu_2) = measured(count, 1), measured(count, 2)
        print(f"| {count:,} | {wall:.1f} | {cpu:.1f} | {wall_2:.1f} | {cpu_2:.1f} | {wall / wall_2:.2f}x as fast |")


if __name__ == "__main__":
    make(int(sys.argv[1])) if len(sys.argv) > 1 else main()
