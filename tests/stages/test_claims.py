"""Two workers at one piece of work: one does it, the other waits or leaves it; a slow one gives way."""

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from models import Artefact, CampaignState, JournalEntry, Parcel, PrintRun, Shard, Sheet, Step
from qianli.errors import QianliError
from qianli.settings import settings
from qianli.stages import papers, prepare, reconcile
from qianli.stages import plan as planning
from qianli.stages.approve import approve
from qianli.stages.unit import now, reading, writing
from qianli.store import print_runs, shards, stock
from qianli.testing import World, make_world

pytestmark = pytest.mark.slow

BY = "user:test"
PATIENCE_S = 30
MEMBERS = 3


@pytest.fixture
def world(place: Path) -> World:
    """An approved campaign, nothing planned yet."""
    with writing(BY) as session:
        made = make_world(session, members=MEMBERS, state=CampaignState.prepared, stage=None)
        for level in stock.levels(session):
            stock.receive(session, item_id=level.item.key, quantity=10)
    approve("TEST-2027", by="user:boss")
    return made


def planned(world: World) -> list[int]:
    """Its print runs, nothing drawn yet."""
    for shard in planning.shards_to_plan(world.campaign):
        planning.run(shard)
    return papers.shards(world.campaign)


def rows(model: type[Any]) -> list[Any]:
    with reading() as session:
        found = list(session.exec(select(model).order_by(col(model.id))))
        session.expunge_all()
    return found


def run_of(kind: str) -> PrintRun:
    return next(one for one in rows(PrintRun) if one.kind == kind)


def file_of(run: PrintRun) -> tuple[Artefact, str]:
    """A run's row of a file, and the checksum of what lies there."""
    row = next(one for one in rows(Artefact) if one.id == run.artefact_id)
    content = Path(settings().documents_url.removeprefix("file://"), row.path).read_bytes()
    return row, hashlib.sha256(content).hexdigest()


def test_a_shard_that_another_worker_holds_is_waited_for_and_not_done_again(world: World) -> None:
    """Waited for, not skipped: the next step may begin only when the shard is done."""
    (shard_id,) = planning.shards_to_plan(world.campaign)
    held, done = threading.Event(), threading.Event()

    def second() -> None:
        held.wait(PATIENCE_S)
        planning.run(shard_id)
        done.set()

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(second)
        with writing(BY) as session:
            shard = shards.lock_unfinished(session, shard_id=shard_id)
            assert shard is not None
            held.set()
            assert not done.wait(0.5), "it went on while the shard was held"
            shards.finish(session, shard=shard, at=now())
        waiting.result(PATIENCE_S)
    assert rows(Parcel) == []


@pytest.mark.parametrize("step", ["judge", "plan", "papers"])
def test_two_workers_at_the_same_shards_do_each_once(world: World, step: str) -> None:
    both = threading.Barrier(2)
    shards_of, run = _work(world, step)

    def worker() -> None:
        both.wait(PATIENCE_S)
        for shard_id in shards_of:
            run(shard_id)

    with ThreadPoolExecutor(2) as two:
        for one in [two.submit(worker) for _ in range(2)]:
            one.result(PATIENCE_S)
    assert [one for one in rows(Shard) if one.finished_at is None and one.step is not Step.settle] == []
    told = [(one.subject, one.subject_id, one.what) for one in rows(JournalEntry)]
    assert len(told) == len(set(told))
    assert len(rows(Parcel)) == (0 if step == "judge" else MEMBERS)
    assert {one.attempt for one in rows(PrintRun)} == {"judge": set(), "plan": {0}, "papers": {1}}[step]


def _work(world: World, step: str) -> tuple[list[int], Callable[[int], None]]:
    if step == "judge":
        with writing(BY) as session:
            first, last = min(world.consignments), max(world.consignments)
            return shards.add_round(
                session, campaign_id=world.campaign, step=Step.judge, ranges=[(first, last)] * 2
            ), prepare.judge_run
    if step == "plan":
        return planning.shards_to_plan(world.campaign), planning.run
    return planned(world), papers.run


@pytest.fixture
def overtaken(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes a run by a worker that is overtaken when it has drawn: `meanwhile`, then another one makes the run."""
    planned(world)
    real = papers.drawing

    def make(run_id: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        def drawing(*args: Any) -> Callable[[], Any]:
            draw = real(*args)

            def slowly() -> Any:
                drawn = draw()
                monkeypatch.setattr(papers, "drawing", real)
                meanwhile()
                papers.run(run_id, take_over=True)
                return drawn

            return slowly

        monkeypatch.setattr(papers, "drawing", drawing)
        papers.run(run_id)

    return make


def test_a_slow_worker_leaves_the_run_to_the_one_that_took_it_over(overtaken: Callable[..., None]) -> None:
    """A piece was voided in between, so its own file would be another one than what is recorded."""
    run = run_of("packing_slip")

    def void_one() -> None:
        with writing(BY) as session:
            print_runs.void_sheets(session, parcel_ids=[rows(Parcel)[0].key], at=now())

    overtaken(run.key, void_one)
    row, there = file_of(run)
    assert (row.pages, row.sha256) == (MEMBERS - 1, there)
    assert run_of("packing_slip").attempt == 2
    assert [sheet.first_page for sheet in rows(Sheet) if sheet.print_run_id == run.key] == [None, 1, 2]


def test_a_slow_worker_that_fails_does_not_let_go_of_what_another_holds(overtaken: Callable[..., None]) -> None:
    run = run_of("label")

    def fail_after_it_is_taken() -> None:
        with writing(BY) as session:
            assert print_runs.claim(session, run_id=run.key, at=now(), lease_s=300, take_over=True) == 2
        raise QianliError("印不出来。")

    with pytest.raises(QianliError, match="印不出来"):
        overtaken(run.key, fail_after_it_is_taken)
    assert run_of("label").lease_until > now()


def test_the_same_run_made_twice_is_the_same_file(overtaken: Callable[..., None]) -> None:
    run = run_of("letter")
    overtaken(run.key)
    row, there = file_of(run)
    assert row.sha256 == there
    with writing(BY) as session:
        session.get_one(PrintRun, run.key).made_at = None
    papers.run(run.key)
    assert file_of(run)[1] == there


def test_two_reconciles_at_once_make_each_paper_once(world: World) -> None:
    planned(world)
    both = threading.Barrier(2)

    def drive() -> list[str | None]:
        both.wait(PATIENCE_S)
        return [one.refused for one in reconcile.reconcile_inline(by=BY)]

    with ThreadPoolExecutor(2) as two:
        refused = [one.result(PATIENCE_S) for one in [two.submit(drive) for _ in range(2)]]
    assert [why for some in refused for why in some if why] == []
    assert reconcile.unfinished() == []
    assert all(file_of(run)[0].sha256 == file_of(run)[1] for run in rows(PrintRun))
    told = [(one.subject_id, one.what) for one in rows(JournalEntry) if one.subject == "parcel"]
    assert sorted(told) == sorted((one.key, what) for one in rows(Parcel) for what in ("planned", "printed"))
