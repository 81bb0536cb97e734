"""Every test has its own workspace; sockets beyond loopback are never needed."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from qianli import garbage

garbage.look_seldom()  # as our programs do
#: Tests start dozens of programs of ours; none should have to compile all of it again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from qianli.stages import passwords  # noqa: E402 - from here on what is imported is kept
from qianli.testing import workspace  # noqa: E402

passwords.MEMORY_KIB = 64  # a real one is meant to be slow, and every test of the console signs somebody in

#: Properties are tried with the same examples each time, so that no run depends on luck; FUZZ=1000 tries others, and
#: more where a test does not say how many.
MORE = int(os.environ.get("FUZZ", "0"))
hypothesis.settings.register_profile(
    "qianli", max_examples=MORE or 100, deadline=None, derandomize=not MORE, database=None
)
hypothesis.settings.load_profile("qianli")

if TYPE_CHECKING:
    from qianli.testing_story import Drawn

TESTS = Path(__file__).parent
#: The files that take longest. They are begun first, so that no core waits for the last of them at the end.
LONGEST = (
    "documents/test_stamping.py", "test_faults.py", "flows/test_machines.py", "test_kill_anywhere.py",
    "files/test_limits.py", "flows/test_server.py", "test_bench.py", "test_logs.py", "test_journal.py",
    "flows/test_up.py", "stages/test_letter_runs.py",
)  # fmt: skip
#: Files whose tests go with the long ones: each draws papers, tells half a campaign, reads whole workbooks or walks all
#: routes, and a commit is checked in two minutes.
LONG = (
    "cli/test_bad_definitions.py", "cli/test_bad_input.py", "documents/test_archive.py",
    "documents/test_designs.py", "documents/test_imprints.py", "documents/test_labels.py",
    "documents/test_letters.py", "documents/test_manifests.py", "documents/test_rare.py",
    "documents/test_reports.py", "documents/test_slips_and_lists.py", "files/test_courier_files.py",
    "files/test_definitions.py", "files/test_delimited.py", "files/test_ledgers.py", "files/test_letters.py",
    "files/test_packages.py", "stages/test_booking.py", "stages/test_cancelling.py",
    "stages/test_channels_that_forget.py", "stages/test_hand_over.py", "stages/test_manifests.py",
    "stages/test_messages.py", "stages/test_odds.py", "stages/test_planning.py", "stages/test_prepare.py",
    "stages/test_printable.py",
    "stages/test_purging.py", "stages/test_replacements.py", "stages/test_reviewing.py",
    "stages/test_round_trip.py", "stages/test_statements.py", "stages/test_study_notices.py",
    "stages/test_suspects.py", "stages/test_taking_back.py", "stages/test_telling.py",
    "stages/test_telling_by_phone.py", "stages/test_undoing_ledgers.py", "stages/test_way_back.py",
    "store/test_migrations.py", "web/test_bulk.py", "web/test_console.py", "web/test_console_calls.py",
    "web/test_console_handover.py", "web/test_console_packing.py", "web/test_courier.py", "web/test_every_route.py",
    "web/test_nul.py", "web/test_plain.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones are marked, the longest go first, the others as they were."""
    long = {TESTS / name for name in LONG}
    for item in items:
        if item.path in long:
            item.add_marker(pytest.mark.slow)
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))


def pytest_collection_finish() -> None:
    """What was imported stays: no full collection looks through it again, no fork copies it page by page."""
    gc.freeze()


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> "Drawn":
    """The story's papers, each drawn once for all tests that tell it and do not look at paper."""
    from qianli.testing_story import Drawn  # noqa: PLC0415 - few tests want it

    base = tmp_path_factory.getbasetemp()
    return Drawn((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "drawn")


@pytest.fixture
def drawn_once(drawn: "Drawn", monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that do not look at paper: what was drawn from the same form before is not drawn again."""
    drawn.instead(monkeypatch)


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a Prefect server leaves that was started on nothing: for all tests that start one."""
    from qianli.testing_prefect import migrated_home  # noqa: PLC0415 - few tests want it

    base = tmp_path_factory.getbasetemp()
    return migrated_home(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture
def database() -> str:
    """Which database a workspace is on; store and stage tests run on both."""
    return "sqlite"


@pytest.fixture
def place(tmp_path: Path, database: str) -> Iterator[Path]:
    """A fresh database and document store, and settings that point there."""
    with workspace(tmp_path, database=database) as root:
        yield root
