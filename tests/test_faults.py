"""Faults beyond SIGKILL: a full disk, a database that is locked, full or gone, a clock set back, two at the button.

Each is brought about for real on the demonstration's own story. Nothing may be doubled or lost, and whoever ran into
it reads a sentence that says what to do.
"""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
import sqlalchemy as sa

from qianli import faults, testing, testing_postgresql
from qianli.cli import demo_story, main
from qianli.cli.common import context
from qianli.cli.demo_story import CHAPTERS, LETTERS
from qianli.settings import ROOT, settings
from qianli.stages import unit
from qianli.store import session as sessions
from qianli.store.session import engine, let_go
from qianli.store.version import HEAD
from qianli.testing import DATABASES, at_point, count_points, workspace
from qianli.testing_story import Drawn, Inline, close_gaps, copied, ended, inline, start_child, state_of, totals_of

pytestmark = pytest.mark.slow
FULFIL = ["campaign", "fulfil", LETTERS, "--inline"]
EVENING = datetime(2027, 1, 20, 12, 0, tzinfo=UTC)  # in Shanghai: no jump reaches another day


@pytest.fixture(scope="module", autouse=True)
def office(drawn: Drawn) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        drawn.instead(patch)
        patch.chdir(ROOT)
        patch.setattr(context, "name", "周主任")
        yield


@pytest.fixture(scope="module", params=DATABASES)
def approved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Both campaigns approved, nothing printed yet."""
    place, folder = tmp_path_factory.mktemp("place"), tmp_path_factory.mktemp("courier")
    with workspace(place, database=request.param):
        teller = Inline(None, folder)
        for chapter in CHAPTERS[:2]:
            chapter(teller)
        yield place


@pytest.fixture(scope="module")
def expected(approved: Path) -> dict[str, object]:
    """What fulfil leaves behind when nothing is in its way."""
    with copied(approved) as through:
        assert main.execute(FULFIL) == 0
        return state_of(through)


def refused(capfd: pytest.CaptureFixture[str], *fragments: str) -> None:
    """The command is refused, in these words."""
    capfd.readouterr()
    assert main.execute(FULFIL) == 1
    said = capfd.readouterr()
    assert "Traceback" not in said.err + said.out
    assert any(fragment in said.err for fragment in fragments), said.err


def done_at_last(place: Path, expected: dict[str, object]) -> None:
    close_gaps()
    assert main.execute(FULFIL) == 0
    assert state_of(place) == expected


@pytest.mark.parametrize("room", [0, 9_000])
def test_a_disk_that_is_full_while_papers_are_published(
    approved: Path, expected: dict[str, object], capfd: pytest.CaptureFixture[str], room: int
) -> None:
    """The system itself refuses to write more than so many bytes of a file, some papers in the middle."""
    with copied(approved) as place:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        def fill() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))

        def free() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)

        try:
            watch_disk(fill, free)
            refused(capfd, "磁盘已满")
        finally:
            faults.arm(None)
            free()
            signal.signal(signal.SIGXFSZ, ignored)
        done_at_last(place, expected)


def watch_disk(fill: Callable[[], None], free: Callable[[], None]) -> None:
    """Full while a file is written; SQLite's own file is let grow, its turn comes below."""

    def hook(point: str) -> None:
        if point == "before publish":
            fill()
        elif point in ("before rename", "before commit"):
            free()

    faults.arm(hook)


def test_a_database_without_room(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """SQLite refuses to grow its file; what was not committed did not happen."""
    with workspace(tmp_path):
        Inline(None, tmp_path).run("init")
        small = sa.event.listens_for(engine(settings().database_url), "connect")(no_more_pages)
        let_go(settings().database_url)
        line = ["member", "import", "examples/qianli-letter/ledger.xlsx", "--organisation", "青石街道云岭社区党委"]
        assert main.execute(line) == 1
        assert "磁盘已满" in capfd.readouterr().err
        sa.event.remove(engine(settings().database_url), "connect", small)
        let_go(settings().database_url)
        assert main.execute(["member", "list", "--json"]) == 0
        assert capfd.readouterr().out.strip() == "[]"
        assert main.execute(line) == 0


def no_more_pages(connection: object, _record: object) -> None:
    connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]


@contextmanager
def locked() -> Iterator[None]:
    """Another program holds what fulfil wants to write."""
    other = testing.connection_of_another()
    with other.connect() as connection:
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if other.dialect.name == "sqlite" else "LOCK TABLE campaign IN ACCESS EXCLUSIVE MODE"
        )
        yield
        connection.rollback()
    other.dispose()


