"""Ledgers that go out, are corrected, and come back by row key."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import HoldReason, Member, Residence
from qianli.cli import main
from qianli.folding import fold
from qianli.ledger.cells import text
from qianli.ledger.columns import DETAILS, VARIANTS
from qianli.ledger.fixit import SENT
from qianli.ledger.out import write_xlsx
from qianli.ledger.rowkeys import RowKey
from qianli.ledger.sheets import read_sheets
from qianli.settings import ROOT, settings
from qianli.stages import held
from qianli.stages.exporting import NOTICE, export_members
from qianli.stages.importing import ImportResult, import_members
from qianli.stages.unit import reading, today, writing
from qianli.stages.waybill_sheet import write_parcels
from qianli.stages.waybills import import_waybills
from qianli.store import residences
from qianli.store.session import engine

LETTERS = "青石街道云岭社区党委"
NAMES = ["a.xlsx", "a.csv"]
Row = dict[str, Any]


@pytest.fixture
def ledger(place: Path) -> Path:
    for folder, file in (("qianli-letter", "ledger.xlsx"), ("qianli-letter", "correction.xlsx")):
        path = ROOT / "examples" / folder / file
        import_members(path.read_bytes(), filename=file, organisation=LETTERS, by="user:test")
    return place


def sent_out(folder: Path, name: str = "a.xlsx") -> list[Row]:
    export_members(folder / name, organisation=LETTERS)
    return table(folder / name)


def table(path: Path, header: int = 1) -> list[Row]:
    """The rows of a file we wrote, by their titles."""
    [sheet] = read_sheets(path.read_bytes(), filename=path.name)
    titles = [text(cell) for cell in sheet.rows[header]]
    return [
        dict(zip(titles, [text(cell) for cell in row] + [""] * len(titles), strict=False))
        for row in sheet.rows[header + 1 :]
    ]


def back(*rows: Row, organisation: str = LETTERS, **options: Any) -> ImportResult:
    titles = list(dict.fromkeys(title for row in rows for title in row))
    content = write_xlsx([("台账", titles, [[row.get(title, "") for title in titles] for row in rows])])
    return import_members(content, filename="改好.xlsx", organisation=organisation, by="user:test", **options)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.added, result.changed, result.unchanged, len(result.rejected)


def members() -> dict[str, Member]:
    with reading() as session:
        found = {one.name: one for one in session.exec(select(Member))}
        session.expunge_all()
    return found


def homes(name: str) -> list[Residence]:
    with reading() as session:
        id_ = session.exec(select(Member.id).where(Member.name == name)).one()
        found = residences.mains(session, member_ids=[id_]).get(id_, [])
        session.expunge_all()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_went_out_comes_back_unchanged(ledger: Path, tmp_path: Path, name: str) -> None:
    rows = sent_out(tmp_path, name)
    content = (tmp_path / name).read_bytes()
    result = import_members(content, filename=name, organisation=LETTERS, by="user:test")
    assert counts(result) == (0, 0, len(members()), 0)
    assert [one.reason for one in result.notices if one.row == 0] == []
    assert fold(NOTICE) == text(read_sheets(content, filename=name)[0].rows[0][0])
    known = members()["罗正华"]
    (row,) = (one for one in rows if one["姓名"] == "罗正华")
    assert row["行标识"] == str(RowKey(known.key, known.version))
    assert row["出生日期"] == str(known.born_on)
    assert row[VARIANTS["full_member_on"][0]] == known.details["full_member_on"]
    assert {VARIANTS[one][0] for one in DETAILS if known.details.get(one)} <= row.keys()


def test_the_file_is_for_its_owner_only(ledger: Path, tmp_path: Path) -> None:
    export_members(tmp_path / "a.xlsx", organisation=LETTERS)
    assert (tmp_path / "a.xlsx").stat().st_mode & 0o077 == 0


def test_what_a_person_is_known_by_can_be_corrected(ledger: Path, tmp_path: Path) -> None:
    row = next(one for one in sent_out(tmp_path) if one["姓名"] == "罗正华")
    row |= {"姓名": "罗正桦", "出生日期": "1980-01-01", "手机号": "13900009999", "职业": ""}
    before = members()["罗正华"]
    assert counts(back(row)) == (0, 1, 0, 0)
    after = members()["罗正桦"]
    assert (after.id, after.born_on, after.phone) == (before.id, date(1980, 1, 1), "+8613900009999")
    assert (after.occupation, after.joined_on, after.version) == (before.occupation, before.joined_on, 2)
    assert counts(back(row)) == (0, 0, 1, 0)


def test_a_corrected_address_takes_the_place_of_the_old_one_and_is_fresh(ledger: Path, tmp_path: Path) -> None:
    row = next(one for one in sent_out(tmp_path) if one["姓名"] == "罗正华")
    [before] = homes("罗正华")
    row["现居住地址"] = "浙江省杭州市西湖区文三路2号"
    assert counts(back(row)) == (0, 1, 0, 0)
    [after] = homes("罗正华")
    assert (after.detail, after.since, after.reported_on) == ("文三路2号", before.since, today())
    assert counts(back(row)) == (0, 0, 1, 0)


def test_a_postcode_alone_can_be_corrected(ledger: Path, tmp_path: Path) -> None:
    row = next(one for one in sent_out(tmp_path) if one["姓名"] == "罗正华")
    row["邮政编码"] = "010010"
    assert counts(back(row)) == (0, 1, 0, 0)
    assert [one.postcode for one in homes("罗正华")] == ["010010"]
    assert counts(back(row)) == (0, 0, 1, 0)


def test_an_address_that_would_be_read_otherwise_today_is_no_correction(ledger: Path, tmp_path: Path) -> None:
    rows = sent_out(tmp_path)
    with writing("user:test") as session:
        session.execute(sa.update(Residence).values(detail="如今会读成别的样子"))
    assert counts(back(*rows)) == (0, 0, len(rows), 0)


@pytest.mark.parametrize(("title", "value"), [("手机号", "13900008888"), ("现居住地址", "浙江省杭州市西湖区文三路2号")])
def test_a_row_changed_meanwhile_is_refused_and_comes_back_with_what_is_there_now(
    ledger: Path, tmp_path: Path, title: str, value: str
) -> None:
    mine = next(one for one in sent_out(tmp_path) if one["姓名"] == "罗正华")
    other = {**mine, title: value}
    assert counts(back(other)) == (0, 1, 0, 0)
    mine["现居住地址"], mine["姓名"] = "广东省深圳市南山区科技园1号", "罗正桦"
    result = back(mine)
    assert counts(result) == (0, 0, 0, 1)
    assert "又改过" in result.rejected[0].reason
    assert result.rejected[0].column == "行标识"
    assert "罗正桦" not in members()
    fix = Path(str(result.fix_file))
    [row] = table(fix, header=0)
    assert (row["姓名"], row[title]) == ("罗正华", value)
    assert row["行标识"] == str(RowKey(members()["罗正华"].key, 2))
    sent = row[fold(SENT)]
    assert "姓名:罗正桦" in sent
    assert "现居住地址:广东省深圳市南山区科技园1号" in sent
    as_it_is = import_members(fix.read_bytes(), filename=fix.name, organisation=LETTERS, by="user:test")
    assert counts(as_it_is) == (0, 0, 1, 0)
    assert counts(back({**row, "姓名": "罗正桦"})) == (0, 1, 0, 0)
    assert members()["罗正桦"].version == 3


def test_a_stale_row_that_says_what_is_there_is_unchanged(ledger: Path, tmp_path: Path) -> None:
    row = next(one for one in sent_out(tmp_path) if one["姓名"] == "罗正华")
    back({**row, "手机号": "13900008888"})
    assert counts(back({**row, "手机号": "13900008888"})) == (0, 0, 1, 0)
    assert counts(back({"行标识": row["行标识"], "姓名": "", "手机号": ""})) == (0, 0, 1, 0)


def test_bad_keys_are_refused_by_row_and_the_others_go_on(ledger: Path, tmp_path: Path) -> None:
    good, *others = sent_out(tmp_path)
    mistyped = {**others[0], "行标识": others[0]["行标识"].replace("-1-", "-2-")}
    unknown = {**others[1], "行标识": str(RowKey(999, 1))}
    keyless = {"姓名": "新来的", "出生日期": "1990-05-05", "手机号": "13900007777"}
    result = back({**good, "手机号": "13900006666"}, mistyped, unknown, keyless)
    assert counts(result) == (1, 1, 0, 2)
    assert [one.row for one in result.rejected] == [3, 4]
    assert "写错了" in result.rejected[0].reason
    assert "不是本组织" in result.rejected[1].reason
    kept = table(Path(str(result.fix_file)), header=0)
    assert [row["行标识"] for row in kept] == [mistyped["行标识"], unknown["行标识"]]


def test_a_key_of_another_organisation_is_refused_one_from_below_is_not(ledger: Path, tmp_path: Path) -> None:
    row = {**sent_out(tmp_path)[0], "手机号": "13900006666"}
    back({"姓名": "别处的", "出生日期": "1990-05-05"}, organisation="别的党委")
    assert counts(back(row, organisation="别的党委")) == (0, 0, 0, 1)
    back({"姓名": "下级的", "出生日期": "1990-05-05"}, organisation=f"{LETTERS}/一支部")
    below = next(one for one in sent_out(tmp_path) if one["姓名"] == "下级的")
    assert below["登记组织"] == "一支部"
    assert counts(back({**below, "手机号": "13900005555"})) == (0, 1, 0, 0)
    assert members()["下级的"].phone == "+8613900005555"


def test_two_rows_of_one_key_must_agree(ledger: Path, tmp_path: Path) -> None:
    row = sent_out(tmp_path)[0]
    assert counts(back(row, {**row, "手机号": "13900006666"})) == (0, 0, 0, 2)
    assert counts(back(row, dict(row))) == (0, 0, 1, 0)


def test_nobody_is_corrected_into_somebody_else(ledger: Path, tmp_path: Path) -> None:
    one, other, *_ = sent_out(tmp_path)
    same = {name: other[name] for name in ("姓名", "出生日期", VARIANTS["joined_on"][0])}
    result = back({**one, **same})
    assert counts(result) == (0, 0, 0, 1)
    assert "分不清" in result.rejected[0].reason


def test_a_dry_run_says_the_same_and_writes_nothing(ledger: Path, tmp_path: Path) -> None:
    row = {**sent_out(tmp_path)[0], "手机号": "13900006666"}
    assert counts(back(row, dry_run=True)) == (0, 1, 0, 0)
    assert counts(back(row)) == (0, 1, 0, 0)


@pytest.mark.parametrize("name", NAMES)
def test_holds_go_out_are_corrected_and_let_go(place: Path, tmp_path: Path, name: str) -> None:
    folder = ROOT / "examples/qianli-letter"
    for words in (
        ["member", "import", f"{folder}/ledger.xlsx", "--organisation", LETTERS],
        ["kit", "add", f"{folder}/kit.yaml"],
        ["campaign", "new", f"{folder}/campaign.yaml"],
        ["campaign", "prepare", "QLCS-2027", "--inline"],
    ):
        assert main.execute(words) == 0
    path = tmp_path / name
    before = held.holds("QLCS-2027")
    assert {one.reason for one in before} == {HoldReason.no_address, HoldReason.stale_address, HoldReason.bad_phone}
    assert main.execute(["campaign", "holds", "QLCS-2027", "--xlsx", str(path)]) == 0
    mended = [
        {**row, "现居住地址": row["现居住地址"] or "浙江省杭州市西湖区文三路2号", "手机号": "13900006666",
         "地址更新日期": str(today())}
        for row in table(path)
    ]  # fmt: skip
    assert len(mended) == len({one.number for one in before})
    assert counts(back(*mended))[1:] == (3, 0, 0)
    assert main.execute(["campaign", "prepare", "QLCS-2027", "--inline"]) == 0
    assert held.holds("QLCS-2027") == []


@pytest.mark.parametrize("name", NAMES)
def test_waybill_numbers_come_back_by_reference(dispatch: Callable[..., Any], tmp_path: Path, name: str) -> None:
    made = dispatch()
    write_parcels(tmp_path / name, made.code)
    rows = table(tmp_path / name, header=0)
    assert [row["包裹编号"] for row in rows] == made.references()
    assert {row["运单号"] for row in rows} == {""}
    assert not {"张伟", "党", "青石"} & set("".join("".join(row.values()) for row in rows))
    filled = [[row["包裹编号"], f"98123456789{number:02d}"] for number, row in enumerate(rows)]
    content = write_xlsx([("包裹", ["包裹编号", "运单号"], filled)])
    assert import_waybills(content, filename="a.xlsx", by="user:test").accepted == 3
    write_parcels(tmp_path / name, made.code)
    again = import_waybills((tmp_path / name).read_bytes(), filename=name, by="user:test")
    assert (again.accepted, again.unchanged, again.rejected) == (0, 3, [])


def test_other_file_names_are_refused_in_words(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.execute(["member", "export", str(tmp_path / "a.doc"), "--organisation", LETTERS]) == 2
    assert ".xlsx 或 .csv" in capsys.readouterr().err
    assert main.execute(["member", "export", str(tmp_path / "没有/a.csv"), "--organisation", LETTERS]) == 2
    assert "写不进去" in capsys.readouterr().err


def test_statements_do_not_grow_with_keyed_rows(ledger: Path, tmp_path: Path) -> None:
    rows = [{**row, "手机号": f"1390000{number:04d}"} for number, row in enumerate(sent_out(tmp_path), start=1000)]
    statements: list[str] = []
    bound = engine(settings().database_url)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    sa.event.listen(bound, "before_cursor_execute", note)
    found = []
    for some in (rows[:2], rows[2:]):
        assert counts(back(*some)) == (0, len(some), 0, 0)
        found.append(len(statements))
        statements.clear()
    sa.event.remove(bound, "before_cursor_execute", note)
    assert found[0] == found[1]
