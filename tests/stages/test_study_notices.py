"""Notices of what is published: once, to whom they are for, taken back with a wish, a page or a code."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import Case, Contribution, Member, Message, MessageEnd, Organisation
from qianli import faults
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.stages import (
    artefacts,
    merging,
    message_cases,
    message_sheets,
    message_words,
    programmes,
    publishing,
    purging,
    study_importing,
    study_links,
    study_telling,
    studying,
    unit,
)
from qianli.stages.story import story
from qianli.stages.unit import reading, writing
from qianli.store import message_facts
from qianli.store import study_notices as store
from qianli.testing import World, make_world, workspace

BY, CODE, TOWN, BRANCH = "user:李主任", "WSDZB", "青石镇党委", "一支部"
PROGRAMME = b"code: WSDZB\nname: a\ncolumns:\n  - {name: \xe8\xaf\xbb, rhythm: daily}\n"
ACCOUNTS = {
    "CHANNELS__SMS__CHANNEL": "tencent_sms", "CHANNELS__SMS__SECRET_ID": "a", "CHANNELS__SMS__SECRET_KEY": "b",
    "CHANNELS__SMS__SDK_APP_ID": "1400006666", "CHANNELS__SMS__SIGN_NAME": "千里",
    "CHANNELS__ROBOT__CHANNEL": "wecom_robot", "CHANNELS__ROBOT__KEY": "k",
}  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    at = [datetime(2027, 1, 4, 1, 0, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # noqa: ARG003 - one zone
            return at[0]

    monkeypatch.setattr(unit, "datetime", Clock)
    return at


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def world(request: pytest.FixtureRequest, tmp_path: Path, clock: list[datetime]) -> Iterator[World]:
    """Three members of the town, the third of its branch; both have pages and the town's group a robot."""
    with workspace(tmp_path, database=request.param, **ACCOUNTS):
        with writing(BY) as session:
            found = make_world(session)
            branch = Organisation(name=BRANCH, parent_id=found.organisation)
            session.add(branch)
            session.flush()
            session.get_one(Member, found.members[2]).organisation_id = branch.key
        programmes.add(PROGRAMME, organisation=TOWN, by=BY)
        days = "".join(f"读,第{day}天,读一读,2027-01-{day:02d}\n" for day in range(4, 20))
        study_importing.import_items(CODE, f"栏目,标题,正文,计划日期\n{days}".encode(), filename="a.csv", by=BY)
        for organisation in (TOWN, BRANCH):
            study_links.open_page(CODE, organisation, by=BY)
        study_telling.group_through(CODE, TOWN, "robot", by=BY)
        study_telling.members_through(CODE, "sms", by=BY)
        study_telling.note_wanted(CODE, [str(one) for one in found.members[1:]], wanted=True, by=BY)
        yield found


def rows() -> list[Message]:
    with reading() as session:
        found = list(session.exec(select(Message).order_by("id")))
        session.expunge_all()
    return found


def waiting() -> list[tuple[int | None, str, int]]:
    return [(one.member_id, one.channel, one.details["count"]) for one in rows() if one.cancelled_at is None]


def test_what_waits_tells_of_more_and_nothing_is_told_twice(world: World, clock: list[datetime]) -> None:
    _, second, third = world.members
    publishing.publish(by=BY)
    publishing.publish(by=BY)
    assert waiting() == [(None, "robot", 1), (second, "sms", 1), (third, "sms", 1)]
    clock[0] = datetime(2027, 1, 5, 1, 0, tzinfo=UTC)
    publishing.publish(by=BY)  # the provider was away since
    assert waiting() == [(None, "robot", 2), (second, "sms", 2), (third, "sms", 2)]
    with writing(BY) as session:
        session.execute(sa.update(Message).values(asked_at=clock[0], answered_at=clock[0]))
    clock[0] = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
    publishing.publish(by=BY)  # of three days the newest only
    late = rows()[3:]
    assert [(one.member_id, one.details["count"]) for one in late] == [(None, 1), (second, 1), (third, 1)]
    assert [one.due_at.day for one in late] == [8, 12, 12]  # a week after the last one, for members