def test_a_database_that_is_locked(
    approved: Path, expected: dict[str, object], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with copied(approved) as place:
        with monkeypatch.context() as impatient:
            impatient.setattr(sessions, "BUSY_TIMEOUT_MS", 100)
            impatient.setattr(sessions, "PATIENCE", {"options": "-c lock_timeout=100"})
            let_go(settings().database_url)
            engine.cache_clear()
            with locked():
                refused(capfd, "数据库正被别的操作占用")
        let_go(settings().database_url)
        engine.cache_clear()
        done_at_last(place, expected)


def test_a_database_that_is_gone_for_a_while(
    approved: Path, expected: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    """At one point of each kind connections are cut and no new ones let in; then it is back."""
    if not settings().database_url.startswith("postgresql"):
        pytest.skip("SQLite is a file: it is there or it is not, and a missing one is refused at the door")
    with copied(approved):
        points = count_points()
        assert main.execute(FULFIL) == 0
        faults.arm(None)
    alike = [[count for count, point in enumerate(points, 1) if point == name] for name in set(points)]
    for count in sorted({1, *(own[len(own) // 2] for own in alike)}):
        with copied(approved) as place:
            name = str(sa.make_url(settings().database_url).database)
            at_point(count, lambda name=name: testing_postgresql.close_to_all(name))  # type: ignore[misc]
            refused(capfd, "数据库连不上")
            faults.arm(None)
            testing_postgresql.open_again(name)
            done_at_last(place, expected)


class SetBack(datetime):
    """A clock that has been set back by an hour, and forward again, and back."""

    offset = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "datetime":  # type: ignore[override]
        return (EVENING + cls.offset).astimezone(tz)


class Jumping(Inline):
    """Every other command is given by a clock that has been set back by an hour."""

    commands = 0

    def run(self, *words: str) -> None:
        Jumping.commands += 1
        back = timedelta(hours=Jumping.commands % 2)
        SetBack.offset -= back
        super().run(*words)
        SetBack.offset += back + timedelta(minutes=1)


class Steady(Inline):
    def run(self, *words: str) -> None:
        SetBack.offset += timedelta(minutes=1)
        super().run(*words)


def test_a_clock_that_is_set_back_an_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit, "datetime", SetBack)
    told = []
    for teller in (Steady, Jumping):
        place, folder = tmp_path / teller.__name__ / "place", tmp_path / teller.__name__ / "courier"
        place.mkdir(parents=True)
        folder.mkdir()
        monkeypatch.setattr(SetBack, "offset", timedelta(0))
        with workspace(place):
            story = teller(None, folder)
            for chapter in CHAPTERS:
                chapter(story)
            told.append(totals_of(place))
    assert told[0] == told[1]


class Twice(demo_story.Teller):
    """Two people give a command at the same moment, the first time each kind is given; once and once only is it done.

    What only reads is given once, and so are goods received: given twice, they are two receipts. On SQLite fulfil is
    doubled each time it is given.
    """

    def __init__(self, folder: Path, place: Path, always: set[str]) -> None:
        super().__init__(None, folder)
        self.place = place
        self.always = always
        self.given: set[str] = {"item receive"}
        self.doubled: set[str] = set()

    def run(self, *words: str) -> None:
        line = inline(words)
        kind = " ".join(line[:2])
        once = self.alone(line) if kind not in self.given - self.always else None
        self.given.add(kind)
        if once is None:
            assert main.execute(line) == 0
            return
        self.doubled.add(kind)
        reader, starter = os.pipe()
        both = [start_child(lambda: (os.read(reader, 1), main.execute(line))[1]) for _ in "ab"]
        os.write(starter, b"go")
        codes = [ended(pid) for pid in both]
        os.close(reader)
        os.close(starter)
        assert sorted(codes) in ([0, 0], [0, 1]), (line, codes)
        assert totals_of(self.place) == once, line

    def alone(self, line: list[str]) -> dict[str, object] | None:
        """What the command leaves behind; None where it wrote nothing."""
        with copied(self.place):
            points = count_points()
            assert main.execute(line) == 0
            return totals_of(self.place) if points else None

    def together(self, *words: str) -> None:
        for code in demo_story.EXAMPLES:
            self.run(*words, code)


@pytest.mark.parametrize(("database", "always"), [("sqlite", {"campaign fulfil"}), ("postgresql", set())])
def test_two_operators_press_the_same_button_at_once(tmp_path: Path, database: str, always: set[str]) -> None:
    place, folder = tmp_path / "place", tmp_path / "courier"
    place.mkdir()
    folder.mkdir()
    with workspace(place, database=database):
        story = Twice(folder, place, always)
        for chapter in CHAPTERS:
            chapter(story)
    assert story.doubled == {
        "member import", "kit add", "campaign new", "campaign prepare", "campaign rehearse", "campaign approve",
        "campaign fulfil", "campaign close", "manifest seal", "manifest hand-over", "parcel pack", "parcel waybills",
        "parcel events", "parcel replace", "receipt record",
    }  # fmt: skip


def test_a_worker_with_another_version_of_the_code_writes_nothing(
    approved: Path, expected: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    """The database is migrated while an older program is in the middle of its work."""
    with copied(approved) as place:
        before = totals_of(place)
        move_to("9999")
        refused(capfd, "数据库与程序版本不一致")
        assert totals_of(place) == before
        move_to(HEAD)
        at_point(3, lambda: move_to("9999"), named="after commit")
        refused(capfd, "数据库与程序版本不一致")
        faults.arm(None)
        assert totals_of(place) != before
        move_to(HEAD)
        done_at_last(place, expected)


def move_to(revision: str) -> None:
    other = testing.connection_of_another()
    with other.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :new"), {"new": revision})
    other.dispose()
