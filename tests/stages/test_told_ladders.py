"""The ladder of a campaign by message: counted from what the channel reports, and climbed as one by post is."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models import Case, CaseReason, Message, MessagePurpose, PhoneCall, Said, SaidVia
from qianli.errors import BadInput
from qianli.stages import (
    approve,
    call_ends,
    call_outcomes,
    campaigns,
    chasing,
    closing,
    ladders,
    messages,
    phone_calls,
    receipts,
    rehearse,
    telling,
)
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, writing
from qianli.store.scope import Scope
from qianli.testing import make_world

NOON = datetime(2027, 6, 30, 4, 0, tzinfo=UTC)  # a Wednesday
BY, CODE, ALL = "user:李主任", "ZBTX-2027", Scope(None)
DEFINITION = """
code: ZBTX-2027
name: 直播提醒
channel: message
organisation: 青石镇党委
planned_delivery: 2027-06-30
sender: {name: 青石镇, phone: 0851-12345678}
words: "{姓名}{称谓}您好，7月1日8:00有一场直播。看到了请点 {链接} 说一声。"
messages: [file]
yuan_each: 0.05
"""
STEPS = "follow_up: [{after_days: 1, do: message}, {after_days: 3, do: call}, {after_days: 5, do: case}]"


def register(written: str) -> None:
    campaigns.new_campaign(written.encode(), read_beside=lambda _name: b"", by=BY)


def rows(model: type) -> list:
    with reading() as session:
        found = list(session.exec(select(model).order_by(model.id)))
        session.expunge_all()
    return found


def sent(ids: list[int], at: datetime, delivered_at: datetime | None = None) -> None:
    """A channel took these."""
    with writing(BY) as session:
        for id_ in ids:
            one = session.get_one(Message, id_)
            one.asked_at = one.answered_at = at
            one.delivered_at = delivered_at


@pytest.fixture
def told(place: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Four members were sent a message at noon; of the second it is reported delivered a day later."""
    on(monkeypatch, 0)
    with writing(BY) as session:
        make_world(session, members=4)
    register(DEFINITION + STEPS)
    id_ = campaigns.ask(CODE, "prepare_campaign", by=BY)
    run_inline("prepare_campaign", id_)
    approve.approve(CODE, by="user:周书记")
    run_inline("fulfil_campaign", id_)
    ids = [one.key for one in rows(Message)]
    sent(ids, NOON)
    sent(ids[1:2], NOON, NOON + timedelta(days=1))
    return monkeypatch


def on(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    for module in (telling, ladders, chasing, messages, phone_calls, call_ends, rehearse):
        monkeypatch.setattr(module, "now", lambda: NOON + timedelta(days=days, hours=1), raising=False)


def climb() -> None:
    """Twice is the same as once."""
    for _ in range(2):
        for shard in ladders.shards():
            ladders.run(shard)


def followed() -> list[tuple[str, str]]:
    return [
        (f"{one.consignment_id}", one.text_code) for one in rows(Message) if one.purpose is MessagePurpose.follow_up
    ]


def numbers(found: list) -> list[str]:
    return [one.number[-4:] for one in found]


def test_it_is_climbed_from_the_message_to_the_case_and_stops_at_the_answer(told: pytest.MonkeyPatch) -> None:
    one, two, three = (str(each.consignment_id) for each in rows(Message)[:3])
    climb()
    assert followed() == []
    on(told, 1)
    receipts.record_by_member(CODE, f"{CODE}-0004", said=Said.all_here, via=SaidVia.phone, by=BY)
    climb()
    assert followed() == [(one, "campaign"), (three, "campaign")], "of the second it counts from the report"
    on(told, 2)
    climb()
    assert followed()[2:] == [(two, "campaign")]
    assert {each.channel for each in rows(Message)} == {"file"}
    sent([each.key for each in rows(Message) if each.asked_at is None], NOON + timedelta(days=2))
    on(told, 3)
    climb()
    for found in (phone_calls.listed(ALL), chasing.to_call(CODE)):
        assert numbers(found) == ["0001", "0003"]
        assert found[0].words.startswith("前些天给您发过一条消息：“张伟同志您好，7月1日8:00有一场直播。")
    assert all(each.was_told for each in phone_calls.listed(ALL))
    assert {each.words for each in rows(PhoneCall)} == {""}, "names are filled in when the list is looked at"
    call_outcomes.by_number(ALL, CODE, f"{CODE}-0003", call_outcomes.Outcome.confirmed, by=BY)
    on(told, 6)
    climb()
    assert [(case.reason, case.sentence) for case in rows(Case)] == [
        (CaseReason.no_answer, "消息已经发出，本人一直没有回音。")
    ] * 2
    assert ladders.shards() == []
    found = closing.close(CODE, unconfirmed="三次电话无人接听", by=BY)
    assert "共支出 0.35 元（通信费）。" in found.summary, "four messages and three again"


def test_a_rehearsal_tells_who_would_get_what_when(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, -1)
    with writing(BY) as session:
        make_world(session, members=4)
    for steps, code in ((STEPS, CODE), ("", "ZBTX-2028")):
        register((DEFINITION + steps).replace(CODE, code))
        run_inline("prepare_campaign", campaigns.ask(code, "prepare_campaign", by=BY))
    said = rehearse.rehearse(CODE, by=BY).sentences
    assert [one for one in said if "没有答复" in one or "follow_up" in one] == [
        "如果6月30日都发到、4 人都没有答复：7月1日给 4 人发消息。",
        "如果6月30日都发到、4 人都没有答复：7月3日给 4 人打电话。",
        "到7月5日还没有答复的，列为问题，由党组织联系。",
        "follow_up 里的消息每条 0.05 元，最多 4 条、0.20 元，没有算在预计费用里。",
    ]
    assert ladders.NONE in rehearse.rehearse("ZBTX-2028", by=BY).sentences


def test_without_steps_nobody_is_followed_up(place: Path) -> None:
    with writing(BY) as session:
        make_world(session, members=1)
    register(DEFINITION)
    with reading() as session:
        campaign = ladders.campaigns.by_code(session, code=CODE)
        assert ladders.ladder_of(campaign) == ()


@pytest.mark.parametrize(
    ("more", "old", "new", "said"),
    [
        ("follow_up: [{after_days: 1, do: message, text: receipt_ask}]", "", "", "不写 text"),
        ("follow_up: [{after_days: 3, do: call}, {after_days: 1, do: call}]", "", "", "从小到大"),
        (STEPS, "channel: message", "channel: phone", "follow_up 用不着"),
    ],
)
def test_steps_that_cannot_be_taken_are_refused(place: Path, more: str, old: str, new: str, said: str) -> None:
    written = (DEFINITION + more).replace(old, new)
    if "phone" in new:
        written = written.replace("messages: [file]\n", "").replace("看到了请点 {链接} 说一声。", "")
    with pytest.raises(BadInput) as refused:
        register(written)
    assert said in f"{refused.value.message}{refused.value.problems}"
