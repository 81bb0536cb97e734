"""A study programme through its stages: import, publishing, members' acts, discussions, the month."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models import HolidayRule, JournalEntry, Organisation, Participation, StudyState, Subject
from qianli import faults
from qianli.cli.main import execute
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import (
    discussions,
    programme_pages,
    programmes,
    publishing,
    study_items,
    study_links,
    study_lists,
    studying,
)
from qianli.stages.unit import reading, writing
from qianli.store import programmes as store
from qianli.store.scope import Scope
from tests.stages.studying_members import (
    BY,
    CODE,
    DISCUSSION,
    EXAMPLE,
    example,
    ids_of,
    scope_of,
    study_clock,
    study_members,
    take_in,
    visitor,
)

REFUSED, UNREADABLE = 1, 2


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    return study_clock(monkeypatch)


@pytest.fixture
def world(place: Path, clock: list[datetime]) -> list[int]:
    return study_members(clock)


def test_items_come_in_once_and_are_corrected_until_they_are_published(world: list[int], clock: list[datetime]) -> None:
    assert take_in(example()) == (13, 0, 0)
    assert take_in(example()) == (0, 13, 0)
    assert take_in(example().replace("两万多人".encode(), "两万余人".encode())) == (1, 12, 0)
    publishing.publish(by=BY)
    changed = example().replace("谈谈您的想法".encode(), "谈谈".encode())
    assert take_in(changed)[2] == 1
    without_day = (
        "栏目,标题,正文\n百年党史天天读,甲,正文\n百年党史天天读,乙,正文\n聆听党史故事,丙,𪚥𪚥龘正文\n党史,丁,正文\n"
    )
    assert take_in(without_day.encode(), "a.csv")[2] == 1
    days = {one.title: one.planned_on for one in programmes.items(CODE)}
    assert (days["甲"], days["乙"], days["丙"]) == (date(2027, 1, 12), date(2027, 1, 13), date(2027, 2, 1))


def test_publishing_twice_is_publishing_once_and_an_outage_floods_nobody(
    world: list[int], clock: list[datetime]
) -> None:
    take_in(example())
    (first,) = publishing.publish(by=BY)
    assert (first.items, first.announced) == (3, 3)
    assert publishing.publish(by=BY) == []
    clock[0] = datetime(2027, 1, 12, 1, 0, tzinfo=UTC)
    (later,) = publishing.publish(by=BY)
    assert (later.items, later.announced) == (8, 2)
    with reading() as session:
        told = [one for one in programmes.items(CODE) if one.announce and one.title in ("遵义会议", "半条被子")]
        assert len(told) == 2
        query = select(JournalEntry.why).where(
            JournalEntry.subject == Subject.programme, JournalEntry.what == "published"
        )
        assert list(session.exec(query)) == [
            "百年党史天天读 1 篇，聆听党史故事 1 篇，季度讨论 1 篇", "百年党史天天读 7 篇，聆听党史故事 1 篇",
        ]  # fmt: skip


def test_cut_off_before_the_commit_everything_is_due_again(world: list[int], clock: list[datetime]) -> None:
    take_in(example())

    def stop(point: str) -> None:
        if point == "before commit":
            raise KeyboardInterrupt

    faults.arm(stop)
    with pytest.raises(KeyboardInterrupt):
        publishing.run(publishing.shards()[0])
    faults.arm(None)
    assert {one.state for one in programmes.items(CODE)} == {StudyState.planned}
    publishing.run(publishing.shards()[0])
    assert publishing.shards() == []
    assert sum(one.announce for one in programmes.items(CODE)) == 3


def test_a_mark_is_participation_and_is_taken_back(world: list[int], clock: list[datetime]) -> None:
    take_in(example())
    publishing.publish(by=BY)
    me, item = visitor(world[0]), ids_of("真理的味道")
    assert studying.mark_studied(me, item)
    clock[0] = datetime(2027, 1, 5, 1, 0, tzinfo=UTC)
    assert not studying.mark_studied(me, item)
    with reading() as session:
        (row,) = session.exec(select(Participation)).all()
        assert (row.activity, row.held_on, row.how) == ("聆听党史故事：真理的味道", date(2027, 1, 4), "online")
    assert study_items.item_page(me, item).studied_on == date(2027, 1, 4)
    assert study_lists.list_page(me).studied == 1
    assert studying.take_back(me, item)
    assert not studying.take_back(me, item)
    assert study_lists.list_page(me).studied == 0
    with pytest.raises(NotFound):
        studying.mark_studied(me, ids_of("古田会议"))  # not published yet


def test_one_person_one_contribution_shown_after_release(world: list[int], clock: list[datetime]) -> None:
    take_in(example())
    publishing.publish(by=BY)
    me, other, item = visitor(world[0]), visitor(world[1]), ids_of("我为家乡做件事")
    discussions.contribute(me, item, "想给村小捐书")
    discussions.contribute(me, item, "想给村小捐一批书")
    with pytest.raises(BadInput):
        discussions.contribute(me, item, "  ")
    with pytest.raises(RuleBroken):
        discussions.contribute(me, ids_of("真理的味道"), "不是讨论")
    assert study_items.item_page(other, item).voices == []
    (waiting,) = discussions.contributions(CODE, "青石镇党委", released=False)
    with pytest.raises(NotFound):
        discussions.release(CODE, "一支部", {waiting.id: waiting.version}, by=BY)
    assert discussions.release(CODE, "青石镇党委", {waiting.id: waiting.version}, by=BY) == 1
    assert discussions.release(CODE, "青石镇党委", {waiting.id: waiting.version}, by=BY) == 0
    assert study_items.item_page(other, item).voices == [discussions.Voice("张*", "想给村小捐一批书")]
    assert study_items.item_page(visitor(world[3], "一支部"), item).voices == []  # another group's
    with pytest.raises(RuleBroken):
        discussions.contribute(me, item, "改一改")
    assert discussions.take_back(me, item)
    assert study_items.item_page(other, item).voices == []


def test_only_what_the_branch_has_read_is_released(world: list[int], clock: list[datetime]) -> None:
    take_in(example())
    publishing.publish(by=BY)
    me, item, scope = visitor(world[0]), ids_of("我为家乡做件事"), scope_of("青石镇党委")
    discussions.contribute(me, item, "想给村小捐书")
    (seen,) = programme_pages.look(scope, CODE, with_members=True).contributions
    discussions.contribute(me, item, "想说的是别的")
    with pytest.raises(RuleBroken, match="改过"):
        programme_pages.release(scope, CODE, seen.id, read=seen.version, by=BY)
    assert study_items.item_page(visitor(world[1]), item).voices == []
    (seen,) = programme_pages.look(scope, CODE, with_members=True).contributions
    discussions.contribute(me, item, "想说的又是别的")
    typed = ["programme", "release", CODE, "青石镇党委"]
    assert execute([*typed, f"{seen.id}:{seen.version}"]) == REFUSED
    assert execute([*typed, str(seen.id)]) == UNREADABLE
    assert study_items.item_page(visitor(world[1]), item).voices == []
    (seen,) = discussions.contributions(CODE, "青石镇党委")
    assert execute([*typed, f"{seen.id}:{seen.version}"]) == 0
    assert [one.text for one in study_items.item_page(visitor(world[1]), item).voices] == ["想说的又是别的"]


def test_who_is_silent_is_named_to_their_own_branch_alone(world: list[int], clock: list[datetime]) -> None:
    take_in(example())
    publishing.publish(by=BY)
    for organisation in ("青石镇党委", "一支部"):
        study_links.open_page(CODE, organisation, by=BY)
    with writing(BY) as session:
        above = Organisation(name="青石县委")
        session.add(above)
        session.flush()
        session.exec(select(Organisation).where(Organisation.name == "青石镇党委")).one().parent_id = above.key
    clock[0] = datetime(2027, 5, 1, 1, 0, tzinfo=UTC)

    def named(scope: Scope) -> int | None:
        calls = programme_pages.look(scope, CODE, with_members=True).calls
        return None if calls is None else len(calls)

    assert named(scope_of("一支部")) == 1
    assert named(scope_of("青石镇党委")) == 3
    assert named(scope_of("青石县委")) is None
    assert named(Scope(None)) is None


def test_links_lead_to_their_own_page_only(world: list[int], clock: list[datetime]) -> None:
    town, branch = visitor(world[0]), visitor(world[3], "一支部")
    assert town.member
    assert branch.member
    with pytest.raises(NotFound):
        study_links.visitor(branch.token, town.code, address="1.2.3.4")  # no member of the branch
    assert world[4] not in {one.member for one in study_links.own_links(CODE, "青石镇党委", by=BY)}
    with pytest.raises(RuleBroken):
        study_links.open_page(CODE, "外地党委", by=BY)
    assert study_links.close_page(CODE, "青石镇党委", by=BY)
    with pytest.raises(NotFound):
        study_links.visitor(town.token, None, address="1.2.3.4")
    assert visitor(world[0]).token != town.token
    assert visitor(world[0]).code == town.code


def test_a_column_can_be_changed(world: list[int]) -> None:
    content = (EXAMPLE / "programme.yaml").read_bytes().replace(b"holidays: skip", b"holidays: publish")
    assert programmes.add(content + DISCUSSION.encode(), organisation="青石镇党委", by=BY).changed
    with reading() as session:
        programme = store.by_code(session, code=CODE)
        rules = {one.holidays for one in store.columns(session, programme_id=programme.key)}
    assert rules == {HolidayRule.publish}
