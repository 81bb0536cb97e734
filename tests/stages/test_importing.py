"""Importing ledgers, from bytes to rows."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models import AddressStatus, JournalEntry, Member, Residence
from qianli import faults
from qianli.addresses.sameness import same_place_key
from qianli.errors import BadInput
from qianli.ledger.cells import text
from qianli.ledger.out import write_xlsx
from qianli.ledger.sheets import read_sheets
from qianli.settings import settings
from qianli.stages.importing import import_members
from qianli.stages.members import list_members
from qianli.stages.unit import reading
from qianli.store import residences
from qianli.store.session import engine
from qianli.testing import count_points
from tests.stages.ledger_rows import (
    CORRECTION,
    HANGZHOU,
    LETTERS,
    ORGANISATION,
    STUDY,
    TITLES,
    everything,
    person,
    rows,
    stays,
    take_in,
    the_member,
    whats,
)

DELIVERY_ON = date(2027, 1, 20)


def test_the_letter_ledger(place: Path) -> None:
    result = take_in(LETTERS)
    assert (result.added, result.changed, result.unchanged, result.rejected, result.fix_file) == (9, 0, 0, [], None)
    said = [(one.row, one.column) for one in result.notices if "今天之后" not in one.reason]  # the files never grow old
    assert said == [(0, ""), (11, "家庭住址"), (13, "手机号")]
    with reading() as session:
        members = {one.name: one for one in session.exec(select(Member))}
        homes = residences.in_force(session, member_ids=[one.key for one in members.values()], on=DELIVERY_ON)
        session.expunge_all()
    assert all(one.away_since and one.occupation and one.born_on and one.joined_on for one in members.values())
    assert members["阿依努尔·热合曼"].phone == "+8613900001203"
    assert members["田贵生"].phone_written == "1390000120"
    assert members["罗正华"].details["full_member_on"] == "2009-06-20"
    good = [homes[one.key] for one in members.values() if one.phone and one.key in homes]
    assert len({one.province for one in good if one.reported_on.year == 2026}) == 6
    assert {one.status for one in good} == {AddressStatus.exact}
    assert [one.reported_on for one in good if one.reported_on.year == 2025] == [date(2025, 1, 8)]


def test_the_study_ledger_has_one_dormitory(place: Path) -> None:
    result = take_in(STUDY, "临溪镇石门村党支部")
    assert (result.added, len(result.rejected)) == (8, 0)
    with reading() as session:
        found = [one for one in session.exec(select(Residence)) if one.district == "晋江市"]
        assert len({one.written for one in found}) == 3
        assert len({same_place_key(one.province, one.city, one.district, one.detail) for one in found}) == 1
        assert {one.province for one in found} == {"福建省"}


@pytest.mark.parametrize("path", [LETTERS, STUDY])
def test_the_same_file_twice_changes_nothing_at_all(place: Path, path: Path) -> None:
    first = take_in(path)
    before = everything()
    again = take_in(path)
    assert (again.added, again.changed, again.unchanged) == (0, 0, first.added)
    assert everything() == before


def test_the_correction_brings_the_missing_address(place: Path) -> None:
    take_in(LETTERS)
    assert stays("龙小军") == []
    result = take_in(CORRECTION)
    assert (result.added, result.changed, result.rejected) == (0, 1, [])
    assert [one.column for one in result.notices if "今天之后" not in one.reason] == []
    assert [one[1] for one in stays("龙小军")] == [date(2027, 1, 11)]
    with reading() as session:
        member = the_member(session, "龙小军")
        assert (member.version, member.occupation) == (2, "建筑工人")
    before = everything()
    assert take_in(LETTERS).changed == 0
    assert everything() == before


def test_changed_values_and_empty_cells(place: Path) -> None:
    rows(person(job="工人"))
    assert rows(person(phone="", address="", known="")).unchanged == 1
    assert rows(person(phone=13900009999, job="教师")).changed == 1
    wrong = rows(person(phone=139))
    assert (wrong.unchanged, wrong.notices[0].reason[-10:]) == (1, "仍用台账里原有的号码")
    with reading() as session:
        member = the_member(session)
        assert (member.phone, member.occupation, member.version) == ("+8613900009999", "教师", 2)
    assert whats() == {"imported": 1, "changed": 1}


def test_absence_removes_nobody(place: Path) -> None:
    rows(person("张伟"), person("李娜"))
    assert rows(person("张伟")).unchanged == 1
    assert len(list_members()) == 2


def test_bad_rows_go_to_the_fix_it_file_and_come_back_mended(place: Path) -> None:
    bad = ["<b>李娜</b>", "去年", 13900001202, HANGZHOU, "2026-10-01", "=1+1"]
    result = rows(person(), bad)
    assert result.added == 1
    assert [(one.sheet, one.row, one.column) for one in result.rejected] == [
        ("台账", 3, "姓名"),
        ("台账", 3, "出生日期"),
    ]
    assert result.fix_file is not None
    content = Path(result.fix_file).read_bytes()
    [_, row] = read_sheets(content, filename="待改.xlsx")[0].rows
    reason, *cells = (text(cell) for cell in row)
    assert "姓名:姓名里有不能用的字符" in reason
    assert "出生日期:日期读不懂" in reason
    assert cells == ["<b>李娜</b>", "去年", "13900001202", HANGZHOU, "2026-10-01", "=1+1", "台账", "3"]
    assert rows(person(), bad).fix_file == result.fix_file
    mended = write_xlsx([("1 台账", ["问题（改好后再导入本表）", *TITLES, "原工作表", "原行号"], [
        [reason, "李娜", "1990-01-01", *cells[2:]],
    ])])  # fmt: skip
    again = import_members(mended, filename="待改.xlsx", organisation=ORGANISATION, by="user:test")
    assert (again.added, again.rejected, again.notices) == (1, [], [])


def test_rows_that_are_unclear_go_back(place: Path) -> None:
    rows(person())
    result = rows(["张伟", "", 13900005555, HANGZHOU, "", ""])
    assert (result.added, result.changed, result.unchanged) == (0, 0, 0)
    assert [(one.row, one.column) for one in result.rejected] == [(2, "姓名")]
    assert "分不清" in result.rejected[0].reason


def test_a_dry_run_says_the_same_and_writes_nothing(place: Path) -> None:
    before = everything()
    tried = rows(
        person(), ["", "", "", "", "", ""], person("李娜", phone=1), ["王强", "x", "", "", "", ""], dry_run=True
    )
    assert everything() == before
    assert not (place / "documents").exists()
    done = rows(person(), ["", "", "", "", "", ""], person("李娜", phone=1), ["王强", "x", "", "", "", ""])
    assert tried.fix_file is None
    assert (tried.added, tried.rejected, tried.notices) == (done.added, done.rejected, done.notices)


def test_identity_card_numbers_are_nowhere(place: Path, caplog: pytest.LogCaptureFixture) -> None:
    number = "52010319850312101X"
    titles = [*TITLES, "公民身份证号", "备注"]
    result = rows(
        [*person(), number, f"证号{number}"],
        [*person("李娜", phone=number), number, ""],
        [*person("王强<>", phone=number), number, number],
        titles=titles,
    )
    assert result.fix_file is not None
    fixed = read_sheets(Path(result.fix_file).read_bytes(), filename="a.xlsx")
    kept = f"{everything()}{result}{fixed}{caplog.text}"
    assert number[:17] not in kept
    assert "公民身份证号" not in f"{fixed}"


def test_nothing_personal_in_the_journal(place: Path) -> None:
    rows(person())
    rows(person(address=HANGZHOU, known="2026-12-01"))
    with reading() as session:
        said = {(one.what, one.was, one.why) for one in session.exec(select(JournalEntry))}
    told = {(what, None, "导入党员台账") for what in ("imported", "moved", "reported")}
    assert said == {("added", None, ""), *told}


def test_statements_do_not_grow_with_members(place: Path) -> None:
    counts = []
    for size in (3, 300):
        people = [person(f"党员{chr(0x4E00 + number)}", known="") for number in range(size)]
        moved = [[*row[:3], HANGZHOU, "2026-12-01", row[5]] for row in people]
        counts += [statements(people), statements(moved)]
    assert counts[2] <= counts[0] + 2
    assert counts[3] <= counts[1] + 2


def statements(people: list[list[Any]]) -> int:
    seen: list[str] = []
    bound = engine(settings().database_url)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(bound, "before_cursor_execute", note)
    try:
        rows(*people)
    finally:
        sa.event.remove(bound, "before_cursor_execute", note)
    return len(seen)


def test_all_or_nothing_and_again(place: Path) -> None:
    """Cut off at any point, the same import run again ends in the same place."""

    class Cut(Exception):
        pass

    points = count_points()
    rows(person(), ["王强", "x", "", "", "", ""])
    total = len(points)
    assert total >= 6
    faults.arm(None)
    for stop in range(1, total + 1):
        seen = 0

        def hook(_point: str, stop: int = stop) -> None:
            nonlocal seen
            seen += 1
            if seen == stop:
                raise Cut

        name = f"李{chr(0x4E00 + stop)}"
        faults.arm(hook)
        with pytest.raises(Cut):
            rows(person(name), ["王强", "x", "", "", "", ""])
        faults.arm(None)
        result = rows(person(name), ["王强", "x", "", "", "", ""])
        assert result.added + result.unchanged == 1
        assert result.fix_file is not None
        assert Path(result.fix_file).exists()
        assert len([one for one in list_members() if one.name == name]) == 1


def test_the_list_masks_phones(place: Path) -> None:
    take_in(LETTERS)
    lines = {one.name: one for one in list_members(organisation=ORGANISATION)}
    assert lines["罗正华"].phone == "139******01"
    assert lines["罗正华"].lives_in == "广东省深圳市宝安区"
    assert lines["田贵生"].phone is None
    assert lines["龙小军"].address_status is None


def test_files_that_cannot_be_read(place: Path) -> None:
    for content, filename in [(b"", "a.xlsx"), (b"x,y\n1,2\n", "a.csv"), (LETTERS.read_bytes()[:5000], "a.xlsx")]:
        with pytest.raises(BadInput):
            import_members(content, filename=filename, organisation=ORGANISATION, by="user:test")
    with pytest.raises(BadInput, match="没有名为"):
        import_members(LETTERS.read_bytes(), filename="a.xlsx", organisation=ORGANISATION, sheet="无", by="user:test")
    with reading() as session:
        assert session.scalar(select(sa.func.count(col(Member.id)))) == 0


def test_a_large_ledger_tells_how_far_it_is(place: Path) -> None:
    people = [[f"李{chr(0x4E00 + number)}", "1985-03-12"] for number in range(1_200)]
    content = write_xlsx([("名册", ["姓名", "出生日期"], people)])
    heard: list[tuple[str, int, int | None]] = []
    done = import_members(
        content, filename="a.xlsx", organisation="甲支部", told=lambda *told: heard.append(told), by="user:test"
    )
    assert done.added == 1_200
    assert heard == [("正在读取台账", 1_000, None), ("正在登记", 1_200, 1_200)]
