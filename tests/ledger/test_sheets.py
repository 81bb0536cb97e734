"""Bytes → cells."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from qianli.errors import BadInput
from qianli.ledger.cells import Cell
from qianli.ledger.out import write_xlsx
from qianli.ledger.sheets import read_sheets, text

ROWS = [["姓名", "手机号"], ["张伟", "13900001201"]]
AS_CSV = "姓名,手机号\r\n张伟,13900001201\r\n"


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def shown(content: bytes, filename: str) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in read_sheets(content, filename=filename)[0].rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_branches_use(encoding: str) -> None:
    assert shown(AS_CSV.encode(encoding), "名册.csv") == ROWS


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_csv_with_other_delimiters(delimiter: str) -> None:
    assert shown(AS_CSV.replace(",", delimiter).encode(), "a.csv") == ROWS


@pytest.mark.parametrize(
    "written",
    [
        '"请注意"\r\n"甲","乙"\r\n"\r\t","\r\t"\r\n"\n\n\t;","1"\r\n',
        '"甲","乙"\r"一;\r;\r;\r;","2"\r',
        '甲,乙\n"张三\n;,2\n;\n李四,3\n',
        '甲,乙\n3" 管; 5",4\n',
    ],
    ids=["tabs and lines inside quotes", "lines end as on old machines", "a torn quote", "quotes that are inches"],
)
def test_what_is_quoted_separates_no_columns(written: str) -> None:
    rows = [row for row in shown(written.encode(), "a.csv") if row != ["请注意"]]
    assert rows[0] == ["甲", "乙"]


def test_csv_keeps_leading_zeros_and_marks_formulas() -> None:
    [name, formula] = read_sheets(b'="00123",=A1+B1\r\n', filename="a.csv")[0].rows[0]
    assert (name.value, name.formula) == ("00123", False)
    assert formula.formula


def test_xlsx_cells_keep_their_kind() -> None:
    content = workbook(表=[["文字", 1, 13912345678.0, 0.5, date(2021, 7, 1), datetime(2021, 7, 1, 8, 30), True, "=A1"]])  # noqa: DTZ001
    [row] = read_sheets(content, filename="a.xlsx")[0].rows
    assert [text(cell) for cell in row] == [
        "文字", "1", "13912345678", "0.5", "2021-07-01", "2021-07-01 08:30:00", "是", "=A1",
    ]  # fmt: skip
    assert row[4].value == date(2021, 7, 1)
    assert [cell.formula for cell in row] == [False] * 7 + [True]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.39e10, "13900000000"),
        ("１３９\u200b００００\u202e１２０１", "13900001201"),
        ("\ufeff 张\u3000伟\u00a0", "张 伟"),
        ("'=1+1", "=1+1"),
        ("⼥", "女"),
        (None, ""),
    ],
)
def test_text_is_folded(value: object, expected: str) -> None:
    assert text(Cell(value)) == expected  # type: ignore[arg-type]  # any value a library hands us


def test_rows_keep_the_numbers_of_the_spreadsheet() -> None:
    content = workbook(表=[[], ["标题"], [], ["姓名", None, "手机号", None], [None, None]])
    rows = read_sheets(content, filename="a.xlsx")[0].rows
    assert [len(row) for row in rows] == [0, 1, 0, 3]


def test_only_the_named_sheet() -> None:
    content = workbook(一支部=ROWS, 二支部=ROWS)
    assert [sheet.name for sheet in read_sheets(content, filename="a.xlsx", only=" 二支部 ")] == ["二支部"]
    with pytest.raises(BadInput, match="没有名为“三支部”的工作表") as refused:
        read_sheets(content, filename="a.xlsx", only="三支部")
    assert refused.value.problems == ["现有工作表：一支部", "现有工作表：二支部"]


def test_a_wrong_dimension_does_not_cut_the_sheet() -> None:
    source, target = io.BytesIO(workbook(表=ROWS)), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'ref="A1:B2"', b'ref="A1"'))
    assert shown(target.getvalue(), "a.xlsx") == ROWS


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


GOOD = write_xlsx([("表", ["姓名"], [["张伟"]])])
BROKEN = {
    "empty": (b"", "a.xlsx", "空的"),
    "blank": (b" \r\n ", "a.csv", "空的"),
    "truncated": (GOOD[: len(GOOD) // 2], "a.xlsx", "打不开"),
    "torn in the middle": (GOOD[:600] + bytes(400) + GOOD[1000:], "a.xlsx", "打不开"),
    "text renamed": (AS_CSV.encode(), "a.xlsx", "内容却不是 Excel"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(600), "a.xls", "旧版 Excel"),
    "web page": (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls", "网页"),
    "a zip of something": (zipped(readme=b"hello"), "a.xlsx", "不是 Excel 表格"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(32)), "a.csv", "编码"),
    "torn quotes everywhere": (b'a,"b\n' * 101, "a.csv", "引号"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_files_that_cannot_be_read_say_why(case: str) -> None:
    content, filename, sentence = BROKEN[case]
    with pytest.raises(BadInput, match=sentence):
        read_sheets(content, filename=filename)


def test_a_zip_that_claims_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qianli.ledger.packages.MAX_UNPACKED", 1000)
    with pytest.raises(BadInput, match="展开后过大"):
        read_sheets(GOOD, filename="a.xlsx")
