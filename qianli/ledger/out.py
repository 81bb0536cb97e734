"""Writing XLSX and CSV: the same rows give the same bytes, text stays text, and nothing in it is a formula."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from qianli.errors import BadInput
from qianli.ledger.formulas import defused

Value = str | int | float | date | None

CREATED = datetime(2027, 1, 1)  # noqa: DTZ001 - Excel knows no zones; fixed, so that bytes repeat
FORMATS = {
    "notice": {"bold": True, "font_color": "#B00000"},
    "title": {"bold": True, "bg_color": "#F2F2F2", "border": 1, "text_wrap": True, "valign": "top"},
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"},
}
WIDTHS = (6, 60)
#: Text that a spreadsheet would turn into a number or a date when it opens a CSV: 0123, 9812345678901, 1/2, 1E5.
LOOKS_COUNTED = re.compile(r"(?=.*\d)[\d\s.,:/%Ee+\-年月日时分]+|TRUE|FALSE", re.IGNORECASE)
SAFE_NUMBER = re.compile(r"[1-9]\d{0,10}|0")


@dataclass(frozen=True)
class Sheet:
    """One table to be written; `notice` stands above its titles, where people must see it."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    notice: str = ""


def write_xlsx(sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Value]]] | Sheet]) -> bytes:
    """A workbook of (name, column titles, rows); leading zeros stay, text a spreadsheet could compute is defused."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        formats = {name: book.add_format(values) for name, values in FORMATS.items()}
        for one in sheets:
            _write_sheet(book, one if isinstance(one, Sheet) else Sheet(*one), formats)
    return target.getvalue()


def write_csv(sheet: Sheet) -> bytes:
    """UTF-8 with its mark, every cell quoted.

    Text that looks like a number or a date begins with a tab: so Excel and LibreOffice leave it as it is, zeros and
    all; our reader drops the tab.
    """
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if sheet.notice:
        writer.writerow([defused(sheet.notice)])
    writer.writerow([_csv_text(title) for title in sheet.columns])
    writer.writerows([[_csv_value(value) for value in row] for row in sheet.rows])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def write_table(sheet: Sheet, *, filename: str) -> bytes:
    """XLSX or CSV, as the file's name says; BadInput for other names."""
    suffix = PurePath(filename).suffix.lower()
    if suffix == ".csv":
        return write_csv(sheet)
    if suffix == ".xlsx":
        return write_xlsx([sheet])
    raise BadInput(f"文件名应以 .xlsx 或 .csv 结尾：{filename}")


def _write_sheet(book: Any, one: Sheet, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(one.name)
    top = 0
    if one.notice:
        sheet.write_string(0, 0, defused(one.notice), formats["notice"])
        top = 1
    sheet.freeze_panes(top + 1, 0)
    for column, width in enumerate(_widths(one.columns, one.rows)):
        sheet.set_column(column, column, width)
    for column, label in enumerate(one.columns):
        sheet.write_string(top, column, defused(label), formats["title"])
    for number, row in enumerate(one.rows, start=top + 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, formats)


def _write(sheet: Any, row: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, formats["instant"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", formats["text"])
    elif isinstance(value, str):
        sheet.write_string(row, column, defused(value), formats["text"])
    elif value is not None:
        sheet.write_number(row, column, value)


def _csv_value(value: Value) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    return _csv_text(value) if isinstance(value, str) else "" if value is None else str(value)


def _csv_text(value: str) -> str:
    safe = defused(value)
    return f"\t{safe}" if LOOKS_COUNTED.fullmatch(safe) and not SAFE_NUMBER.fullmatch(safe) else safe


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[int]:
    """Column widths that show the text; a Han character takes two."""
    widest = [_cells(label) for label in columns]
    for row in rows:
        for column, value in enumerate(row):
            if value is not None and column < len(widest):
                widest[column] = max(widest[column], _cells(str(value)))
    return [min(max(width + 2, WIDTHS[0]), WIDTHS[1]) for width in widest]


def _cells(shown: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in shown)
