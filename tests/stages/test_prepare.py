"""Preparing, approving and planning, on rows: who is ready, who is held, what the second time changes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import (
    AddressStatus,
    Campaign,
    CampaignState,
    Consignment,
    Hold,
    Item,
    JournalEntry,
    Member,
    Parcel,
    ParcelLine,
    PrintRun,
    Residence,
    Snapshot,
)
from qianli.documents import press
from qianli.errors import DocumentError, RuleBroken
from qianli.settings import settings
from qianli.stages import plan
from qianli.stages.approve import approve
from qianli.stages.held import holds
from qianli.stages.rehearse import rehearse
from qianli.stages.status import status
from qianli.stages.steps import STEPS, finish_inline, run_inline
from qianli.stages.unit import reading, writing
from qianli.stand_ins.kuaidi100 import Tracker
from qianli.stand_ins.tencent_sms import TencentCloud
from qianli.store import stock
from qianli.store.session import engine
from qianli.testing import NOW, World, add_member, make_world

CODE = "TEST-2027"
TROUBLE = {
    "no_address": {"superseded_at": "now"},
    "incomplete_address": {"status": AddressStatus.incomplete},
    "stale_address": {"reported_on": date(2025, 1, 10)},
    "bad_phone": {"phone": None, "phone_written": "1391234"},
    "glyph_missing": {"name": "张\U0003fffd"},
    "do_not_contact": {"do_not_contact": True},
}


@dataclass
class Audience:
    world: World

    def prepare(self) -> None:
        run_inline("prepare_campaign", self.world.campaign)

    def plan(self) -> None:
        for shard in plan.shards_to_plan(self.world.campaign):
            plan.run(shard)

    def states(self) -> dict[int, str]:
        with reading() as session:
            return {
                one.number: one.state.value for one in session.exec(select(Consignment).order_by(Consignment.number))
            }

    def reasons(self) -> dict[str, str]:
        return {one.number: one.reason.value for one in holds(CODE)}

    def campaign_state(self) -> str:
        with reading() as session:
            return session.get_one(Campaign, self.world.campaign).state.value

    def change(self, model: type, id_: int, **values: object) -> None:
        with writing("test") as session:
            session.execute(sa.update(model).where(sa.column("id") == id_).values(**values))

    def receive(self, quantity: int) -> None:
        with writing("test") as session:
            for item in session.exec(select(Item).where(Item.kind == "stock")):
                stock.receive(session, item_id=item.key, quantity=quantity)

    def levels(self) -> dict[str, tuple[int, int]]:
        with reading() as session:
            return {one.item.sku: (one.on_hand, one.reserved) for one in stock.levels(session)}


@pytest.fixture
def audience(place: Path) -> Callable[..., Audience]:
    def make(good: int = 3, *, stock_each: int = 20, trouble: dict[str, dict[str, object]] | None = None) -> Audience:
        with writing("test") as session:
            world = make_world(session, members=0, state=CampaignState.draft, stage=None)
            for number in range(1, good + 1):
                add_member(session, world, number)
            for number, changes in enumerate((trouble or {}).values(), start=good + 1):
                gone = changes.get("superseded_at") == "now"
                _, home = add_member(session, world, number, **({} if gone else changes))
                if gone:
                    session.delete(home)
        made = Audience(world)
        if stock_each:
            made.receive(stock_each)
        return made

    return make


def test_each_trouble_is_held_by_name_and_the_rest_is_ready(audience: Callable[..., Audience]) -> None:
    some = audience(3, trouble=TROUBLE)
    some.prepare()
    assert list(some.states().values()) == ["ready"] * 3 + ["held"] * len(TROUBLE)
    assert list(some.reasons().values()) == list(TROUBLE)
    assert some.campaign_state() == "prepared"


def test_preparing_again_looks_at_the_held_and_the_new_only(audience: Callable[..., Audience]) -> None:
    some = audience(2, trouble={"stale_address": TROUBLE["stale_address"]})
    some.prepare()
    with reading() as session:
        before = {
            one.member_id: one.snapshot_id for one in session.exec(select(Consignment).order_by(Consignment.number))
        }
    some.change(Residence, 1, detail="搬走了 1 号")
    some.change(Residence, 3, reported_on=date(2026, 12, 1))
    with writing("test") as session:
        add_member(session, some.world, 9)
    some.prepare()
    assert some.states() == {1: "ready", 2: "ready", 3: "ready", 4: "ready"}
    with reading() as session:
        after = {
            one.member_id: one.snapshot_id for one in session.exec(select(Consignment).order_by(Consignment.number))
        }
        detail = session.get_one(Snapshot, before[some.world.members[0]]).detail
    assert after[some.world.members[0]] == before[some.world.members[0]]
    assert "搬走了" not in detail


def test_a_snapshot_is_never_changed_a_new_one_is_taken(audience: Callable[..., Audience]) -> None:
    some = audience(0, trouble={"bad_phone": TROUBLE["bad_phone"]})
    some.prepare()
    some.change(Member, some.world.members[0], phone="+8613912345678", phone_written=None)
    some.prepare()
    with reading() as session:
        assert [one.phone for one in session.exec(select(Snapshot).order_by(Snapshot.id))] == [None, "+8613912345678"]


def test_short_stock_holds_whole_consignments_in_order_of_number(audience: Callable[..., Audience]) -> None:
    some = audience(4, stock_each=3)
    some.prepare()
    approve(CODE, by="user:boss")
    assert some.states() == {1: "ready", 2: "ready", 3: "ready", 4: "held"}
    assert list(some.reasons().values()) == ["out_of_stock"]
    assert some.levels() == {"badge": (3, 3), "book": (3, 3)}
    some.receive(1)
    some.prepare()
    assert set(some.states().values()) == {"ready"}
    assert some.levels() == {"badge": (4, 4), "book": (4, 4)}


def test_beyond_the_approved_number_they_wait_for_another_approval(audience: Callable[..., Audience]) -> None:
    some = audience(3)
    some.prepare()
    approve(CODE, by="user:boss", limit=2)
    assert list(some.reasons().values()) == ["over_approval"]
    some.plan()
    assert some.states() == {1: "under_way", 2: "under_way", 3: "held"}
    approve(CODE, by="user:boss")
    some.plan()
    assert set(some.states().values()) == {"under_way"}


def test_beyond_the_approved_money_they_wait_too(audience: Callable[..., Audience]) -> None:
    some = audience(3)
    some.prepare()
    approve(CODE, by="user:boss", amount_fen=2 * (1200 + 300 + 900))
    assert some.states() == {1: "ready", 2: "ready", 3: "held"}
    assert list(some.reasons().values()) == ["over_approval"]


def test_a_supplement_within_the_approval_needs_no_second_one(audience: Callable[..., Audience]) -> None:
    some = audience(2, trouble={"bad_phone": TROUBLE["bad_phone"]})
    some.prepare()
    approve(CODE, by="user:boss")
    some.plan()
    some.change(Member, some.world.members[2], phone="+8613912345678", phone_written=None)
    some.prepare()
    assert some.states() == {1: "under_way", 2: "under_way", 3: "ready"}
    some.plan()
    assert some.campaign_state() == "under_way"
    with reading() as session:
        parcels = session.exec(select(Parcel).order_by(Parcel.sequence)).all()
        assert [one.sequence for one in parcels] == [1, 2, 3]
        assert len({one.reference for one in parcels}) == 3
        assert len(session.exec(select(ParcelLine)).all()) == 9


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


def test_a_finished_shard_is_left_alone(audience: Callable[..., Audience]) -> None:
    some = audience(2)
    step = STEPS["prepare_campaign"][0]
    shards = step.shards(some.world.campaign)
    for _ in range(2):
        for shard in shards:
            step.run(shard)
    with reading() as session:
        assert len(session.exec(select(Snapshot)).all()) == 2
        assert not session.exec(select(Hold)).all()


def test_statements_grow_with_shards_not_members(audience: Callable[..., Audience]) -> None:
    some = audience(3, stock_each=100)
    statements: list[str] = []
    sa.event.listen(
        engine(settings().database_url), "before_cursor_execute", lambda *words: statements.append(words[2])
    )

    def whole() -> int:
        statements.clear()
        some.prepare()
        approve(CODE, by="user:boss")
        some.plan()
        return len(statements)

    def more(first: int, last: int) -> int:
        with writing("test") as session:
            for number in range(first, last):
                add_member(session, some.world, number)
        return whole()

    whole()
    assert more(10, 12) == more(12, 60)


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


def test_a_smaller_approval_takes_back_what_a_larger_one_reserved(audience: Callable[..., Audience]) -> None:
    some = audience(3)
    some.prepare()
    approve(CODE, by="user:boss")
    approve(CODE, by="user:boss", limit=1)
    assert some.states() == {1: "ready", 2: "held", 3: "held"}
    assert some.levels() == {"badge": (20, 1), "book": (20, 1)}


def test_nothing_new_is_sent_after_a_stop(audience: Callable[..., Audience]) -> None:
    some = audience(2)
    some.prepare()
    approve(CODE, by="user:boss")
    some.change(Campaign, some.world.campaign, stopped_at=NOW)
    with pytest.raises(RuleBroken, match="叫停"):
        some.prepare()
    some.plan()
    assert set(some.states().values()) == {"ready"}


def test_a_voided_approval_leaves_its_trace(audience: Callable[..., Audience]) -> None:
    some = audience(1)
    some.prepare()
    approve(CODE, by="user:boss")
    some.change(Campaign, some.world.campaign, definition_checksum="1" * 64)
    with pytest.raises(RuleBroken):
        some.plan()
    with reading() as session:
        told = [one.what for one in session.exec(select(JournalEntry).where(JournalEntry.subject == "campaign"))]
    assert "approval voided" in told


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


def test_who_approves_is_told_to_which_third_party_data_goes(
    audience: Callable[..., Audience], monkeypatch: pytest.MonkeyPatch
) -> None:
    some = audience(1)
    some.prepare()
    with writing("test") as session:
        campaign = session.get_one(Campaign, some.world.campaign)
        campaign.couriers = campaign.couriers | {"trackers": ["kuaidi100"]}
    told = "数据将提供给快递100（运单号、收件电话后四位）。"
    without = rehearse(CODE, by="user:boss").sentences
    assert told not in without
    assert any("快递100跟踪，但接口没有接通" in one for one in without)
    monkeypatch.setenv("QIANLI_COURIERS", json.dumps({"kuaidi100": Tracker().values("")}))
    settings.cache_clear()
    assert told in rehearse(CODE, by="user:boss").sentences
    assert approve(CODE, by="user:boss").data_goes_to == (told,)
    settings.cache_clear()


def test_channels_of_messages_are_told_before_approval_with_what_they_cost(
    audience: Callable[..., Audience], monkeypatch: pytest.MonkeyPatch
) -> None:
    some = audience(2)
    some.prepare()
    with writing("test") as session:
        session.get_one(Campaign, some.world.campaign).messages = ["tencent_sms", "file"]
    told = "数据将提供给腾讯云短信（手机号码、短信模板里填的内容）。"
    without = rehearse(CODE, by="user:boss").sentences
    assert told not in without
    assert any("“tencent_sms”，但接口没有接通" in one for one in without)
    monkeypatch.setenv("QIANLI_CHANNELS", json.dumps({"tencent_sms": TencentCloud().values("") | {"price": "0.045"}}))
    settings.cache_clear()
    said = rehearse(CODE, by="user:boss").sentences
    assert told in said
    assert "给 2 人每人发一条，腾讯云短信约 0.09 元（每条 0.045 元），没有算在预计费用里。" in said
    assert approve(CODE, by="user:boss").data_goes_to == (told,)
    settings.cache_clear()


def test_a_rehearsal_comes_out_though_a_held_name_cannot_be_printed(audience: Callable[..., Audience]) -> None:
    some = audience(1, trouble={"glyph_missing": {"name": "\ue000\ue001\ue002"}})
    some.prepare()
    assert "***" in " ".join(rehearse(CODE, by="user:boss").sentences)