def test_notices_by_hand_stand_on_one_sheet_and_go_when_they_are_old(world: World, clock: list[datetime]) -> None:
    study_telling.group_through(CODE, TOWN, "file", by=BY)
    study_telling.members_through(CODE, "file", by=BY)
    publishing.publish(by=BY)
    (sheet,) = message_sheets.give_out_study(CODE, by=BY)
    assert (sheet.messages, message_sheets.give_out_study(CODE, by=BY)) == (3, [])
    path = f"study/{CODE}/messages-{rows()[0].key:06d}.xlsx"
    content = artefacts.fetch(path)
    table = openpyxl.load_workbook(io.BytesIO(content)).active
    listed = [row for row in table.iter_rows(values_only=True) if str(row[0]).startswith("study-")]
    names = ["青石镇党委的群", "欧阳小芳", "阿依古丽·买买提"]
    assert [(row[1], "https://qianli.example/s/" in row[3]) for row in listed] == [(name, True) for name in names]
    filled = "编号,结果\n" + "".join(f"{row[0]},已发\n" for row in listed)
    assert message_sheets.results(filled.encode(), "a.csv", by=BY).sent == 3
    clock[0] = datetime(2027, 1, 5, 1, 0, tzinfo=UTC)
    publishing.publish(by=BY)
    (sheet,) = message_sheets.give_out_study(CODE, by=BY)
    assert sheet.messages == 1  # the group's: members had one this week
    clock[0] = datetime(2028, 2, 4, 1, 0, tzinfo=UTC)
    purging.sweep()
    assert rows() == []
    with pytest.raises(FileNotFoundError):
        artefacts.fetch(path)


def test_what_is_withdrawn_is_told_of_no_more(world: World, clock: list[datetime]) -> None:
    _, second, third = world.members
    publishing.publish(by=BY)
    clock[0] = datetime(2027, 1, 5, 1, 0, tzinfo=UTC)
    publishing.publish(by=BY)
    first, later = (one.id for one in programmes.items(CODE)[:2])
    for _ in range(2):
        programmes.withdraw(CODE, first, reason="有错字", by=BY)
    assert waiting() == [(None, "robot", 1), (second, "sms", 1), (third, "sms", 1)]
    with writing(BY) as session:  # the second member was told already
        session.execute(sa.update(Message).where(sa.column("member_id") == second).values(asked_at=clock[0]))
    programmes.withdraw(CODE, later, reason="有错字", by=BY)
    assert waiting() == [(second, "sms", 1)]
    assert {one.cancel_reason for one in rows() if one.cancelled_at} == {MessageEnd.withdrawn}


def test_cut_off_before_the_commit_nothing_is_published_and_nothing_told(world: World) -> None:
    def stop(point: str) -> None:
        if point == "before commit":
            raise KeyboardInterrupt

    faults.arm(stop)
    with pytest.raises(KeyboardInterrupt):
        publishing.publish(by=BY)
    faults.arm(None)
    assert rows() == []
    publishing.publish(by=BY)
    assert len(rows()) == 3


def test_the_link_in_it_leads_to_the_members_own_page(world: World) -> None:
    publishing.publish(by=BY)
    with reading() as session:
        standing = message_facts.standing(session, ids=[one.key for one in rows()])
        group, second, third = (message_words.link(one) for one in standing)
    assert group == study_links.open_page(CODE, TOWN, by=BY).url
    for link, organisation in ((second, TOWN), (third, BRANCH)):
        assert len(link) == len("https://qianli.example/s/") + 10
        path = study_links.page_of(link.rpartition("/")[2], address="1.2.3.4")
        own = study_links.open_page(CODE, organisation, by=BY).url
        assert f"https://qianli.example{path}".startswith(own + "/")
    with pytest.raises(NotFound):
        study_links.page_of("2222222222", address="1.2.3.4")


def test_who_wants_no_more_is_not_told_of_what_waits(world: World) -> None:
    _, second, third = world.members
    publishing.publish(by=BY)
    url = next(one.url for one in study_links.own_links(CODE, TOWN, by=BY) if one.member == second)
    visitor = study_links.visitor(*url.split("/")[-2:], address="1.2.3.4")
    studying.wish_notices(visitor, wanted=False)
    studying.wish_notices(visitor, wanted=False)
    assert waiting() == [(None, "robot", 1), (third, "sms", 1)]
    assert {one.cancel_reason for one in rows()} == {None, MessageEnd.withdrawn}
    assert study_links.close_page(CODE, TOWN, by=BY)
    assert waiting() == [(third, "sms", 1)]  # their branch has a page of its own
    study_telling.members_through(CODE, "", by=BY)
    assert waiting() == []


