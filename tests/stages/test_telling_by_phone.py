"""Campaigns by telephone told whole, and whom a call follows."""

from pathlib import Path

import pytest

from models import CallEnd, Case, CaseOutcome, CaseReason, Hold, Member, PhoneCall, Said, SaidVia
from qianli.errors import RuleBroken
from qianli.stages import approve, call_ends, campaigns, cases, closing, member_marks, merging, phone_calls, rehearse
from qianli.stages import receipts as saying
from qianli.stages.steps import run_inline
from qianli.stages.unit import writing
from qianli.store.scope import Scope
from qianli.testing import add_member, make_world
from tests.stages.told import BOSS, BY, CODE, NOON, at_noon, prepared_and_approved, rows, states


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon(monkeypatch)


PHONE = """
code: ZBTX-2027
name: 电话促学
channel: phone
organisation: 青石镇党委
planned_delivery: 2027-06-30
sender: {name: 青石镇, phone: 0851-12345678}
words: "{姓名}{称谓}您好，7月1日8:00有直播，请收看。"
yuan_each: 0.10
"""


def test_a_campaign_by_telephone_told_whole(place: Path, clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (phone_calls, call_ends):
        monkeypatch.setattr(module, "now", lambda: NOON)
    with writing(BY) as session:
        world = make_world(session, members=5)
        add_member(session, world, 6, phone=None)
    campaigns.new_campaign(PHONE.encode(), read_beside=lambda _name: b"", by=BY)
    id_ = campaigns.ask(CODE, "prepare_campaign", by=BY)
    run_inline("prepare_campaign", id_)
    assert states() == ["ready"] * 5 + ["held"]
    assert any("没有联系电话，通知不到。" in one for one in rehearse.rehearse(CODE, by=BY).sentences)
    approve.approve(CODE, by=BOSS)
    run_inline("fulfil_campaign", id_)
    run_inline("fulfil_campaign", id_)
    assert states() == ["under_way"] * 5 + ["held"]
    calls = phone_calls.listed(Scope(None))
    assert [one.number for one in calls] == [f"{CODE}-000{n}" for n in (1, 2, 3, 4, 5)]
    assert calls[0].words == "张伟同志您好，7月1日8:00有直播，请收看。"
    assert {one.words for one in rows(PhoneCall)} == {""}
    with pytest.raises(RuleBroken, match="5 个电话还没有打完"):
        closing.close(CODE, unconfirmed="三次电话无人接听", by=BY)

    def tap(number: int, outcome: CallEnd) -> str:
        (one,) = [one for one in phone_calls.listed(Scope(None)) if one.number == f"{CODE}-000{number}"]
        return call_ends.note(Scope(None), one.id, outcome, tries=one.tries, by=BY)

    assert "本人知道了" in tap(1, CallEnd.told)
    for _ in range(3):
        tap(2, CallEnd.no_answer)
    tap(3, CallEnd.wrong_number)
    tap(4, CallEnd.do_not_contact)
    member_marks.mark_deceased(str(world.members[4]), on=None, by=BY)
    assert phone_calls.listed(Scope(None)) == []
    assert states() == ["confirmed", "under_way", "under_way", "held", "held", "held"]
    ends = [CallEnd.told, CallEnd.no_answer, CallEnd.wrong_number, CallEnd.do_not_contact, CallEnd.overtaken]
    assert [one.outcome for one in rows(PhoneCall)] == ends
    assert [(one.reason, one.resolved_at) for one in rows(Case)] == [(CaseReason.not_told, None)] * 2
    saying.record_by_member(CODE, f"{CODE}-0002", said=Said.all_here, via=SaidVia.visit, by=BY)
    with pytest.raises(RuleBroken, match="1 个问题还没有办结"):
        closing.close(CODE, unconfirmed="号码不对，托人也没有问到", by=BY)
    cases.resolve(rows(Case)[1].key, outcome=CaseOutcome.no_action, by=BY)
    closed = closing.close(CODE, unconfirmed="号码不对，托人也没有问到", by=BY)
    assert closed.summary == (
        "应通知 6 人，打过电话 3 人，电话里告诉了 1 人，本人答复知道 2 人。", "共支出 0.30 元（通信费）。",
    )  # fmt: skip
    assert any("本人要求不要联系" in one for one in closed.remarks)
    assert states() == ["confirmed", "confirmed", "unconfirmed", "not_sent", "not_sent", "not_sent"]


def test_who_is_left_alone_again_may_be_called_again_later(place: Path, clock: None) -> None:
    with writing(BY) as session:
        world = make_world(session, members=1)
    campaigns.new_campaign(PHONE.encode(), read_beside=lambda _name: b"", by=BY)
    id_ = campaigns.ask(CODE, "prepare_campaign", by=BY)
    prepared_and_approved(id_)
    run_inline("fulfil_campaign", id_)
    member_marks.mark_do_not_contact(str(world.members[0]), by=BY)
    assert states() == ["held"]
    assert "寄" not in rows(Hold)[0].next_step
    member_marks.mark_do_not_contact(str(world.members[0]), undo=True, by=BY)
    run_inline("prepare_campaign", id_)
    run_inline("fulfil_campaign", id_)
    assert [one.call_key for one in rows(PhoneCall)] == [f"{CODE}-0001-0", f"{CODE}-0001-1"]
    assert len(phone_calls.listed(Scope(None))) == 1


def test_a_call_follows_the_person_when_two_records_become_one(place: Path, clock: None) -> None:
    with writing(BY) as session:
        world = make_world(session, members=1)
    campaigns.new_campaign(PHONE.encode(), read_beside=lambda _name: b"", by=BY)
    prepared_and_approved(id_ := campaigns.ask(CODE, "prepare_campaign", by=BY))
    run_inline("fulfil_campaign", id_)
    with writing(BY) as session:
        add_member(session, world, 2)
    first, second = (str(one.key) for one in rows(Member))
    merging.merge(second, first, by=BY)
    assert [str(one.member_id) for one in rows(PhoneCall)] == [second]
    assert len(phone_calls.listed(Scope(None))) == 1
    merging.unmerge(first, by=BY)
    assert [str(one.member_id) for one in rows(PhoneCall)] == [first]
