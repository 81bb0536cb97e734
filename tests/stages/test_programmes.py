"""A study programme through its stages: import, publishing, members' acts, discussions, the month."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models import (
    CallEnd,
    Contribution,
    HolidayRule,
    JournalEntry,
    Member,
    Organisation,
    Participation,
    Programme,
    StudyItem,
    StudyState,
    Subject,
)
from qianli import faults
from qianli.cli.main import execute
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.settings import ROOT
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
    study_importing,
    study_items,
    study_links,
    study_lists,
    study_months,
    studying,
    unit,
)
from qianli.stages.unit import reading, writing
from qianli.store import organisations
from qianli.store import programmes as store
from qianli.store.scope import Scope
from qianli.testing import make_world

BY, CODE = "user:李主任", "WSDZB"
REFUSED, UNREADABLE = 1, 2
EXAMPLE = ROOT / "examples/study"
DISCUSSION = "  - {name: 季度讨论, rhythm: quarterly, discussion: true}\n"
TALK = "## 季度讨论\n### 我为家乡做件事\n日期：2027-01-04\n谈谈您的想法。\n"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The instant it is; tests put another one in."""
    at = [datetime(2027, 1, 4, 1, 0, tzinfo=UTC)]
    for module in (
        unit,
        programmes,
        publishing,
        study_links,
        studying,
        discussions,
        study_calls,
        study_closing,
        phone_calls,
        call_ends,
    ):
        monkeypatch.setattr(module, "now", lambda: at[0])
    return at


@pytest.fixture
def world(place: Path, clock: list[datetime]) -> list[int]:
    """Three members of 青石镇党委 and one of the branch below it; the example's programme with a discussion."""
    with writing(BY) as session:
        made = make_world(session)
        branch = Organisation(name="一支部", parent_id=made.organisation)
        other = Organisation(name="外地党委")
        session.add_all([branch, other])
        session.flush()
        member = Member(organisation_id=branch.key, name="欧阳小芳", created_at=clock[0], updated_at=clock[0])
        member.details = {"smartphone": "否"}
        stranger = Member(organisation_id=other.key, name="赵敏", created_at=clock[0], updated_at=clock[0])
        session.add_all([member, stranger])
        session.flush()
        ids = [*made.members, member.key, stranger.key]
    content = (EXAMPLE / "programme.yaml").read_bytes() + DISCUSSION.encode()
    assert programmes.add(content, organisation="青石镇党委", by=BY).added
    assert not programmes.add(content, organisation="青石镇党委", by=BY).changed
    return ids


def take_in(content: bytes, name: str = "items.md") -> tuple[int, int, int]:
    done = study_importing.import_items(CODE, content, filename=name, by=BY)
    return done.accepted, done.unchanged, len(done.rejected)


def example() -> bytes:
    return (EXAMPLE / "items.md").read_bytes() + TALK.encode()


def visitor(member_id: int, organisation: str = "青石镇党委") -> study_links.Visitor:
    study_links.open_page(CODE, organisation, by=BY)
    url = next(one.url for one in study_links.own_links(CODE, organisation, by=BY) if one.member == member_id)
    return study_links.visitor(*url.split("/")[-2:], address="1.2.3.4")


def ids_of(title: str) -> int:
    return next(one.id for one in programmes.items(CODE) if one.title == title)


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


def scope_of(organisation: str) -> Scope:
    with reading() as session:
        return Scope(organisations.by_name(session, name=organisation).key)


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


def test_a_column_can_be_changed(world: list[int]) -> None:
    content = (EXAMPLE / "programme.yaml").read_bytes().replace(b"holidays: skip", b"holidays: publish")
    assert programmes.add(content + DISCUSSION.encode(), organisation="青石镇党委", by=BY).changed
    with reading() as session:
        programme = store.by_code(session, code=CODE)
        rules = {one.holidays for one in store.columns(session, programme_id=programme.key)}
    assert rules == {HolidayRule.publish}
