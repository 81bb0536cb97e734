import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlmodel import select

from models import (
    CampaignState,
    Case,
    CaseOutcome,
    CaseReason,
    DeliveredTo,
    JournalEntry,
    Parcel,
    ParcelStage,
    Subject,
    Tracking,
    TrackingEvent,
)
from qianli.stages import cases, tracking, tracking_cases
from qianli.stages.courier_files import FileResult
from qianli.stages.unit import reading, writing
from qianli.store import transitions
from qianli.store.tracking import set_waybills
from qianli.testing import NOW, World, make_world

R, T = CaseReason, Tracking


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two weeks after the hand-over of `make_world`."""
    later = NOW + timedelta(days=14)
    for module in (tracking, tracking_cases):
        monkeypatch.setattr(module, "now", lambda: later)
    monkeypatch.setattr(tracking, "today", later.date)


@pytest.fixture
def world(place: Path) -> World:
    with writing("user:test") as session:
        world = make_world(session, members=3)
        set_waybills(session, numbers={parcel: f"981234567890{parcel}" for parcel in world.parcels}, year=2027)
        return world


def told(*rows: str) -> FileResult:
    content = "\n".join(["运单号,包裹编号,状态,时间,描述", *rows])
    return tracking.import_events(content.encode(), filename="轨迹.csv", by="user:test")


def parcel(world: World, position: int = 0) -> SimpleNamespace:
    with reading() as session:
        return SimpleNamespace(**session.get_one(Parcel, world.parcels[position]).model_dump())


def open_cases() -> list[tuple[CaseReason, str | None]]:
    return [(one.reason, one.reference) for one in cases.list_cases()]


def test_events_by_number_or_reference_come_to_a_state(world: World) -> None:
    result = told(
        f"981234567890{world.parcels[0]},,本人签收,2027-01-08 10:30,签收",
        ",T-00001-X,已收寄,2027-01-05 09:00,",
        f"981234567890{world.parcels[1]},T-00002-X,运输中,2027-01-06,",
    )
    assert (result.accepted, result.unchanged, result.rejected, result.notices) == (3, 0, [], [])
    first, second = parcel(world), parcel(world, 1)
    assert (first.tracking, first.delivered_to) == (T.delivered, DeliveredTo.member)
    assert first.delivered_at == datetime(2027, 1, 8, 2, 30, tzinfo=UTC)
    assert (second.tracking, second.delivered_to, second.delivered_at) == (T.in_transit, None, None)
    assert open_cases() == []
    with reading() as session:
        query = select(JournalEntry).where(JournalEntry.subject == Subject.parcel, JournalEntry.what != "waybill")
        assert sorted((one.subject_id, one.was, one.what) for one in session.exec(query)) == [
            (world.parcels[0], "unknown", "tracking delivered"), (world.parcels[1], "unknown", "tracking in_transit"),
        ]  # fmt: skip


def test_the_same_history_again_changes_nothing(world: World) -> None:
    rows = ("981234567890{},,已收寄,2027-01-05 09:00,a", "981234567890{},,拒收,2027-01-06 09:00,b")
    rows = tuple(row.format(world.parcels[0]) for row in rows)
    told(*rows)
    with reading() as session:
        before = [
            one.model_dump() for table in (TrackingEvent, JournalEntry, Case) for one in session.exec(select(table))
        ]
    again = told(*rows, f",T-00001-X,{rows[0].split(',', 2)[2]}")
    assert (again.accepted, again.unchanged) == (0, 3)
    with reading() as session:
        after = [
            one.model_dump() for table in (TrackingEvent, JournalEntry, Case) for one in session.exec(select(table))
        ]
    assert before == after


def test_rows_of_no_parcel_and_of_another_age_are_refused_by_themselves(world: World) -> None:
    result = told(
        "9800000000000,,已收寄,2027-01-05,",
        ",29-00001-2,已收寄,2027-01-05,",
        f"981234567890{world.parcels[0]},T-00002-X,已收寄,2027-01-05,",
        f"981234567890{world.parcels[0]},,已收寄,2072-01-05,",
        f"981234567890{world.parcels[0]},KD20270105001,已收寄,2027-01-05,",
    )
    assert result.accepted == 1
    assert [(one.row, one.column) for one in result.rejected] == [
        (2, "运单号"), (3, "包裹编号"), (4, "运单号"), (5, "时间"),
    ]  # fmt: skip
    assert result.fix_file is not None


def test_a_date_to_come_is_kept_with_a_remark(world: World) -> None:
    result = told(",T-00001-X,已收寄,2027-01-19 09:00,")
    assert (result.accepted, [(one.row, one.column) for one in result.notices]) == (1, [(2, "时间")])


def test_one_number_of_two_couriers_is_asked_about(world: World) -> None:
    with writing("user:test") as session:
        one = session.get_one(Parcel, world.parcels[1])
        one.courier, one.waybill_number = "sf", f"981234567890{world.parcels[0]}"
    result = told(f"981234567890{world.parcels[0]},,已收寄,2027-01-05,")
    assert [one.reason for one in result.rejected] == ["两家快递公司都有这个运单号，请另加一列“包裹编号”。"]


def test_trouble_opens_a_case_once_and_a_delivery_settles_it(world: World) -> None:
    told(",T-00001-X,投递未成功,2027-01-06 09:00,", ",T-00002-X,已退回,2027-01-06 09:00,")
    assert open_cases() == [(R.failed_attempt, "T-00001-X"), (R.returned, "T-00002-X")]
    view = cases.list_cases("TEST-2027")[1]
    assert (view.owner, view.campaign, view.number) == ("青石镇党委", "TEST-2027", None)
    assert "parcel take-back T-00002-X" in view.next_step
    told(",T-00001-X,投递未成功,2027-01-07 09:00,")
    assert len(open_cases()) == 2
    told(",T-00001-X,他人代收,2027-01-08 09:00,")
    assert open_cases() == [(R.returned, "T-00002-X")]
    with reading() as session:
        settled = session.exec(select(Case).where(Case.reason == R.failed_attempt)).one()
        assert (settled.outcome, settled.resolved_by) == (CaseOutcome.found, "user:test")


def test_a_case_settled_by_a_person_comes_back_with_new_trouble_only(world: World) -> None:
    told(",T-00001-X,投递未成功,2027-01-06 09:00,")
    cases.resolve(cases.list_cases()[0].id, outcome=CaseOutcome.no_action, by="user:test")
    told(",T-00001-X,投递未成功,2027-01-06 09:00,", ",T-00001-X,客服备注,2027-01-07 08:00,再约")
    assert open_cases() == []
    told(",T-00001-X,投递未成功,2027-01-07 09:00,")
    assert open_cases() == [(R.failed_attempt, "T-00001-X")]


def test_events_come_in_any_order_and_may_be_taken_back(world: World) -> None:
    told(",T-00001-X,签收,2027-01-08 09:00,", ",T-00001-X,拒收,2027-01-07 09:00,")
    assert parcel(world).tracking == T.delivered
    told(",T-00001-X,撤销签收,2027-01-08 12:00,")
    assert (parcel(world).tracking, parcel(world).delivered_at) == (T.refused, None)
    assert open_cases() == [(R.refused, "T-00001-X")]


def test_a_parcel_we_did_not_hand_over_is_remarked_on(world: World) -> None:
    with writing("user:test") as session:
        other = session.get_one(Parcel, world.parcels[2])
        other.stage, other.handed_over_at = ParcelStage.packed, None
    result = told(",T-00003-X,已收寄,2027-01-06,")
    assert (result.accepted, [one.row for one in result.notices]) == (1, [2])
    assert "登记交接" in result.notices[0].reason
    assert parcel(world, 2).tracking == T.accepted


def test_an_unknown_word_is_kept_and_logged_without_what_it_says(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="qianli")
    told(",T-00001-X,运输中,2027-01-06,", ",T-00001-X,张伟的儿子拿走了,2027-01-07,")
    assert parcel(world).tracking == T.in_transit
    with reading() as session:
        event = session.exec(select(TrackingEvent).where(TrackingEvent.tracking == T.unknown)).one()
        assert event.code == event.raw["status"] == "张伟的儿子拿走了"
    assert "1 events" in caplog.text
    assert "张伟" not in caplog.text


def test_nothing_is_opened_for_what_is_settled_already(world: World) -> None:
    with writing("user:test") as session:
        transitions.parcels(session, [world.parcels[0]], ParcelStage.taken_back)
    told(",T-00001-X,已退回,2027-01-06,")
    with writing("user:test") as session:
        transitions.campaign(session, world.campaign, CampaignState.closed)
    told(",T-00002-X,已退回,2027-01-06,")
    assert parcel(world, 1).tracking == T.returned
    assert open_cases() == []
    assert tracking_cases.shards() == []


def test_what_stands_still_becomes_a_case_until_there_is_news(world: World) -> None:
    told(",T-00001-X,运输中,2027-01-15 09:00,", ",T-00002-X,签收,2027-01-06 09:00,")  # three days ago; arrived
    assert tracking_cases.shards() == [world.campaign]
    tracking_cases.run(world.campaign)
    assert open_cases() == [(R.not_moving, "T-00003-X")]
    assert tracking_cases.shards() == []
    tracking_cases.run(world.campaign)
    assert len(open_cases()) == 1
    told(",T-00003-X,运输中,2027-01-07 09:00,")  # old news is none
    assert len(open_cases()) == 1
    told(",T-00003-X,运输中,2027-01-17 09:00,")
    assert open_cases() == []


def test_who_settled_a_standstill_is_reminded_after_as_long_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracking_cases.run(world.campaign)
    monkeypatch.setattr(cases, "now", lambda: NOW + timedelta(days=14))
    for view in cases.list_cases():
        cases.resolve(view.id, outcome=CaseOutcome.no_action, by="user:test")
    assert tracking_cases.shards() == []
    monkeypatch.setattr(tracking_cases, "now", lambda: NOW + timedelta(days=21))  # five working days later
    assert tracking_cases.shards() == [world.campaign]


def test_trouble_without_a_case_is_found_by_the_flow(world: World) -> None:
    with writing("user:test") as session:
        values = {
            "tracking": T.lost,
            "delivered_to": None,
            "delivered_at": None,
            "returned_for": None,
            "returned_at": None,
        }
        assert transitions.tracking(session, {world.parcels[0]: values}) == [world.parcels[0]]
        assert transitions.tracking(session, {world.parcels[0]: values}) == []
    tracking_cases.run(world.campaign)
    assert (R.lost, "T-00001-X") in open_cases()
