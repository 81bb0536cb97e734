"""SIGKILL at commits and publishes all through both example campaigns, then the same command again.

The story of `qianli demo` is told once, command by command. What is cut off is first run to the end, on the workspace
as it then is, to count its fault points; then, for each chosen point, it is cut off there and run again. Afterwards all
must be as if it had never been cut off: rows, papers, stock.

Every kind of command is cut off, the first time it is given. One of a single transaction: after its commit. One of
several: at one point of each kind, and `campaign fulfil`, whenever it is given, at every twenty-fourth of its points.
PostgreSQL is cut off in commands of several transactions only: fulfil at one point of each kind and every fortieth,
the others in their middle.
"""

import signal
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from qianli import faults
from qianli.cli import demo_story, main
from qianli.cli.common import context
from qianli.settings import ROOT
from qianli.testing import count_points, kill_at, workspace
from qianli.testing_story import Drawn, close_gaps, copied, in_child, inline, state_of

FULFIL = "campaign fulfil"
POINTS = {"before commit", "after commit", "before publish", "before rename", "after publish"}
LONG = {f"campaign {one}" for one in ("prepare", "rehearse", "fulfil", "close")} | {"manifest seal"}
SHORT = {
    "member import", "kit add", "campaign new", "campaign approve", "parcel pack", "manifest hand-over",
    "parcel waybills", "parcel events", "receipt record", "parcel replace",
}  # fmt: skip


@dataclass(frozen=True)
class Sweep:
    """Which commands are cut off, and where; with `few` those of several transactions only."""

    every: int
    few: bool = False

    def wants(self, kind: str, time: int) -> bool:
        """Fulfil each time, the others once: from then on it is the same again."""
        return kind in (LONG if self.few else LONG | SHORT) and (kind == FULFIL or time == 1)

    def chosen(self, points: list[str], kind: str, time: int) -> list[int]:
        """Numbers of points, from 1."""
        if kind in SHORT:
            return [points.index("after commit") + 1]
        found = set(range(self.every // time, len(points) + 1, self.every))
        if time == 1 and (kind == FULFIL or not self.few):
            alike = [[n for n, point in enumerate(points, 1) if point == name] for name in set(points)]
            found |= {own[len(own) // 2] for own in alike}
        return sorted(found) or [len(points) // 2]


class Sweeper(demo_story.Teller):
    """Tells the story inline, cutting commands off at fault points and putting the workspace back each time."""

    def __init__(self, folder: Path, place: Path, sweep: Sweep) -> None:
        super().__init__(None, folder)
        self.place = place
        self.sweep = sweep
        self.times: Counter[str] = Counter()
        self.cut: list[tuple[str, str]] = []

    def run(self, *words: str) -> None:
        line = inline(words)
        kind = " ".join(line[:2])
        self.times[kind] += 1
        if self.sweep.wants(kind, self.times[kind]):
            self.cut_off(line, kind)
        assert main.execute(line) == 0

    def cut_off(self, line: list[str], kind: str) -> None:
        with copied(self.place):
            points = count_points()
            assert main.execute(line) == 0, line
            faults.arm(None)
            expected = state_of(self.place)
        for number in self.sweep.chosen(points, kind, self.times[kind]):
            where = f"{' '.join(line)}: {points[number - 1]} ({number} of {len(points)})"
            self.cut.append((kind, points[number - 1]))
            with copied(self.place):
                killed = in_child(lambda number=number: (kill_at(number), main.execute(line)))
                assert killed == -signal.SIGKILL, where
                close_gaps()
                assert in_child(lambda: main.execute(line)) in (0, 1), where
                assert state_of(self.place) == expected, where

    def together(self, *words: str) -> None:
        for code in demo_story.EXAMPLES:
            self.run(*words, code)


@pytest.mark.slow
@pytest.mark.parametrize(("database", "sweep"), [("sqlite", Sweep(24)), ("postgresql", Sweep(40, few=True))])
def test_killed_anywhere_and_run_again_it_is_as_if_never_killed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    drawn: Drawn,
    database: str,
    sweep: Sweep,
) -> None:
    drawn.instead(monkeypatch)
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(context, "name", "周主任")
    place, folder = tmp_path / "place", tmp_path / "courier"
    place.mkdir()
    folder.mkdir()
    with workspace(place, database=database):
        sweeper = Sweeper(folder, place, sweep)
        for chapter in demo_story.CHAPTERS:
            chapter(sweeper)
    with capfd.disabled():
        sys.stdout.write(f"\n{database}: {sweeper.times.total()} commands cut off at {len(sweeper.cut)} points\n")
    assert {point for _, point in sweeper.cut} == POINTS
    assert {kind for kind, _ in sweeper.cut} == (LONG if sweep.few else LONG | SHORT)
