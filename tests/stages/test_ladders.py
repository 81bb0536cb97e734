"""Climbing the ladder: each step once, none for those who spoke or want to be left alone."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import (
    Campaign,
    CaseReason,
    FollowUp,
    Message,
    MessageEnd,
    Parcel,
    Said,
    SaidVia,
    Tracking,
)
from qianli.stages import cases, chasing, ladders, member_marks, message_words, messages
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.unit import reading, writing
from qianli.store import message_facts
from qianli.testing import NOW, World, make_world

LADDER = [
    {"after_days": 2, "do": "message"}, {"after_days": 5, "do": "message", "from_hour": 18},
    {"after_days": 8, "do": "call", "text": "请问书收到没有？"}, {"after_days": 15, "do": "case"},
]  # fmt: skip


@pytest.fixture
def world(place: object) -> World:
    with writing("user:test") as session:
        world = make_world(session, members=4)
        session.get_one(Campaign, world.campaign).follow_up = LADDER
        for id_ in world.parcels:
            parcel = session.get_one(Parcel, id_)
            setattr(parcel, "tracking", Tracking.delivered)  # noqa: B010 - a state that no transition leads to here
            parcel.delivered_at = NOW
        return world


def on(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    for module in (ladders, chasing, messages):
        monkeypatch.setattr(module, "now", lambda: NOW + timedelta(days=days, hours=1))


def queued() -> list[tuple[int | None, str, bool]]:
    with reading() as session:
        found = session.exec(select(Message).order_by(Message.id))
        return [(one.consignment_id, one.text_code, one.cancelled_at is None) for one in found]


def test_a_ladder_is_climbed_to_the_end_and_stops_when_the_member_speaks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _, four = world.consignments
    on(monkeypatch, 1)
    assert ladders.shards() == []
    on(monkeypatch, 2)
    member_marks.mark_do_not_contact(str(world.members[2]), by="user:test")
    assert ladders.shards() == [world.campaign]
    ladders.run(world.campaign)
    ladders.run(world.campaign)
    assert queued() == [(one, "receipt_ask", True), (two, "receipt_ask", True), (four, "receipt_ask", True)]
    record_receipt(one, said=Said.all_here, problems={}, note="", via=SaidVia.page, by="member")
    on(monkeypatch, 5)
    ladders.run(world.campaign)
    assert [each for each in queued() if each[1] == "receipt_again"] == [
        (two, "receipt_again", True), (four, "receipt_again", True)
    ]  # fmt: skip
    with reading() as session:
        latest = session.exec(select(Message).where(Message.text_code == "receipt_again")).first()
        assert latest is not None
        assert (latest.due_at.hour, latest.details) == (10, {"from_hour": 18})  # 18:00 in Shanghai
    assert chasing.to_call("TEST-2027") == []
    on(monkeypatch, 8)
    ladders.run(world.campaign)
    calls = chasing.to_call("TEST-2027")
    assert [(call.number, call.words) for call in calls] == [
        ("TEST-2027-0002", "请问书收到没有？"), ("TEST-2027-0004", "请问书收到没有？")
    ]  # fmt: skip
    on(monkeypatch, 15)
    ladders.run(world.campaign)
    ladders.run(world.campaign)
    assert [(case.reason, case.number) for case in cases.list_cases()] == [
        (CaseReason.no_answer, "TEST-2027-0002"), (CaseReason.no_answer, "TEST-2027-0004")
    ]  # fmt: skip
    assert ladders.shards() == []
    with reading() as session:
        assert len(list(session.exec(select(FollowUp)))) == 3 + 2 + 2 + 2


def test_who_spoke_between_is_not_written_to(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the ladder queued is looked at again before it goes."""
    on(monkeypatch, 2)
    ladders.run(world.campaign)
    record_receipt(world.consignments[0], said=Said.all_here, problems={}, note="", via=SaidVia.page, by="member")
    with reading() as session:
        ids = [each.key for each in session.exec(select(Message).order_by(Message.id))]
        standing = message_facts.standing(session, ids=ids)
    assert [message_words.why_not(each, message_words.To.phone) for each in standing][:2] == [
        MessageEnd.confirmed, None
    ]  # fmt: skip
