"""The monthly review: told by branch, sent back and taken in row by row, made once."""

import io
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import select

from models import AddressStatus, Artefact, ArtefactKind, CampaignState, Member, Organisation
from qianli.cli import main
from qianli.ledger.review import Numbers
from qianli.stages import reviewing
from qianli.stages.artefacts import fetch
from qianli.stages.importing import import_members
from qianli.stages.unit import reading, today, writing
from qianli.testing import World, add_member, counted, make_world

BY, HOME = "user:test", "青石镇党委"
TROUBLE: list[dict[str, object]] = [
    {},
    {"phone": None},
    {"phone": None, "phone_written": "139"},
    {"reported_on": date(2024, 1, 1)},
    {"status": AddressStatus.incomplete},
    {"do_not_contact": True},
    {"deceased_on": date(2026, 1, 1)},
]


@pytest.fixture
def world(place: Path) -> World:
    """A branch with one trouble a member, and another branch without any, which said nothing this month."""
    with writing(BY) as session:
        made = make_world(session, members=0, state=CampaignState.draft, stage=None)
        quiet = Organisation(name="云岭村党支部", parent_id=made.organisation)
        session.add(quiet)
        session.flush()
        for number, trouble in enumerate(TROUBLE, start=1):
            add_member(session, made, number, **trouble)
        add_member(session, made, 9, organisation_id=quiet.key)
    return made


def sheet(review: reviewing.Review) -> list[list[object]]:
    """The rows of the first branch's file, below its notice."""
    assert review.branches[0].path is not None
    content = fetch(review.branches[0].path.rpartition("documents/")[2])
    rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, values_only=True)
    return [list(row) for row in rows]


def sent_back(world: World, rows: list[list[object]]) -> object:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return import_members(target.getvalue(), filename="改好.xlsx", organisation=HOME, by=BY)


def test_each_branch_is_told_what_to_look_at(world: World) -> None:
    found = reviewing.review(by=BY)
    first, second = found.branches
    assert first.numbers == Numbers(members=6, moved=0, stale=1, without_address=1, out_of_reach=3)
    assert (second.numbers.members, second.path, second.reported) == (1, None, False)
    assert found.silent == [HOME, f"{HOME}/云岭村党支部"]
    titles, *rows = sheet(found)
    assert titles[:3] == ["行标识", "姓名", "出生日期"]
    reasons = [row[titles.index("原因")] for row in rows]
    assert reasons == [
        "没有联系电话。", "电话号码不对。", "地址太久没有核实。", "地址不完整或有多种读法。", "本人要求不再联系。",
    ]  # fmt: skip


def test_what_is_sent_back_is_taken_by_row(world: World) -> None:
    """Only changed cells count, and a row whose member was changed meanwhile is refused."""
    titles, *rows = sheet(reviewing.review(by=BY))
    phone, occupied = titles.index("手机号"), rows[1]
    rows[0][phone], occupied[phone] = "13912340000", "13912340001"
    with writing(BY) as session:
        session.get_one(Member, world.members[2]).version = 2
    result = sent_back(world, [titles, *rows])
    assert (result.changed, len(result.rejected)) == (1, 1)
    with reading() as session:
        assert session.get_one(Member, world.members[1]).phone == "+8613912340000"
        assert session.get_one(Member, world.members[2]).phone is None


def test_made_once_and_who_reported_is_known(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    first = reviewing.review(by=BY)
    with reading() as session:
        before = {one.path: one.sha256 for one in session.exec(select(Artefact))}
        kinds = {one.kind for one in session.exec(select(Artefact))}
    assert kinds == {ArtefactKind.ledger_review}
    assert len(before) == 2
    assert main.execute(["ledger", "no-change", f"{HOME}/云岭村党支部"]) == 0
    titles, *rows = sheet(first)
    rows[0][titles.index("手机号")] = "13912340000"
    sent_back(world, [titles, *rows])
    again = reviewing.review(by=BY)
    assert again.silent == []
    assert again.branches[0].numbers.out_of_reach == 2
    with reading() as session:
        after = {one.path: one.sha256 for one in session.exec(select(Artefact)) if one.path in before}
    assert after == before
    assert main.execute(["ledger", "review", "--organisation", HOME]) == 0
    said = capsys.readouterr().out
    assert "各组织本月都报送了台账。" in said
    assert f"{world.organisation}.pdf" in "".join(said.split())


def test_the_scheduled_review_looks_at_the_month_that_ended(world: World) -> None:
    yesterday = today() - timedelta(days=1)
    assert len(reviewing.branch_shards()) == 2
    for shard in reviewing.branch_shards():
        reviewing.branch_run(shard)
    assert reviewing.office_shards() == [reviewing.OFFICE]
    reviewing.office_run(reviewing.OFFICE)
    assert reviewing.office_shards() == []
    with reading() as session:
        paths = {one.path for one in session.exec(select(Artefact))}
    assert paths == {f"review/{yesterday}/office.pdf", f"review/{yesterday}/branch-{world.organisation}.xlsx"}


def test_statements_do_not_grow_with_members(world: World) -> None:
    def statements(on: date) -> int:
        with counted() as sent:
            reviewing.review(on=on, by=BY)
        return len(sent)

    before = statements(today() - timedelta(days=2))
    with writing(BY) as session:
        for number in range(10, 40):
            add_member(session, world, number, phone=None)
    assert statements(today() - timedelta(days=3)) == before
