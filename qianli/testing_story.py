"""The demonstration's own story, told inline command by command, and everything a place holds afterwards."""

import os
import pickle
import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from models.base import metadata
from qianli import testing_postgresql
from qianli.cli import demo_story, main
from qianli.documents import press
from qianli.settings import settings
from qianli.store.session import engine, let_go
from qianli.testing import disarm

DRIVEN = ("prepare", "fulfil")
PAPERS = (
    "letters", "contact_cards", "readers", "labels", "packing_slips", "pick_list", "manifest", "rehearsal", "report",
    "told_rehearsal", "ledger_review", "study_month", "call_sheet", "call_lists", "sample_sheet", "courier_claim",
    "handover_record",
)  # fmt: skip
#: Of a moment only whether it is there; of a claim nothing. Rounds of shards are opened anew by a command given twice.
MOMENT, CLAIM = ("_at", "lease_until"), ("at", "attempt", "started_at", "worker")
ASIDE = {"shard", "journal_entry", "approval", "failed_code"}
#: The story of every thing but the campaign itself, where a command given twice is noted twice.
STORY = "SELECT DISTINCT subject, subject_id, what, was FROM journal_entry WHERE subject <> 'campaign'"
LIVE_APPROVALS = "SELECT campaign_id, checksum, consignments, amount_fen FROM approval WHERE voided_at IS NULL"
STOCK = "SELECT sku, move, sum(quantity) FROM stock_movement JOIN item ON item.id = item_id GROUP BY 1, 2"
DOUBLED = (
    "SELECT consignment_id, kit_item_id FROM parcel_line JOIN parcel ON parcel.id = parcel_id"
    " WHERE parcel_line.voided_at IS NULL AND replaces_line_id IS NULL"
    " GROUP BY 1, 2 HAVING count(*) > 1 OR max(CASE stage WHEN 'voided' THEN 1 ELSE 0 END) = 1"
)


class Patch(Protocol):
    """What can put one thing in another's place, and take it away again: pytest's monkeypatch."""

    def setattr(self, target: object, name: str, value: object) -> None:
        """Put it there."""


def inline(words: tuple[str, ...]) -> list[str]:
    """A command of the story without Prefect."""
    driven = words[0] == "campaign" and words[1] in DRIVEN and words[-1] != "--inline"
    return [*words, "--inline"] if driven else list(words)


class Inline(demo_story.Teller):
    """Tells the story in this process."""

    def run(self, *words: str) -> None:
        """One command, which has to succeed."""
        line = inline(words)
        if main.execute(line) != 0:
            raise AssertionError(line)

    def together(self, *words: str) -> None:
        """The same for both campaigns, one after the other."""
        for code in demo_story.EXAMPLES:
            self.run(*words, code)


def state_of(place: Path) -> dict[str, object]:
    """Every row without its clock, and every paper by its hash."""
    with engine(settings().database_url).connect() as connection:
        state: dict[str, object] = {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(_without_clock(table)))
            for table in metadata.sorted_tables
            if table.name not in ASIDE
        }
        state["journal"] = sorted(repr(tuple(row)) for row in connection.execute(sa.text(STORY)))
        state["approvals"] = sorted(repr(tuple(row)) for row in connection.execute(sa.text(LIVE_APPROVALS)))
        if connection.execute(sa.text(DOUBLED)).first():
            raise AssertionError("a line is live twice, or in a void parcel")
    papers = sorted((place / "documents").rglob("*")) if (place / "documents").exists() else []
    if left := [path for path in papers if path.name.startswith(".")]:
        raise AssertionError(f"temporary files were left: {left}")
    state["papers"] = {
        str(path.relative_to(place)): sha256(path.read_bytes()).hexdigest() for path in papers if path.is_file()
    }
    return state


