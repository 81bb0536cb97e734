"""Planning: only what is approved, once, and never after a stop."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import Campaign, Parcel, ParcelLine, PrintRun
from qianli.documents import press
from qianli.errors import DocumentError, RuleBroken
from qianli.stages import plan
from qianli.stages.approve import approve
from qianli.stages.status import status
from qianli.stages.steps import STEPS, finish_inline, run_inline
from qianli.stages.unit import reading, writing
from qianli.testing import NOW, add_member
from tests.stages.audience import CODE, Audience, new_audience


@pytest.fixture
def audience(place: Path) -> Callable[..., Audience]:
    return new_audience


def test_nothing_is_planned_before_approval_or_after_a_change(audience: Callable[..., Audience]) -> None:
    some = audience(1)
    some.prepare()
    with pytest.raises(RuleBroken, match="批准"):
        some.plan()
    approve(CODE, by="user:boss")
    some.change(Campaign, some.world.campaign, definition_checksum="1" * 64)
    with pytest.raises(RuleBroken, match="改动"):
        some.plan()
    assert some.campaign_state() == "prepared"


def test_planning_twice_plans_once(audience: Callable[..., Audience]) -> None:
    some = audience(3)
    some.prepare()
    approve(CODE, by="user:boss")
    some.plan()
    some.plan()
    with reading() as session:
        assert len(session.exec(select(Parcel)).all()) == 3


def test_planning_looks_again_at_what_was_checked_when_it_was_asked_for(audience: Callable[..., Audience]) -> None:
    some = audience(2)
    some.prepare()
    approve(CODE, by="user:boss", limit=2)
    (shard,) = plan.shards_to_plan(some.world.campaign)
    with writing("test") as session:
        add_member(session, some.world, 3)
    judging, settling = STEPS["prepare_campaign"]
    for one in judging.shards(some.world.campaign):
        judging.run(one)
    with pytest.raises(RuleBroken, match="准备"):
        plan.run(shard)
    assert some.states() == {1: "ready", 2: "ready", 3: "ready"}, "three are ready and not shared out yet"
    for one in settling.shards(some.world.campaign):
        settling.run(one)
    some.plan()
    assert some.states() == {1: "under_way", 2: "under_way", 3: "held"}


def test_nothing_new_is_sent_after_a_stop(audience: Callable[..., Audience]) -> None:
    some = audience(2)
    some.prepare()
    approve(CODE, by="user:boss")
    some.change(Campaign, some.world.campaign, stopped_at=NOW)
    with pytest.raises(RuleBroken, match="叫停"):
        some.prepare()
    some.plan()
    assert set(some.states().values()) == {"ready"}


def test_one_run_that_cannot_be_made_does_not_keep_the_others_waiting(
    audience: Callable[..., Audience], monkeypatch: pytest.MonkeyPatch
) -> None:
    some = audience(1)
    some.prepare()
    approve(CODE, by="user:boss")

    def broken(*_words: object) -> press.Pdf:
        raise DocumentError("印不出来。")

    with monkeypatch.context() as broke:
        broke.setattr(press, "packing_slips", broken)
        with pytest.raises(DocumentError):
            run_inline("fulfil_campaign", some.world.campaign)
    with reading() as session:
        runs = session.exec(select(PrintRun)).all()
        assert not [run for run in runs if run.lease_until], "a failed run keeps nobody waiting"
        assert [run.kind for run in runs if run.made_at is None] == ["packing_slip"]
    run_inline("fulfil_campaign", some.world.campaign)
    with reading() as session:
        assert [one.stage for one in session.exec(select(Parcel))] == ["printed"]


def test_finishing_what_was_begun_does_not_begin_anything(audience: Callable[..., Audience]) -> None:
    some = audience(1)
    some.prepare()
    approve(CODE, by="user:boss", limit=9, amount_fen=10**6)
    some.plan()
    with writing("test") as session:
        add_member(session, some.world, 2)
    some.prepare()
    assert some.states() == {1: "under_way", 2: "ready"}
    finish_inline("fulfil_campaign", some.world.campaign)
    assert some.states() == {1: "under_way", 2: "ready"}
    with reading() as session:
        assert all(run.made_at for run in session.exec(select(PrintRun)))


def test_those_left_without_a_parcel_wait_for_fulfil_in_the_status(audience: Callable[..., Audience]) -> None:
    some = audience(1)
    some.prepare()
    approve(CODE, by="user:boss")
    some.plan()
    assert status(CODE)["open"]["to_fulfil"] == 0
    with writing("test") as session:
        session.execute(sa.update(ParcelLine).values(voided_at=NOW))
    assert status(CODE)["open"]["to_fulfil"] == 1
