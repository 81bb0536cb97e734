"""SIGKILL at commits and publishes all through both example campaigns, then the same command again.

The story of `qianli demo` is told once, command by command. Each command is first run to the end on a copy of the
workspace to count its fault points; then, for each point, another copy is cut off there and the command run again.
Afterwards the copy must equal the one that was never cut off: rows, papers, stock. SQLite is cut off at every ninth
point, PostgreSQL at every fortieth.
"""

import signal
import sys
from pathlib import Path

import pytest

from qianli import faults
from qianli.cli import demo_story, main
from qianli.cli.common import context
from qianli.settings import ROOT
from qianli.testing import count_points, kill_at, workspace
from qianli.testing_story import Drawn, close_gaps, copied, in_child, inline, state_of


class Sweeper(demo_story.Teller):
    """Tells the story inline, cutting each command off at fault points on copies of the workspace."""

    def __init__(self, folder: Path, place: Path, every: int) -> None:
        super().__init__(None, folder)
        self.place = place
        self.every = every
        self.seen = 0
        self.points = 0
        self.commands = 0

    def run(self, *words: str) -> None:
        line = inline(words)
        self.commands += 1
        with copied(self.place) as through:
            points = count_points()
            code = main.execute(line)
            faults.arm(None)
            assert code == 0, f"qianli {' '.join(line)}"
            expected = state_of(through)
        if line[:2] != ["item", "receive"]:  # given twice, it is two receipts of goods
            for number, point in enumerate(points, 1):
                self.seen += 1
                if self.seen % self.every == 0:
                    where = f"{' '.join(line)}: {point} ({number} of {len(points)})"
                    self.cut_off(line, number, where, expected)
        assert main.execute(line) == 0

    def together(self, *words: str) -> None:
        for code in demo_story.EXAMPLES:
            self.run(*words, code)

    def cut_off(self, line: list[str], number: int, where: str, expected: dict[str, object]) -> None:
        self.points += 1
        with copied(self.place) as copy:
            killed = in_child(lambda: (kill_at(number), main.execute(line)))
            assert killed == -signal.SIGKILL, where
            close_gaps()
            assert in_child(lambda: main.execute(line)) in (0, 1), where
            found = state_of(copy)
        assert found == expected, where


@pytest.mark.slow
@pytest.mark.parametrize(("database", "every", "at_least"), [("sqlite", 9, 30), ("postgresql", 40, 6)])
def test_killed_anywhere_and_run_again_it_is_as_if_never_killed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    drawn: Drawn,
    database: str,
    every: int,
    at_least: int,
) -> None:
    drawn.instead(monkeypatch)
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(context, "name", "周主任")
    place, folder = tmp_path / "place", tmp_path / "courier"
    place.mkdir()
    folder.mkdir()
    with workspace(place, database=database):
        sweeper = Sweeper(folder, place, every)
        for chapter in demo_story.CHAPTERS:
            chapter(sweeper)
    with capfd.disabled():
        sys.stdout.write(f"\n{database}: {sweeper.commands} commands cut off at {sweeper.points} points\n")
    assert sweeper.points > at_least
