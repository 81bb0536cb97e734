"""Writing XLSX."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.folding import fold
from qianli.ledger.cells import text
from qianli.ledger.fixit import REASON, ROW, SHEET, RefusedRow, fix_file
from qianli.ledger.out import write_xlsx
from qianli.ledger.sheets import read_sheets

PRINTABLE = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
VALUES = st.one_of(PRINTABLE, st.integers(-(10**9), 10**9), st.dates(date(1930, 1, 1), date(2099, 1, 1)), st.none())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows: list[list[str | int | date | None]]) -> None:
    [sheet] = read_sheets(write_xlsx([("表", ["甲", "乙", "丙", "丁"], rows)]), filename="a.xlsx")
    for number, row in enumerate(rows, start=1):
        cells = sheet.rows[number] if number < len(sheet.rows) else []
        read = [text(cell) for cell in cells] + [""] * (len(row) - len(cells))
        written = ["" if value is None else fold(str(value)) for value in row]
        assert read[: len(row)] == [one[1:] if one[:2] in {"'=", "'+", "'-", "'@"} else one for one in written]


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
