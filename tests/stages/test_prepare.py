"""Preparing, approving and planning, on rows: who is ready, who is held, what the second time changes."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import (
    AddressStatus,
    Campaign,
    Consignment,
    Hold,
    JournalEntry,
    Member,
    Parcel,
    ParcelLine,
    Residence,
    Snapshot,
)
from qianli.errors import RuleBroken
from qianli.settings import settings
from qianli.stages.approve import approve
from qianli.stages.rehearse import rehearse
from qianli.stages.steps import STEPS
from qianli.stages.unit import reading, writing
from qianli.stand_ins.kuaidi100 import Tracker
from qianli.stand_ins.tencent_sms import TencentCloud
from qianli.store.session import engine
from qianli.testing import add_member
from tests.stages.audience import CODE, Audience, new_audience

TROUBLE = {
    "no_address": {"superseded_at": "now"},
    "incomplete_address": {"status": AddressStatus.incomplete},
    "stale_address": {"reported_on": date(2025, 1, 10)},
    "bad_phone": {"phone": None, "phone_written": "1391234"},
    "glyph_missing": {"name": "张\U0003fffd"},
    "do_not_contact": {"do_not_contact": True},
}


@pytest.fixture
def audience(place: Path) -> Callable[..., Audience]:
    return new_audience


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


def test_a_smaller_approval_takes_back_what_a_larger_one_reserved(audience: Callable[..., Audience]) -> None:
    some = audience(3)
    some.prepare()
    approve(CODE, by="user:boss")
    approve(CODE, by="user:boss", limit=1)
    assert some.states() == {1: "ready", 2: "held", 3: "held"}
    assert some.levels() == {"badge": (20, 1), "book": (20, 1)}


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