def test_nobody_is_sent_a_link_to_a_closed_page(world: World) -> None:
    _, second, third = world.members
    publishing.publish(by=BY)
    study_links.close_page(CODE, BRANCH, by=BY)
    assert waiting() == [
        (None, "robot", 1),
        (second, "sms", 1),
        (third, "sms", 1),
    ]  # the town's page is the third's too
    study_links.close_page(CODE, TOWN, by=BY)
    assert waiting() == []


def test_a_code_taken_back_leads_nowhere(world: World) -> None:
    second = world.members[1]
    publishing.publish(by=BY)
    old = next(one.url for one in study_links.own_links(CODE, TOWN, by=BY) if one.member == second)
    assert study_telling.revoke(CODE, str(second), by=BY)
    assert study_telling.revoke(CODE, str(world.members[1]), by=BY)
    with pytest.raises(NotFound):
        study_links.visitor(*old.split("/")[-2:], address="1.2.3.4")
    new = next(one.url for one in study_links.own_links(CODE, TOWN, by=BY) if one.member == second)
    assert study_links.visitor(*new.split("/")[-2:], address="1.2.3.4").member
    assert second not in {member for member, _, _ in waiting()}


def test_only_an_account_that_is_on_and_fits_is_taken(world: World) -> None:
    with pytest.raises(NotFound):
        study_telling.members_through(CODE, "wechat", by=BY)
    with pytest.raises(BadInput):
        study_telling.members_through(CODE, "robot", by=BY)
    with pytest.raises(BadInput):
        study_telling.group_through(CODE, TOWN, "sms", by=BY)
    with writing(BY) as session:
        session.get_one(Member, world.members[0]).phone = None
    with pytest.raises(RuleBroken):
        study_telling.note_wanted(CODE, [str(world.members[0])], wanted=True, by=BY)


def test_merged_records_keep_what_was_wished_and_said(world: World) -> None:
    first, second, _ = world.members
    publishing.publish(by=BY)
    with writing(BY) as session:
        session.add(Contribution(item_id=1, member_id=second, text="想给村小捐书", written_at=datetime.now(UTC)))
    old = next(one.url for one in study_links.own_links(CODE, TOWN, by=BY) if one.member == second)
    merging.merge(str(first), str(second), by=BY)
    assert study_links.visitor(*old.split("/")[-2:], address="1.2.3.4").member.id == first
    with reading() as session:
        assert session.exec(select(Contribution.member_id)).all() == [first]
        assert first in {one.member_id for one in store.wanting(session, programme_id=1)}
    merging.unmerge(str(second), by=BY)
    with reading() as session:
        assert session.exec(select(Contribution.member_id)).all() == [second]


def test_the_journal_tells_of_a_programme_and_of_a_code(world: World) -> None:
    publishing.publish(by=BY)
    study_telling.revoke(CODE, str(world.members[1]), by=BY)
    found = story(CODE)
    assert found.kind == "programme"
    assert {"added", "published", "members told", "group told"} <= {line.what for line in found.lines}
    assert "study link revoked" in {line.what for line in story(str(world.members[1])).lines}


def test_notices_go_when_their_time_is_over(world: World, clock: list[datetime]) -> None:
    publishing.publish(by=BY)
    purging.sweep()
    assert len(rows()) == 3
    with writing(BY) as session:
        settled, unclear = (one.key for one in rows()[1:])
        session.execute(sa.update(Message).where(sa.column("member_id").is_not(None)).values(unclear_at=clock[0]))
        message_cases.open_about(session, [settled, unclear], at=clock[0])
    message_cases.settle(rows()[1].sending_key, sent=True, by=BY)
    clock[0] = datetime(2028, 1, 4, 1, 0, tzinfo=UTC)
    purging.sweep()
    assert rows() == []
    with reading() as session:
        assert session.exec(select(Case)).all() == []
