"""How much memory a run of letters in one file takes: ours, the layout process's, and both at the same moment.

A renderer that the layout process starts for the release check is counted with it.

`python -m tests.bench.memory` prints a table. RSS counts the fonts that are mapped from disk in full (116 MB, which the
kernel drops when it needs the room, and which all processes share); PSS a process's share of them; private what is its
own alone. The release check is in it. Held: all forms and the file are in memory, as `fulfil` has a print run;
streamed: forms are read in blocks and the file is written as it grows.
"""

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from qianli import garbage
from qianli.documents import press
from qianli.documents.forms import Letter
from qianli.documents.layout_process import PROCESS, used_s
from qianli.settings import ROOT
from qianli.testing_letters import seeded_letters

SIZES = tuple(map(int, os.environ.get("BENCH_SIZES", "1000,10000,100000").split(",")))
BLOCK = 1000
EVERY_S = 0.1
KINDS = ("Rss", "Pss", "Private")
STAMPED = press.Pressing("stamp", 7)


class Watch(threading.Thread):
    """Looks at both processes now and then; peaks in kB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks: dict[tuple[str, str], int] = {}
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(EVERY_S):
            now = {"ours": taken([os.getpid()]), "layout": taken(with_children(PROCESS.pid))}
            for kind in KINDS:
                both = 0
                for who, some in now.items():
                    both += some.get(kind, 0)
                    self._note(who, kind, some.get(kind, 0))
                self._note("both", kind, both)

    def _note(self, who: str, kind: str, size: int) -> None:
        self.peaks[who, kind] = max(self.peaks.get((who, kind), 0), size)

    def over(self) -> None:
        """Stop looking."""
        self._over.set()
        self.join()


def with_children(pid: int | None) -> list[int]:
    """A process, if it runs, and those it started."""
    with suppress(psutil.NoSuchProcess):
        return [pid, *(one.pid for one in psutil.Process(pid).children())] if pid else []
    return []


def taken(pids: Sequence[int]) -> Mapping[str, int]:
    """What processes take together, in kB; nothing of those that are gone."""
    found = dict.fromkeys(KINDS, 0)
    for pid in pids:
        with suppress(OSError):
            rolled_up = Path(f"/proc/{pid}/smaps_rollup").read_text()
            for name, size in re.findall(r"^(\w+):\s+(\d+) kB", rolled_up, re.MULTILINE):
                kind = "Private" if name in ("Private_Clean", "Private_Dirty") else name
                if kind in found:
                    found[kind] += int(size)
    return found


def make(how: str, count: int, folder: Path) -> press.Pdf:
    """One file of so many letters."""
    if how == "held":
        letters = [one for start in range(0, count, BLOCK) for one in block(start, min(start + BLOCK, count))]
        return press.letters(letters, "red_letter", STAMPED)
    return press.letters(press.InBlocks(count, block, BLOCK), "red_letter", STAMPED, out=folder / "letters.pdf")


def block(start: int, end: int) -> list[Letter]:
    """The same letters whoever asks."""
    return seeded_letters(end - start, seed=start)


def child(how: str, count: int) -> None:
    """Make it in this process, and tell."""
    garbage.look_seldom()  # as our programs do
    with tempfile.TemporaryDirectory() as folder:
        watch = Watch()
        watch.start()
        made = make(how, count, Path(folder))
        watch.over()
    both = " | ".join(f"{watch.peaks['both', kind] // 1024}" for kind in KINDS)
    each = " | ".join(f"{watch.peaks[who, 'Private'] // 1024}" for who in ("ours", "layout"))
    said = made.remark or f"{made.stamped} stamped, {made.checked} checked"
    print(f"| {how} | {count:,} | {both} | {each} | {used_s():.0f} | {made.check_cpu_s:.1f} | {said} |", flush=True)


def main() -> None:
    """The table, each row by a fresh process."""
    print("| forms and file | letters | RSS MB | PSS MB | private MB | of it ours | of it layout | CPU s | check | |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|---|", flush=True)
    for count in SIZES:
        for how in ("held", "streamed"):
            subprocess.run([sys.executable, "-m", "tests.bench.memory", how, str(count)], cwd=ROOT, check=True)


if __name__ == "__main__":
    child(sys.argv[1], int(sys.argv[2])) if len(sys.argv) > 1 else main()
