"""Each message once, whatever the channel does and whenever we are cut off; looked at again before; never at night."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import Campaign, Case, CaseReason, Consignment, Member, Message, MessageEnd, MessagePurpose
from qianli import faults as fault_points
from qianli.channels.live import Delivery, To
from qianli.errors import ConfigurationError, RuleBroken
from qianli.settings import settings
from qianli.stages import member_marks, message_cases, message_reports, messages, receipts
from qianli.stages.unit import writing
from qianli.stand_ins.faults import Fault
from qianli.stand_ins.plain_channel import Finding, Keyed, Plain
from qianli.testing import at_point
from tests.stages.sending_desk import NOON, Desk, open_desk, speaks

MANY = 32
CAUSES = [
    None, Fault.twice, Fault.broken_after, Fault.late, Fault.lost_after, Fault.lost_before, None, Fault.broken_before,
]  # fmt: skip


@pytest.fixture
def desk(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with open_desk(tmp_path, database, monkeypatch) as it:
        yield it


@pytest.mark.parametrize("kind", [Keyed, Finding])
def test_one_each_where_the_channel_can_tell(desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: type[Plain]) -> None:
    speaks(monkeypatch, kind)
    desk.phones.takes_key = kind is Keyed
    desk.people(MANY)
    causes = CAUSES if kind is Keyed else [one for one in CAUSES if one is not Fault.twice]  # not ours to mend
    desk.faults.plan = lambda request: causes[request % len(causes)]
    desk.send_all()
    assert desk.received() == Counter(one.sending_key for one in desk.rows(Message))
    assert all(one.answered_at and one.provider_id for one in desk.rows(Message))
    assert sum(desk.faults.met.values()) > MANY / 2
    assert desk.rows(Case) == []


def test_a_clock_that_runs_is_no_reason_to_wait(desk: Desk) -> None:
    desk.people(2)
    (shard,) = messages.shards()
    ticks = count()
    running = replace(desk.means(), now=lambda: desk.at + timedelta(milliseconds=next(ticks)))
    messages.run(shard, take_over=True, means=running)
    assert len(desk.received()) == 2


def test_where_it_cannot_tell_nothing_is_repeated_and_each_doubt_is_a_case(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaks(monkeypatch, Plain)
    desk.phones.takes_key = False
    desk.people(30)
    causes = [None, Fault.broken_after, Fault.lost_after, None, Fault.lost_before, Fault.late, Fault.broken_before]
    desk.faults.plan = lambda request: causes[request % len(causes)]
    desk.send_all()
    assert max(desk.received().values()) == 1
    unclear = [one for one in desk.rows(Message) if one.unclear_at]
    assert len(unclear) == sum(desk.faults.met.values()) > 10
    assert {one.message_id for one in desk.rows(Case)} == {one.key for one in unclear}
    assert all(one.sending_key in desk.received() for one in desk.rows(Message) if one.answered_at)


def test_cut_off_anywhere_it_is_sent_once(desk: Desk) -> None:
    class CutOff(Exception):
        pass

    def cut() -> None:
        raise CutOff

    desk.people(3)
    for point in range(1, 100):
        at_point(point, cut)
        try:
            desk.send()
        except CutOff:
            continue
        finally:
            fault_points.arm(None)
        break
    assert point > 5
    assert set(desk.received().values()) == {1}
    assert len(desk.received()) == 3


def test_killed_between_question_and_answer_it_is_a_case_that_a_person_settles(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaks(monkeypatch, Plain)
    desk.people(2)
    with monkeypatch.context() as killing:
        killing.setattr(Plain, "send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            desk.send()
    desk.send()
    (case,) = desk.rows(Case)
    assert (case.reason, case.owner) == (CaseReason.message_unclear, "青石镇党委")
    assert "message settle TEST-2027-0001-1 sent" in case.next_step
    desk.send()
    assert desk.received() == {"TEST-2027-0002-1": 1}
    assert message_cases.settle("TEST-2027-0001-1", sent=False, by="user:李主任")
    assert not message_cases.settle("TEST-2027-0001-1", sent=False, by="user:李主任")
    with pytest.raises(RuleBroken):
        message_cases.settle("TEST-2027-0001-1", sent=True, by="user:李主任")
    assert [one.outcome for one in desk.rows(Case)] == ["settled"]
    desk.send()
    assert len(desk.phones.sent) == 1


def test_it_is_looked_at_again_before(desk: Desk) -> None:
    desk.people(5)
    with writing("user:李主任") as session:
        for place, change in enumerate(({"do_not_contact": True}, {"deceased_on": NOON.date()}, {"phone": None})):
            session.execute(sa.update(Member).where(Member.id == desk.world.members[place]).values(**change))
    receipts.record_by_member("TEST-2027", "TEST-2027-0004", said="all_here", via="phone", by="user:李主任")
    desk.send()
    assert [one.cancel_reason for one in desk.rows(Message)] == [
        MessageEnd.do_not_contact, MessageEnd.gone, MessageEnd.no_number, MessageEnd.confirmed, None,
    ]  # fmt: skip
    assert [one["to"] for one in desk.phones.sent] == ["+8613912340005"]
    assert "收到请打开 https://qianli.example" in desk.phones.sent[0]["text"]
    assert not [word for word in ("党", "千里传书", "支部") if word in desk.phones.sent[0]["text"]]


def test_a_channel_that_the_campaign_does_not_name_sends_nothing_about_it(desk: Desk) -> None:
    desk.people(1)
    with writing("user:李主任") as session:
        session.get_one(Campaign, desk.world.campaign).messages = ["another"]
        messages.queue(session, [desk.row(0, key="of no campaign", campaign_id=None, consignment_id=None)])
    desk.send()
    assert [one["key"] for one in desk.phones.sent] == ["of no campaign"]
    assert desk.rows(Message)[0].cancel_reason is MessageEnd.not_named


def test_a_number_that_changed_between_two_tries_is_asked_for_no_more(desk: Desk) -> None:
    desk.people(1)
    desk.faults.plan = lambda _request: Fault.broken_after
    desk.send()
    with writing("user:李主任") as session:
        session.execute(sa.update(Member).values(phone="+8613800000000"))
    desk.faults.plan = lambda _request: None
    desk.send()
    assert len(desk.phones.sent) == 1
    assert [one.reason for one in desk.rows(Case)] == [CaseReason.message_unclear]


def test_no_more_than_two_in_a_week_and_none_at_night(desk: Desk) -> None:
    desk.people(1)
    with writing("user:李主任") as session:
        messages.queue(session, [desk.row(0, key=f"again-{n}") for n in range(3)])
    sent_at: list[datetime] = []
    for hour in range(24 * 15):
        desk.at = NOON + timedelta(hours=hour)
        before = len(desk.phones.sent)
        desk.send()
        sent_at += [desk.at] * (len(desk.phones.sent) - before)
    assert [(one - NOON).days for one in sent_at] == [0, 0, 7, 7]
    desk.at = datetime(2027, 2, 10, 14, 0, tzinfo=UTC)  # 22:00
    with writing("user:李主任") as session:
        messages.queue(session, [desk.row(0, key="late")])
    desk.send()
    assert len(desk.phones.sent) == 4
    assert desk.rows(Message)[-1].due_at == datetime(2027, 2, 11, 0, 0, tzinfo=UTC)


def test_refusals_are_rows_and_a_refused_account_voids_nothing(desk: Desk) -> None:
    desk.people(3)
    desk.phones.refused = {"+8613912340002": "number"}
    desk.send()
    failed = [one for one in desk.rows(Message) if one.failed_at]
    assert [(one.failure_kind, one.failure_words) for one in failed] == [("number", "")]  # its words held the number
    with writing("user:李主任") as session:
        messages.queue(session, [desk.row(2, key="next")])
    desk.phones.refused = {"+8613912340003": "account"}
    with pytest.raises(ConfigurationError, match="账号“plain”有问题"):
        desk.send()
    assert desk.rows(Message)[-1].asked_at is None
    desk.phones.refused = {}
    desk.send()
    assert desk.rows(Message)[-1].answered_at


def test_what_is_reported_is_written_down_and_ends_a_doubt(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    speaks(monkeypatch, Plain)
    desk.people(2)
    desk.faults.arm(Fault.lost_after)
    desk.send()
    desk.send()
    unclear, sent = desk.rows(Message)
    assert unclear.unclear_at
    said = [
        Delivery("", unclear.sending_key, True, "DELIVRD", "", NOON),
        Delivery(sent.provider_id, "", False, "MK:0001", "空号", NOON),
        Delivery("?", "?", True, "", "", NOON),
    ]
    assert message_reports.heard("plain", said, by="channel") == 2
    assert message_reports.heard("plain", said, by="channel") == 2
    first, second = desk.rows(Message)
    assert (first.delivered_at, first.unclear_at, bool(first.answered_at)) == (NOON, None, True)
    assert (second.failure_kind, second.failure_words) == ("undelivered", "MK:0001 空号")
    assert [one.outcome for one in desk.rows(Case)] == ["settled"]


def test_a_group_has_no_ceiling_and_a_key_is_queued_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    speaks(monkeypatch, Plain, To.group)
    desk.people(1)
    plain = {"consignment_id": None, "member_id": None, "purpose": MessagePurpose.study, "text_code": "study_items"}
    more = {**plain, "details": {"count": 3, "path": "/s/abc"}}
    with writing("user:李主任") as session:
        rows = [desk.row(0, key=f"group-{n}", **more) for n in range(4)]
        assert len(messages.queue(session, rows)) == 4
        assert messages.queue(session, rows) == []
    desk.send()
    groups = [one for one in desk.phones.sent if one["key"].startswith("group")]
    assert [one["to"] for one in groups] == [""] * 4
    assert groups[0]["text"] == "您好，新到学习内容3篇，请看 https://qianli.example/s/abc"


def test_a_channel_nobody_reaches_leaves_all_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there was no connection nothing was sent: no case even where a channel cannot tell."""
    speaks(monkeypatch, Plain)
    desk.people(5)
    with monkeypatch.context() as here:  # put back before the workspace is: it would outlive it
        here.setenv("QIANLI_CHANNELS__PLAIN__URL", "http://127.0.0.1:9")
        settings.cache_clear()
        desk.send()
    assert [one.asked_at for one in desk.rows(Message)] == [None] * 5
    assert desk.rows(Case) == []
    assert desk.rows(Consignment)


def test_what_waits_is_taken_back_at_once_when_the_member_answers_or_asks_to_be_left_alone(desk: Desk) -> None:
    desk.people(4)
    receipts.record_by_member("TEST-2027", "TEST-2027-0001", said="all_here", via="phone", by="user:李主任")
    member_marks.mark_do_not_contact(str(desk.world.members[1]), by="user:李主任")
    member_marks.mark_deceased(str(desk.world.members[2]), on=None, by="user:李主任")
    ends = [MessageEnd.confirmed, MessageEnd.do_not_contact, MessageEnd.gone, None]
    assert [one.cancel_reason for one in desk.rows(Message)] == ends


def test_a_refused_account_stops_its_batch(desk: Desk) -> None:
    desk.people(3)
    desk.phones.refused = {f"+861391234000{number}": "account" for number in (1, 2, 3)}
    with pytest.raises(ConfigurationError):
        desk.send()
    assert desk.phones.calls["send"] == 1
    assert [one.asked_at for one in desk.rows(Message)] == [None] * 3
