"""Calls to make: from the ladder and from notices, planned again, ended, and shown to their own branch only."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import (
    CallEnd,
    Campaign,
    Consignment,
    ConsignmentState,
    JournalEntry,
    Member,
    Movement,
    Organisation,
    Parcel,
    PhoneCall,
    Role,
    Subject,
    Tracking,
)
from qianli.errors import BadInput, NotFound
from qianli.stages import (
    call_ends,
    call_notices,
    call_outcomes,
    call_sheets,
    ladders,
    member_marks,
    messages,
    phone_calls,
    purging,
    users,
)
from qianli.stages.call_outcomes import Outcome
from qianli.stages.unit import reading, writing
from qianli.store.scope import Scope
from qianli.testing import NOW, World, make_world

EVERYTHING = Scope(None)
BY = "user:test"
NEW_HOME = "广东省深圳市南山区深南大道 9 号 3 栋 502 室"
PASSWORD = "long enough 2027"  # noqa: S105 - of no one
AT = NOW + timedelta(days=4)  # a Friday, nine in the morning


@pytest.fixture
def world(place: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for module in (ladders, messages, phone_calls, call_ends):
        monkeypatch.setattr(module, "now", lambda: AT)
    monkeypatch.setattr(call_sheets, "today", AT.date)
    with writing(BY) as session:
        world = make_world(session, members=4)
        session.get_one(Campaign, world.campaign).follow_up = [{"after_days": 2, "do": "call", "text": "书收到没有？"}]
        for id_ in world.parcels:
            parcel = session.get_one(Parcel, id_)
            setattr(parcel, "tracking", Tracking.delivered)  # noqa: B010 - a state that no transition leads to here
            parcel.delivered_at = NOW
    ladders.run(world.campaign)
    ladders.run(world.campaign)
    return world


def ends() -> list[CallEnd | None]:
    with reading() as session:
        return [one.outcome for one in session.exec(select(PhoneCall).order_by(PhoneCall.id))]


def test_an_outcome_ends_or_plans_a_call_and_changes_the_ledger(world: World) -> None:
    found = phone_calls.listed(EVERYTHING)
    assert [(one.number, one.words) for one in found] == [(f"TEST-2027-000{n}", "书收到没有？") for n in (1, 2, 3, 4)]

    def tap(number: int, outcome: Outcome) -> str:
        return call_outcomes.by_number(EVERYTHING, "TEST-2027", f"TEST-2027-000{number}", outcome, by=BY)

    assert "下次 01-11 18:30" in tap(1, Outcome.no_answer)
    tap(2, Outcome.confirmed)
    tap(3, Outcome.wrong_number)
    tap(4, Outcome.do_not_contact)
    assert ends() == [None, CallEnd.confirmed, CallEnd.wrong_number, CallEnd.do_not_contact]
    (left,) = phone_calls.listed(EVERYTHING)
    assert (left.tries, left.is_due) == (1, False)
    tap(1, Outcome.no_answer)
    assert "上门" in tap(1, Outcome.no_answer)
    assert ends()[0] is CallEnd.no_answer
    with reading() as session:
        third = session.get_one(Member, world.members[2])
        assert third.wrong_phone == third.phone is not None


def test_a_notice_is_told_once_each_and_never_to_who_wants_to_be_left_alone(world: World) -> None:
    member_marks.mark_do_not_contact(str(world.members[0]), by=BY)
    words = "7月1日8:00有直播，请收看。"
    assert call_notices.notice("live", "青石镇党委", words, by=BY) == 3
    assert call_notices.notice("live", "青石镇党委", words, by=BY) == 0
    told = [one for one in phone_calls.listed(EVERYTHING) if one.words == words]
    assert "已告诉" in call_ends.note(EVERYTHING, told[0].id, CallEnd.told, by=BY)
    call_ends.note(EVERYTHING, told[1].id, CallEnd.wrong_number, by=BY)
    with pytest.raises(BadInput, match="没有这样的结果"):
        call_ends.note(EVERYTHING, told[2].id, CallEnd.confirmed, by=BY)
    left = [one for one in phone_calls.listed(EVERYTHING) if one.words == words]
    assert [one.id for one in left] == [told[2].id]


def test_the_same_tap_again_is_no_second_call_and_the_journal_tells_of_the_first(world: World) -> None:
    first, second = phone_calls.listed(EVERYTHING)[:2]
    assert "再打" in call_ends.note(EVERYTHING, first.id, CallEnd.no_answer, tries=0, by=BY)
    assert "早已登记" in call_ends.note(EVERYTHING, first.id, CallEnd.no_answer, tries=0, by=BY)
    call_ends.note(EVERYTHING, second.id, CallEnd.wrong_number, by=BY)
    (tried,) = [one for one in phone_calls.listed(EVERYTHING) if one.id == first.id]
    assert tried.tries == 1
    with reading() as session:
        told = session.exec(select(JournalEntry).where(JournalEntry.subject == Subject.consignment))
        tries = [one.what for one in told if one.what in ("nobody answered", "wrong number")]
    assert tries == ["nobody answered", "wrong number"]


def test_a_notice_has_a_code_and_words_that_may_be_kept_and_is_forgotten(world: World) -> None:
    for code, words in (("x" * 80, "请收看直播。"), ("live", "请打 13912340001 问张伟。")):
        with pytest.raises(BadInput):
            call_notices.notice(code, "青石镇党委", words, by=BY)
    assert call_notices.notice("live", "青石镇党委", "请收看直播。", by=BY) == 4
    purging.sweep()
    assert len(ends()) == 8
    with writing(BY) as session:
        session.execute(sa.update(PhoneCall).values(added_at=NOW - timedelta(days=4000)))
    purging.sweep()
    assert len(ends()) == 4  # those of the campaign go with it


def test_a_branch_sees_its_own_calls_and_gives_them_to_its_own_people(world: World) -> None:
    with writing(BY) as session:
        other = Organisation(name="河东街道党工委")
        session.add(other)
        session.flush()
        elsewhere = Scope(other.key)
    for login, branch in (("wang", "青石镇党委"), ("li", "河东街道党工委")):
        users.add(login, name=login, role=Role.organiser, organisation=branch, password=PASSWORD, by=BY)
    own = Scope(world.organisation)
    ids = [one.id for one in phone_calls.listed(own)]
    assert len(ids) == 4
    assert phone_calls.listed(elsewhere) == []
    for outcome in Outcome:
        for theirs in (
            lambda what=outcome: call_outcomes.note(elsewhere, ids[0], what, address=NEW_HOME, by=BY),
            lambda what=outcome: call_outcomes.by_number(
                elsewhere, "TEST-2027", "TEST-2027-0001", what, address=NEW_HOME, by=BY
            ),
        ):
            with pytest.raises(NotFound):
                theirs()
    assert ends() == [None] * 4
    with reading() as session:
        assert {one.state for one in session.exec(select(Consignment))} == {ConsignmentState.under_way}
        assert session.exec(select(Movement)).all() == []
    for refused in (
        lambda: call_ends.note(elsewhere, ids[0], CallEnd.told, by=BY),
        lambda: phone_calls.take(elsewhere, ids[0], user_id=1, by=BY),
        lambda: phone_calls.assign(elsewhere, ids, caller="li", by=BY),
    ):
        with pytest.raises(NotFound):
            refused()
    with pytest.raises(BadInput, match="不能分给他"):
        phone_calls.assign(EVERYTHING, ids, caller="li", by=BY)
    assert phone_calls.assign(own, ids[:2], caller="wang", by=BY) == 2
    assert [one.caller for one in phone_calls.listed(own)] == ["wang", "wang", "", ""]


def test_sheets_are_one_a_caller(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(
        call_sheets.press, "call_lists", lambda forms: drawn.extend(forms) or call_sheets.press.Pdf(b"%PDF", 1, (1,))
    )
    users.add("wang", name="王五", role=Role.organiser, organisation="青石镇党委", password=PASSWORD, by=BY)
    ids = [one.id for one in phone_calls.listed(EVERYTHING)]
    phone_calls.assign(EVERYTHING, ids[:1], caller="wang", by=BY)
    assert call_sheets.sheets(EVERYTHING).calls == 4
    assert [(form.caller, len(form.rows)) for form in drawn] == [("王五", 1), ("还没有分给人", 3)]
    with pytest.raises(BadInput, match="没有要打的电话"):
        call_sheets.sheets(EVERYTHING, caller_id=999)