def totals_of(place: Path) -> dict[str, object]:
    """What must not be doubled or lost, whatever its ids: rows by table and state, stock by item, papers by name."""
    with engine(settings().database_url).connect() as connection:
        totals: dict[str, object] = {
            table.name: sorted(map(repr, connection.execute(_by_states(table))))
            for table in metadata.sorted_tables
            if table.name not in ASIDE
        }
        totals["stock"] = sorted(map(repr, connection.execute(sa.text(STOCK))))
        if connection.execute(sa.text(DOUBLED)).first():
            raise AssertionError("a line is live twice, or in a void parcel")
    papers = place / "documents"
    totals["papers"] = sorted(str(one.relative_to(papers)) for one in papers.rglob("*") if one.is_file())
    return totals


def _by_states(table: sa.Table) -> sa.Select[Any]:
    states = [one for one in table.columns if isinstance(one.type, sa.Enum)]
    return sa.select(*states, sa.func.count()).select_from(table).group_by(*states)


def _without_clock(table: sa.Table) -> sa.Select[Any]:
    columns = [one for one in table.columns if one.name not in CLAIM]
    return sa.select(*(one.is_(None) if one.name.endswith(MOMENT) else one for one in columns))


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked child; the answer is its exit code, negative for a signal."""
    return ended(start_child(work))


def start_child(work: Callable[[], object]) -> int:
    """The process id of a forked child that runs `work`; what it says goes nowhere, its trace into child.log."""
    engine(settings().database_url).dispose()  # a child must not share our connection
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        result = work()
        code = result if isinstance(result, int) else 0
    except BaseException:  # noqa: BLE001 - whatever it was, it belongs into the log of the child
        (settings().prefect_home.parent / "child.log").write_text(traceback.format_exc())
    finally:
        os._exit(code)


def ended(pid: int) -> int:
    """How a child ended."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@contextmanager
def copied(place: Path) -> Iterator[Path]:
    """The configured place, of which a copy is put aside: after the block, database and papers are what they were.

    Its address stays, and with it the statements this process has compiled for it; forked children inherit them.
    """
    url = settings().database_url
    aside = place.with_name(f"{place.name}-aside")
    let_go(url)
    shutil.copytree(place, aside)
    try:
        with nullcontext() if url.startswith("sqlite") else testing_postgresql.put_back(url):
            yield place
    finally:
        disarm()
        let_go(url)
        shutil.rmtree(place)
        aside.rename(place)


def close_gaps() -> None:
    """PostgreSQL gives no id twice, not even one that was rolled back; put back, two runs can be compared."""
    with engine(settings().database_url).begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in metadata.sorted_tables:
                newest = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) + 1).scalar_subquery()
                sequence = sa.func.pg_get_serial_sequence(table.name, "id")
                connection.execute(sa.select(sa.func.setval(sequence, newest, sa.false())))


class Drawn:
    """Drawing is a function of its form and proven elsewhere: each paper of a story is drawn only once.

    What was drawn is kept in `folder`, so that processes that tell the same story draw it once for all of them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def instead(self, patch: Patch, *, but: str = "") -> None:
        """Put itself before every function of the press but one until `patch` is undone."""
        for name in PAPERS:
            if name == but:
                continue
            patch.setattr(press, name, self.remembered(name, getattr(press, name)))

    def remembered(self, name: str, draw: Callable[..., object]) -> Callable[..., object]:
        """`draw`, but the second time the first one's answer."""

        def again(*words: Any, **named: Any) -> object:
            key = sha256(repr((name, words, named)).encode()).hexdigest()
            if there := self.kept(self.folder / key):
                return there
            with (self.folder / f"{key}.lock").open("w") as waiting:
                flock(waiting, LOCK_EX)  # whoever draws it already is waited for; of a killed one the lock is free
                return self.kept(self.folder / key) or self.keep(key, draw(*words, **named))

        return again

    def kept(self, path: Path) -> object:
        """What was drawn, by this process or another; None where nobody did."""
        return pickle.loads(path.read_bytes()) if path.exists() else None  # noqa: S301 - our own, of this run

    def keep(self, key: str, paper: object) -> object:
        """Put there whole or not at all."""
        half = self.folder / f"{key}.{os.getpid()}"
        half.write_bytes(pickle.dumps(paper))
        half.replace(self.folder / key)
        return paper
