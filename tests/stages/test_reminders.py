"""A parcel that waits, or that somebody else took: told to the member, never taken for the member's word."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models import (
    CaseReason,
    Consignment,
    ConsignmentState,
    Reminder,
    ReminderEnd,
    ReminderReason,
    Said,
    SaidVia,
    ToldVia,
)
from qianli.cli import main
from qianli.errors import RuleBroken
from qianli.stages import cases, chasing, ladders, reminders, tracking, tracking_cases
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.replacements import take_back
from qianli.stages.unit import reading, writing
from qianli.testing import NOW, World, make_world

R, E = ReminderReason, ReminderEnd
LATER = NOW + timedelta(days=14)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (tracking, tracking_cases, reminders, chasing, ladders):
        monkeypatch.setattr(module, "now", lambda: LATER)
    monkeypatch.setattr(tracking, "today", LATER.date)


@pytest.fixture
def world(place: Path) -> World:
    with writing("user:test") as session:
        return make_world(session, members=4)


def told(*rows: str) -> None:
    content = "\n".join(["包裹编号,状态,时间,地点", *rows])
    tracking.import_events(content.encode(), filename="轨迹.csv", by="user:test")


def standing() -> list[tuple[int, ReminderReason, ReminderEnd | None]]:
    with reading() as session:
        return [
            (one.consignment_id, one.reason, one.outcome)
            for one in session.exec(select(Reminder).order_by(Reminder.id))
        ]


def test_a_reminder_lives_from_the_couriers_word_to_the_members(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Waiting, collected by somebody else, left at a reception, given back: every way a reminder begins and ends."""
    told(
        "T-00001-X,待自提,2027-01-08 09:00,甲路丰巢柜", "T-00001-X,待自提,2027-01-09 09:00,甲路 8 号丰巢柜",
        "T-00002-X,签收（他人代收）,2027-01-08 09:00,", "T-00003-X,待自提,2027-01-08 09:00,",
        "T-00004-X,本人签收,2027-01-18 09:00,",
    )  # fmt: skip
    one, two, three, _ = world.consignments
    assert standing() == [(one, R.waiting_at, None), (two, R.left_with, None), (three, R.waiting_at, None)]
    calls = chasing.to_call("TEST-2027")
    assert [call.number for call in calls] == ["TEST-2027-0001", "TEST-2027-0002", "TEST-2027-0003"]
    assert "甲路 8 号丰巢柜" in calls[0].words
    assert calls[0].since_at.day == 8
    assert "代收" in calls[1].words
    assert main.execute(["receipt", "chase", "--campaign", "TEST-2027", "--xlsx", str(tmp_path / "calls.csv")]) == 0
    shown = capsys.readouterr().out
    assert "甲路 8 号丰巢柜" in shown
    assert not [word for word in ("张伟", "1391234", "139 1234") if word in shown]
    assert (tmp_path / "calls.csv").read_text("utf-8-sig").count("1391234") == 3

    assert main.execute(["receipt", "told", "TEST-2027-0001"]) == 0
    with pytest.raises(RuleBroken, match="没有要提醒的事"):
        reminders.told("TEST-2027-0004", via=ToldVia.phone, by="user:test")
    with reading() as session:
        assert {row.state for row in session.exec(select(Consignment))} == {ConsignmentState.under_way}

    told("T-00001-X,前台代收,2027-01-10 09:00,", "T-00003-X,已退回,2027-01-12 09:00,")
    assert standing() == [
        (one, R.waiting_at, E.collected), (two, R.left_with, None), (three, R.waiting_at, E.returned),
        (one, R.left_with, None),
    ]  # fmt: skip
    assert chasing.to_call("TEST-2027")[0].told_at is None
    record_receipt(two, said=Said.all_here, problems={}, note="", via=SaidVia.phone, by="user:test")
    told("T-00002-X,签收（他人代收）,2027-01-11 09:00,")  # said again: the member has answered
    take_back("T-00001-X", put_back=True, by="user:test")
    assert [outcome for _, _, outcome in standing()] == [E.collected, E.answered, E.returned, E.returned]
    assert chasing.to_call("TEST-2027") == []


def open_cases() -> dict[str | None, CaseReason]:
    return {one.reference: one.reason for one in cases.list_cases()}


def test_what_waits_too_long_becomes_a_case_and_again_before_it_is_returned(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told(
        "T-00001-X,待自提,2027-01-14 09:00,甲路丰巢柜",
        "T-00002-X,待自提,2027-01-17 09:00,",
        "T-00003-X,退回中,2027-01-16 09:00,",
    )
    assert open_cases() == {"T-00003-X": CaseReason.returning}
    tracking_cases.run(world.campaign)
    assert open_cases() == {
        "T-00001-X": CaseReason.waiting, "T-00003-X": CaseReason.returning, "T-00004-X": CaseReason.not_moving,
    }  # fmt: skip
    tracking_cases.run(world.campaign)
    assert len(cases.list_cases()) == 3
    monkeypatch.setattr(tracking_cases, "now", lambda: LATER + timedelta(days=2))
    tracking_cases.run(world.campaign)
    assert open_cases() == {
        "T-00001-X": CaseReason.return_near, "T-00002-X": CaseReason.waiting, "T-00003-X": CaseReason.returning,
        "T-00004-X": CaseReason.not_moving,
    }  # fmt: skip
    assert tracking_cases.shards() == []
    assert main.execute(["case", "list"]) == 0
    listed = capsys.readouterr().out
    assert all(word in listed for word in ("快要退回", "今天就打电话催取", "qianli case prepare 编号"))
    told(
        "T-00001-X,退回中,2027-01-19 09:00,",
        "T-00002-X,本人签收,2027-01-19 09:00,",
        "T-00003-X,已退回,2027-01-19 09:00,",
    )
    assert open_cases() == {
        "T-00001-X": CaseReason.returning, "T-00003-X": CaseReason.returned, "T-00004-X": CaseReason.not_moving,
    }  # fmt: skip
