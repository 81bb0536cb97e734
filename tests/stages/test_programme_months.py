"""A month of a study programme: whom to call, what came of it, what is closed and what goes."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models import CallEnd, Contribution, JournalEntry, Member, Participation, Programme, StudyItem, StudyState
from qianli.errors import BadInput, RuleBroken
from qianli.stages import (
    call_ends,
    discussions,
    kits,
    phone_calls,
    programme_pages,
    programmes,
    publishing,
    purging,
    study_calls,
    study_closing,
    study_items,
    study_links,
    study_months,
    studying,
)
from qianli.stages.unit import reading, writing
from qianli.store import programmes as store
from qianli.store.scope import Scope
from tests.stages.studying_members import (
    BY,
    CODE,
    example,
    ids_of,
    scope_of,
    study_clock,
    study_members,
    take_in,
    visitor,
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    return study_clock(monkeypatch)


@pytest.fixture
def world(place: Path, clock: list[datetime]) -> list[int]:
    return study_members(clock)


def test_the_month_in_sums_and_who_is_called(world: list[int], clock: list[datetime]) -> None:
    take_in(example())
    publishing.publish(by=BY)
    me = visitor(world[0])
    studying.mark_studied(me, ids_of("真理的味道"))
    study_items.count_opening(ids_of("真理的味道"))
    study_items.count_opening(ids_of("真理的味道"))
    clock[0] = datetime(2027, 1, 20, 1, 0, tzinfo=UTC)
    found = study_months.report(CODE, date(2027, 1, 1), by=BY)
    assert (found.published, found.openings) == (3, 2)
    assert [(path, one.members, one.by_page, one.by_call, one.took_part) for path, one in found.branches] == [
        ("青石镇党委", 3, 3, 0, 1), ("青石镇党委/一支部", 1, 0, 0, 0),
    ]  # fmt: skip
    clock[0] = datetime(2027, 5, 1, 1, 0, tzinfo=UTC)
    assert [one.member for one in study_calls.silent(CODE, "青石镇党委")] == world[:3]
    assert [one.member for one in study_calls.silent(CODE, "一支部")] == [world[3]]
    calls = study_calls.calls(CODE, date(2027, 1, 1), "青石镇党委")
    assert [one.member for one in calls.people] == [world[3]]
    assert len(calls.items) == 13
    assert all("**" not in one.words for one in calls.items)


def test_a_closed_month_changes_no_more(world: list[int], clock: list[datetime]) -> None:
    take_in(example())
    publishing.publish(by=BY)
    studying.mark_studied(visitor(world[0]), ids_of("真理的味道"))
    study_closing.close()
    before = study_months.report(CODE, date(2027, 1, 1), by=BY)
    assert before.published == 3
    clock[0] = datetime(2027, 2, 9, 1, 0, tzinfo=UTC)
    for _ in range(2):
        study_closing.close()
    studying.take_back(visitor(world[0]), ids_of("真理的味道"))
    with writing(BY) as session:
        session.get_one(Member, world[1]).deceased_on = date(2027, 2, 9)
        town = session.get_one(Member, world[0]).organisation_id
        session.add(Member(organisation_id=town, name="新来的", created_at=clock[0], updated_at=clock[0]))
    programmes.withdraw(CODE, ids_of("真理的味道"), reason="有错字", by=BY)
    after = study_months.report(CODE, date(2027, 1, 1), by=BY)
    assert (after.published, after.branches) == (before.published, before.branches)
    assert "2027-02-09" in after.sentences[-1]
    with reading() as session:
        said = session.exec(select(JournalEntry.why).where(JournalEntry.what == "month closed")).all()
    assert said == ["2027年1月"]
    ((path, one),) = programme_pages.look(scope_of("一支部"), CODE, month="2027-01", with_members=False).branches
    assert (path, one.members) == ("青石镇党委/一支部", 1)


def test_who_has_no_smartphone_is_reached_by_a_call_that_was_made(world: list[int], clock: list[datetime]) -> None:
    take_in(example())
    publishing.publish(by=BY)
    month, branch = date(2027, 1, 1), scope_of("一支部")

    def counted() -> tuple[int, int, int, int]:
        with reading() as session:
            programme = store.by_code(session, code=CODE)
            sums = study_months.sums(session, programme, month, root_id=branch.root_id or 0)
        ((_, one),) = sums.branches
        return one.by_call, one.not_reached, one.took_part, one.took_part_by_phone

    assert counted() == (0, 1, 0, 0)
    for _ in range(2):
        study_calls.list_calls(CODE, month, "青石镇党委", by=BY)
    (call,) = phone_calls.listed(branch)
    assert call.studies
    assert counted() == (0, 1, 0, 0)
    call_ends.note(branch, call.id, CallEnd.took_part, by=BY)
    assert counted() == (1, 0, 1, 1)
    with reading() as session:
        (row,) = session.exec(select(Participation)).all()
    assert (row.activity, row.how, row.recorded_by) == ("网上党支部：2027年1月的学习内容", "online", BY)
    study_calls.list_calls(CODE, month, "青石镇党委", by=BY)
    assert phone_calls.listed(branch) == []
    with writing(BY) as session:
        one = session.get_one(Member, world[3])
        kept = Member(organisation_id=one.organisation_id, name=one.name, created_at=clock[0], updated_at=clock[0])
        session.add(kept)
        session.flush()
        one.merged_into_id = kept.key
    assert counted() == (1, 0, 1, 1)  # what they were told counts for the record that stays
    with pytest.raises(RuleBroken):
        study_calls.calls(CODE, month, "外地党委")


def test_what_came_of_a_call_to_the_silent_is_noted_for_their_branch_alone(
    world: list[int], clock: list[datetime]
) -> None:
    take_in(example())
    publishing.publish(by=BY)
    for organisation in ("青石镇党委", "一支部"):
        study_links.open_page(CODE, organisation, by=BY)
    clock[0] = datetime(2027, 5, 4, 1, 0, tzinfo=UTC)
    town = scope_of("青石镇党委")
    assert study_calls.list_silent(CODE, "青石镇党委", by=BY) == 3
    assert study_calls.list_silent(CODE, "一支部", by=BY) == 1
    assert [one.member for one in phone_calls.listed(scope_of("一支部"))] == ["欧阳小芳"]
    assert len(phone_calls.listed(town)) == 3
    assert phone_calls.listed(Scope(None)) == []
    first, second, _ = phone_calls.listed(town)
    call_ends.note(town, first.id, CallEnd.no_answer, by=BY)
    call_ends.note(town, second.id, CallEnd.told, by=BY)
    studying.mark_studied(visitor(world[2]), ids_of("真理的味道"))
    assert [one.id for one in phone_calls.listed(town)] == [first.id]
    assert [(one.member, one.noted) for one in study_calls.silent(CODE, "青石镇党委")] == [
        (world[0], "2027-05-04：没人接")
    ]
    clock[0] = datetime(2027, 9, 1, 1, 0, tzinfo=UTC)
    assert "2027-05-04：已告知" in [one.noted for one in study_calls.silent(CODE, "青石镇党委")]


def test_a_month_is_a_reader_in_a_kit(world: list[int], clock: list[datetime]) -> None:
    kit = (
        "code: study\nname: 一月学习\nitems:\n  - {sku: study-01, name: 一月读本, kind: printed, paper: reader, "
        "programme: WSDZB, month: 2027-01, quantity: 1, weight_g: 60}\n"
    ).encode()
    with pytest.raises(BadInput):
        kits.add_kit(kit, by=BY)  # nothing in it yet
    take_in(example())
    assert kits.add_kit(kit, by=BY).added
    assert not kits.add_kit(kit, by=BY).added
    with reading() as session:
        programme = store.by_code(session, code=CODE)
        _, text = study_months.month_reader(session, CODE, date(2027, 1, 1))
    assert programme.id
    assert text.startswith("# 网上党支部（2027年1月）\n## 百年党史天天读\n### 《青年杂志》创刊\n")
    with pytest.raises(BadInput):
        kits.add_kit(kit.replace(b", month: 2027-01", b""), by=BY)


def test_contributions_go_when_their_time_is_over(world: list[int], clock: list[datetime]) -> None:
    take_in(example())
    publishing.publish(by=BY)
    discussions.contribute(visitor(world[0]), ids_of("我为家乡做件事"), "想给村小捐书")
    purging.sweep()
    with reading() as session:
        assert len(session.exec(select(Contribution)).all()) == 1
    with writing(BY) as session:
        for one in session.exec(select(Contribution)):
            one.written_at = datetime(2025, 1, 1, tzinfo=UTC)
            session.add(one)
    purging.sweep()
    with reading() as session:
        assert session.exec(select(Contribution)).all() == []
        assert session.exec(select(Programme)).one().code == CODE
        assert {one.state for one in session.exec(select(StudyItem))} == {StudyState.planned, StudyState.published}
