"""SIGKILL at every commit and every publish of both example campaigns, then the same command again.

The story of `qianli demo` is told once, command by command. Each command is first run to the end on a copy of the
workspace to count its fault points; then, for each point, another copy is cut off there and the command run again.
Afterwards the copy must equal the one that was never cut off: rows, papers, stock.
"""

import os
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typer.main

from qianli import faults
from qianli.cli import demo_story, main
from qianli.cli.common import context
from qianli.documents import press
from qianli.settings import ROOT, settings
from qianli.store.session import engine
from qianli.testing import count_points, kill_at, workspace

FLOWS = ("prepare", "fulfil")
#: Of a moment only whether it is there; of a claim nothing. Rounds of shards are opened anew by a command given twice.
MOMENT, CLAIM = ("_at", "lease_until"), ("attempt", "started_at")
ASIDE = {"alembic_version", "shard", "journal_entry", "approval", "failed_code"}
#: The story of every thing but the campaign itself, where a command given twice is noted twice.
STORY = "SELECT DISTINCT subject, subject_id, what, was FROM journal_entry WHERE subject <> 'campaign'"
LIVE_APPROVALS = "SELECT campaign_id, checksum, consignments, amount_fen FROM approval WHERE voided_at IS NULL"


def draw_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing is a function of its form and proven elsewhere: draw each paper of the story only once."""
    drawn: dict[str, press.Pdf] = {}

    def remembered(name: str, draw: Callable[..., press.Pdf]) -> Callable[..., press.Pdf]:
        def again(*words: Any) -> press.Pdf:
            key = sha256(repr((name, words)).encode()).hexdigest()
            if key not in drawn:
                drawn[key] = draw(*words)
            return drawn[key]

        return again

    for name in ("letters", "labels", "packing_slips", "pick_list", "manifest", "rehearsal", "report"):
        monkeypatch.setattr(press, name, remembered(name, getattr(press, name)))


@cache
def columns(_version: str, table: str, database: str) -> list[str]:
    with sqlite3.connect(database) as connection:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    return [
        f"{name} IS NULL" if name.endswith(MOMENT) else name for name in names if name != "at" and name not in CLAIM
    ]


def state_of(place: Path) -> dict[str, object]:
    """Every row without its clock, and every paper by its hash."""
    database = place / "qianli.db"
    with sqlite3.connect(database) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        state: dict[str, object] = {
            table: sorted(
                repr(row)
                for row in connection.execute(f"SELECT {', '.join(columns('1', table, str(database)))} FROM {table}")  # noqa: S608
            )
            for table in sorted(set(tables) - ASIDE)
        }
        state["journal"] = sorted(connection.execute(STORY), key=repr)
        state["approvals"] = sorted(connection.execute(LIVE_APPROVALS))
        doubled = connection.execute(
            "SELECT consignment_id, kit_item_id FROM parcel_line JOIN parcel ON parcel.id = parcel_id"
            " WHERE parcel_line.voided_at IS NULL AND replaces_line_id IS NULL"
            " GROUP BY 1, 2 HAVING count(*) > 1 OR max(stage = 'voided')"
        ).fetchall()
        assert not doubled, "a line is live twice, or in a void parcel"
    connection.close()
    papers = sorted((place / "documents").rglob("*")) if (place / "documents").exists() else []
    assert not [path for path in papers if path.name.startswith(".")], "a temporary file was left"
    state["papers"] = {
        str(path.relative_to(place)): sha256(path.read_bytes()).hexdigest() for path in papers if path.is_file()
    }
    return state


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked child; the answer is its exit code, negative for a signal."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 99
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        result = work()
        code = result if isinstance(result, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it was, it belongs into the log of the child
        (Path(os.environ["QIANLI_PREFECT_HOME"]).parent / "child.log").write_text(traceback.format_exc())
    finally:
        os._exit(code)


class Sweeper(demo_story.Teller):
    """Tells the story inline, cutting each command off at every fault point on copies of the workspace."""

    def __init__(self, root: Any, folder: Path, place: Path) -> None:
        super().__init__(root, folder)
        self.place = place
        self.points = 0
        self.commands = 0

    def run(self, *words: str) -> None:
        driven = words[0] == "campaign" and words[1] in FLOWS and words[-1] != "--inline"
        line = [*words, "--inline"] if driven else list(words)
        self.commands += 1
        before = self.place.parent / "before"
        engine(settings().database_url).dispose()
        shutil.copytree(self.place, before)
        points = count_points()
        code = main.execute(line)
        faults.arm(None)
        engine(settings().database_url).dispose()
        assert code == 0, f"qianli {' '.join(line)}"
        if line[:2] != ["item", "receive"]:
            expected = state_of(self.place)
            for number, point in enumerate(points, 1):
                self.cut_off(before, line, number, f"{' '.join(line)}: {point} ({number} of {len(points)})", expected)
            self.points += len(points)
        shutil.rmtree(before)

    def together(self, *words: str) -> None:
        for code in demo_story.EXAMPLES:
            self.run(*words, code)

    def cut_off(self, before: Path, line: list[str], number: int, where: str, expected: dict[str, object]) -> None:
        copy = self.place.parent / "copy"
        shutil.copytree(before, copy)
        with workspace_at(copy):
            killed = in_child(lambda: (kill_at(number), main.execute(line)))
            assert killed == -signal.SIGKILL, where
            assert in_child(lambda: main.execute(line)) in (0, 1), where
            found = state_of(copy)
        assert found == expected, where
        shutil.rmtree(copy)


def workspace_at(copy: Path) -> Any:
    return workspace(copy, fresh=False, CLOCK_OFFSET_DAYS=os.environ["QIANLI_CLOCK_OFFSET_DAYS"])


@pytest.mark.slow
def test_killed_anywhere_and_run_again_it_is_as_if_never_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    draw_once(monkeypatch)
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(context, "name", "周主任")
    place, folder = tmp_path / "place", tmp_path / "courier"
    place.mkdir()
    folder.mkdir()
    with workspace(place):
        sweeper = Sweeper(typer.main.get_command(main.app), folder, place)
        for chapter in demo_story.CHAPTERS:
            chapter(sweeper)
    with capfd.disabled():
        sys.stdout.write(f"\n{sweeper.commands} commands cut off at {sweeper.points} points\n")
    assert sweeper.points > 100
