"""Writing XLSX."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.errors import BadInput
from qianli.folding import fold
from qianli.ledger.cells import text
from qianli.ledger.fixit import REASON, ROW, SHEET, RefusedRow, fix_file
from qianli.ledger.out import Sheet, write_csv, write_table, write_xlsx
from qianli.ledger.sheets import read_sheets

#: Anything a cell can hold, and often what a spreadsheet would take for a formula, a number or a date.
TRICKY = st.from_regex(r"""[';|,"\t\r\n \x01]{0,3}[=+\-@＝＋－＠]?[A-Z(0-9.,/年月日E ]{0,8}""", fullmatch=True)
TEXTS = st.one_of(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30), TRICKY)
VALUES = st.one_of(TEXTS, st.integers(-(10**9), 10**9), st.dates(date(1930, 1, 1), date(2099, 1, 1)), st.none())
TITLES = ["甲", "乙", "丙", "丁"]


@settings(max_examples=100)
@given(
    rows=st.lists(st.lists(VALUES, min_size=4, max_size=4), min_size=1, max_size=5),
    name=st.sampled_from(["a.xlsx", "a.csv"]),
)
def test_what_is_written_is_read_again(rows: list[list[str | int | date | None]], name: str) -> None:
    [sheet] = read_sheets(write_table(Sheet("表", TITLES, rows, notice="请注意"), filename=name), filename=name)
    assert text(sheet.rows[0][0]) == "请注意"
    assert [text(cell) for cell in sheet.rows[1]] == TITLES
    for number, row in enumerate(rows, start=2):
        cells = sheet.rows[number] if number < len(sheet.rows) else []
        assert not any(cell.formula for cell in cells)
        read = [text(cell) for cell in cells] + [""] * (len(row) - len(cells))
        assert read == ["" if value is None else fold(str(value)) for value in row]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
@pytest.mark.parametrize(
    "written",
    ["'=1", "''=1", "=1+1", "+86 139", "-1", "@a", "\t=1", " =1", "'", "=", "'-", "＝1", "0123", "9812345678901234567",
     "1/2", "1E5", "2021-07-01", "2026年12月", "TRUE", '="007"', "'007", "a,b;c\td", '引"号', "一\n二", "一\r\n二",
     "_x0041_"],
)  # fmt: skip
def test_texts_that_spreadsheets_like_to_change(written: str, name: str) -> None:
    [sheet] = read_sheets(write_table(Sheet("表", ["甲", "乙"], [[written, "x"]]), filename=name), filename=name)
    assert text(sheet.rows[1][0]) == fold(written)
    assert not sheet.rows[1][0].formula


def test_a_csv_says_what_it_is_and_keeps_no_formula() -> None:
    content = write_csv(Sheet("表", ["号", "数"], [["00123", 7], ["=1+1", 8]]))
    assert content.decode("utf-8-sig").splitlines() == ['"号","数"', '"\t00123","7"', '"\'=1+1","8"']
    assert content.startswith(b"\xef\xbb\xbf")


def test_other_names_are_refused() -> None:
    with pytest.raises(BadInput, match=r"\.xlsx 或 \.csv"):
        write_table(Sheet("表", ["号"], []), filename="a.ods")


def cells_of(content: bytes) -> list[openpyxl.cell.cell.Cell]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]  # type: ignore[misc]


@pytest.mark.parametrize("poison", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_nothing_can_act_as_a_formula(poison: str) -> None:
    content = write_xlsx([("表", [poison], [[poison]])])
    for cell in cells_of(content):
        assert cell.data_type == "s"
        assert str(cell.value) == f"'{poison}"


def test_leading_zeros_stay() -> None:
    assert cells_of(write_xlsx([("表", ["号"], [["00123"]])]))[1].value == "00123"


def test_the_same_rows_give_the_same_bytes() -> None:
    made = [write_xlsx([("表", ["甲"], [["乙"], [3], [date(2026, 1, 1)]])]) for _ in range(2)]
    assert made[0] == made[1]


def test_the_fix_it_file_has_the_reasons_beside_the_rows() -> None:
    content = fix_file(
        [
            RefusedRow("一支部", 5, {"姓名": "", "手机号": "0851"}, ("没有姓名", "另一个原因")),
            RefusedRow("二[支]部/很长很长很长很长很长很长很长很长很长很长", 7, {"党员姓名": "=1+1"}, ("是公式",)),
        ]
    )
    sheets = read_sheets(content, filename="待改.xlsx")
    assert [[text(cell) for cell in row] for row in sheets[0].rows] == [
        [REASON.replace("（", "(").replace("）", ")"), "姓名", "手机号", SHEET, ROW],
        ["没有姓名;另一个原因", "", "0851", "一支部", "5"],
    ]
    assert text(sheets[1].rows[1][1]) == "=1+1"
    assert not any(cell.data_type == "f" for cell in cells_of(content))
