"""Reminders and address rounds go by message where a campaign names channels; who is not reached is called."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import Campaign, CampaignState, Member, Message, MessageEnd, Reminder, RoundRule, Said, SaidVia, ToldVia
from qianli.stages import address_answers, call_outcomes, phone_calls, tracking
from qianli.stages.address_rounds import ask, close, to_ask
from qianli.stages.receipt_recording import record_receipt
from qianli.stages.unit import now, reading, today, writing
from qianli.store import message_results
from qianli.store.scope import Scope
from qianli.testing import NOW, make_world

BY, CODE, ALL = "user:test", "TEST-2027", Scope(None)
NEW_HOME = "广东省深圳市南山区深南大道 9 号 3 栋 502 室"


def queued() -> list[Message]:
    with reading() as session:
        found = list(session.exec(select(Message).order_by(Message.id)))
        session.expunge_all()
    return found


def by_hand(results: dict[int, str | None]) -> None:
    with writing(BY) as session:
        message_results.by_hand(session, results=results, at=now())


def listed() -> list[str]:
    return [one.number[-4:] for one in phone_calls.listed(ALL)]


@pytest.mark.parametrize("named", [True, False])
def test_a_reminder_goes_by_message_once_or_is_called(
    place: object, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    monkeypatch.setattr(tracking, "now", lambda: NOW + timedelta(days=14))
    with writing(BY) as session:
        world = make_world(session, members=4)
        session.get_one(Campaign, world.campaign).messages = ["file"] if named else []
        session.get_one(Member, world.members[3]).wrong_phone = session.get_one(Member, world.members[3]).phone
    rows = [f"T-0000{n}-X,待自提,2027-01-08 09:00,甲路丰巢柜" for n in (1, 3, 4)]
    rows += ["T-00002-X,签收（他人代收）,2027-01-08 09:00,"]
    for _ in range(2):
        content = "\n".join(["包裹编号,状态,时间,地点", *rows])
        tracking.import_events(content.encode(), filename="轨迹.csv", by=BY)
    if not named:
        assert queued() == []
        assert sorted(listed()) == ["0001", "0002", "0003", "0004"]
        assert any("甲路丰巢柜" in one.words and one.waits for one in phone_calls.listed(ALL))
        return
    found = {one.consignment_id: one for one in queued()}
    one, two, three, four = world.consignments
    assert {id_: each.text_code for id_, each in found.items()} == {
        one: "parcel_waiting", two: "parcel_left", three: "parcel_waiting",
    }  # fmt: skip
    assert listed() == ["0004"], "whose number is wrong"
    by_hand({found[one].key: None, found[three].key: "空号"})
    assert sorted(listed()) == ["0003", "0004"], "what failed is called"
    record_receipt(two, said=Said.all_here, problems={}, note="", via=SaidVia.phone, by=BY)
    assert next(each for each in queued() if each.consignment_id == two).cancel_reason is MessageEnd.confirmed
    with reading() as session:
        told = {each.consignment_id: each.told_via for each in session.exec(select(Reminder))}
    assert told == {one: ToldVia.message, two: None, three: None, four: None}


def test_a_round_asks_by_message_and_calls_the_others(dispatch: Callable) -> None:  # type: ignore[type-arg]
    made = dispatch(members=4, stage=None, state=CampaignState.prepared)
    made.set(made.campaign(), planned_delivery_on=today() + timedelta(days=30), messages=["file"])
    with writing(BY) as session:
        last = sa.update(Member).where(Member.id == made.world.members[3])
        session.execute(last.values(wrong_phone=Member.phone))
    for days in (3, 7):
        ask(CODE, until=today() + timedelta(days=days), rule=RoundRule.hold, by=BY)
    found, last_day = queued(), today() + timedelta(days=7)
    assert {one.details["until"] for one in found} == {f"{last_day.month}月{last_day.day}日"}
    assert [one.by_message for one in to_ask(CODE)] == [True, True, True, False]
    assert listed() == ["0004"]
    one = made.world.consignments[0]
    address_answers.still_here(one, via=SaidVia.page, by="member")
    by_hand({found[1].key: None})
    call_outcomes.by_number(ALL, CODE, f"{CODE}-0002", call_outcomes.Outcome.unsure, by=BY)
    assert sorted(listed()) == ["0002", "0004"], "who is unsure is called, whatever was sent"
    (second,) = [each for each in phone_calls.listed(ALL) if each.number.endswith("0002")]
    assert second.asks
    assert "新地址已登记" in call_outcomes.note(ALL, second.id, "moved", address=NEW_HOME, by=BY)
    close(CODE, by=BY)
    assert [each.cancel_reason for each in queued()] == [MessageEnd.confirmed, None, MessageEnd.over]
    assert sorted(listed()) == ["0003", "0004"], "who was silent is called after the cut-off"
