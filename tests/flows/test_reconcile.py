"""What stands still is found from the rows and driven on."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models import Approval, Campaign, CampaignState, PrintRun, Shard, Step
from qianli.cli import serve
from qianli.cli.drive import drive
from qianli.errors import QianliError, RuleBroken
from qianli.processes import here
from qianli.stages import packing, papers, reconcile, sealing, steps
from qianli.stages.approve import approve
from qianli.stages.unit import now, reading, writing
from qianli.store import claims, print_runs, stock, transitions
from qianli.testing import World, kill_at, make_world

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("drawn_once")]  # no paper is looked at here

BY = "user:test"
FULFIL = "fulfil_campaign"


@pytest.fixture
def world(place: Path) -> World:
    """A prepared and approved campaign with stock; nothing is planned yet."""
    with writing(BY) as session:
        made = make_world(session, members=2, state=CampaignState.prepared, stage=None)
        for level in stock.levels(session):
            stock.receive(session, item_id=level.item.key, quantity=10)
    approve("TEST-2027", by="user:boss")
    return made


def killed(act: Callable[[], object], *, at_point: int) -> None:
    """Run `act` in a child that is killed at the given fault point."""
    if not (child := os.fork()):
        try:
            kill_at(at_point)
            act()
        finally:
            os._exit(1)  # never back into pytest
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def found() -> list[str]:
    return [one.work for one in reconcile.unfinished()]


def test_nothing_stands_still(world: World) -> None:
    drive(FULFIL, world.campaign, inline=True)
    assert found() == []
    assert reconcile.reconcile_inline(by=BY) == []


def test_a_shard_that_was_begun_is_driven_on(world: World) -> None:
    with writing(BY) as session:
        session.add(Shard(campaign_id=world.campaign, step=Step.judge, round=9, position=0, first_id=1, last_id=2))
    assert reconcile.left("prepare_campaign", world.campaign) == 1
    assert reconcile.reconcile_inline(by=BY) == [reconcile.Driven("prepare_campaign", "TEST-2027", None)]
    assert reconcile.left("prepare_campaign", world.campaign) == 0


def test_papers_cut_off_while_drawn_are_made_though_their_lease_is_not_past(world: World) -> None:
    killed(lambda: steps.run_inline(FULFIL, world.campaign), at_point=12)
    assert reconcile.left(FULFIL, world.campaign) > 0
    with reading() as session:
        leases = [run.lease_until for run in session.exec(select(PrintRun)) if run.made_at is None]
    assert [lease for lease in leases if lease and lease > now()]
    assert [one.refused for one in reconcile.reconcile_inline(by=BY)] == [None]
    assert found() == []


@pytest.mark.parametrize("worker", ["a living command", "a process of another machine"])
def test_what_another_process_may_be_drawing_is_left_to_it(
    world: World, worker: str, capsys: pytest.CaptureFixture[str]
) -> None:
    killed(lambda: steps.run_inline(FULFIL, world.campaign), at_point=12)
    with writing(BY) as session:
        cut_off = session.exec(select(PrintRun).where(col(PrintRun.lease_until) > now())).one()
        cut_off.worker = here() if worker == "a living command" else "elsewhere:1"
        cut_off_id = cut_off.key
    assert found() == []
    assert reconcile.reconcile_inline(by=BY) == []
    serve.reconcile()
    assert "TEST-2027 正有别的进程在做" in capsys.readouterr().out.replace("\n", "")
    with writing(BY) as session:
        assert session.get_one(PrintRun, cut_off_id).attempt == 1
        session.get_one(PrintRun, cut_off_id).lease_until = now()
    assert [one.refused for one in reconcile.reconcile_inline(by=BY)] == [None]
    assert found() == []


def test_a_command_that_is_overtaken_while_it_draws_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = papers.drawing

    def drawing(session: Session, campaign: Campaign, run: PrintRun, sheets: Any) -> Callable[[], Any]:
        draw, run_id = real(session, campaign, run, sheets), run.key
        monkeypatch.setattr(papers, "drawing", real)

        def overtaken() -> Any:
            with writing(BY) as taking:
                assert print_runs.claim(taking, run_id=run_id, at=now(), lease_s=300, take_over=True) == 2
            return draw()

        return overtaken

    monkeypatch.setattr(papers, "drawing", drawing)
    with pytest.raises(QianliError, match="还有 1 项被另一个进程占着"):
        drive(FULFIL, world.campaign, inline=True)


def test_a_claim_that_somebody_took_meanwhile_is_not_given_up(world: World) -> None:
    killed(lambda: steps.run_inline(FULFIL, world.campaign), at_point=12)
    with reading() as session:
        seen = claims.held(session, at=now())
    with writing(BY) as session:
        assert print_runs.claim(session, run_id=seen[0].id, at=now(), lease_s=300, take_over=True) == 2
    with writing(BY) as session:
        claims.let_go(session, seen)
        assert [one.worker for one in claims.held(session, at=now())] == [here()]


def test_a_campaign_that_a_living_run_works_on_is_left_alone(world: World) -> None:
    killed(lambda: steps.run_inline(FULFIL, world.campaign), at_point=12)
    assert reconcile.reconcile_inline(by=BY, skip={world.campaign}) == []
    assert found() == [FULFIL]


def test_a_refusal_is_told_and_does_not_stop_the_others(world: World) -> None:
    with writing(BY) as session:
        session.add(Shard(campaign_id=world.campaign, step=Step.plan, round=9, position=0, first_id=0, last_id=0))
        session.add(Shard(campaign_id=world.campaign, step=Step.settle, round=9, position=0, first_id=0, last_id=0))
        session.exec(select(Approval)).one().voided_at = now()
    driven = {one.work: one.refused for one in reconcile.reconcile_inline(by=BY)}
    assert driven["prepare_campaign"] is None
    assert "批准" in (driven[FULFIL] or "")


def test_a_sealed_manifest_without_its_papers_gets_them(world: World) -> None:
    drive(FULFIL, world.campaign, inline=True)
    packing.pack_all("TEST-2027", by=BY)
    killed(lambda: sealing.seal("TEST-2027", by=BY), at_point=3)
    assert found() == ["manifest_papers"]
    assert [one.refused for one in reconcile.reconcile_inline(by=BY)] == [None]
    assert found() == []


def test_what_ended_is_not_driven_on(world: World) -> None:
    with writing(BY) as session:
        session.add(Shard(campaign_id=world.campaign, step=Step.judge, round=9, position=0, first_id=1, last_id=2))
        transitions.campaign(session, world.campaign, CampaignState.cancelled)
    assert found() == []


def test_inline_refusals_are_sentences(world: World) -> None:
    with writing(BY) as session:
        transitions.campaign(session, world.campaign, CampaignState.cancelled)
    with pytest.raises(RuleBroken, match="取消"):
        drive(FULFIL, world.campaign, inline=True)
