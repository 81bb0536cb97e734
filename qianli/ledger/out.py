"""Writing XLSX: the same rows give the same bytes, text stays text, and nothing in it is a formula."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

Value = str | int | float | date | None

CREATED = datetime(2027, 1, 1)  # noqa: DTZ001 - Excel knows no zones; fixed, so that bytes repeat
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
FORMATS = {
    "title": {"bold": True, "bg_color": "#F2F2F2", "border": 1, "text_wrap": True, "valign": "top"},
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm", "align": "left", "valign": "top"},
}
WIDTHS = (6, 60)
LONGEST = 32_767  # characters Excel takes in a cell


def write_xlsx(sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[Value]]]]) -> bytes:
    """A workbook of (name, column titles, rows); leading zeros stay, text a spreadsheet could compute is defused."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        formats = {name: book.add_format(values) for name, values in FORMATS.items()}
        for name, columns, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, width in enumerate(_widths(columns, rows)):
                sheet.set_column(column, column, width)
            for column, label in enumerate(columns):
                sheet.write_string(0, column, neutral(label), formats["title"])
            for number, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value, formats)
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, formats["instant"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否", formats["text"])
    elif isinstance(value, str):
        sheet.write_string(row, column, neutral(value), formats["text"])
    elif value is not None:
        sheet.write_number(row, column, value)


def neutral(value: str) -> str:
    """The text with an apostrophe before it if a spreadsheet could take it for a formula."""
    short = value[: LONGEST - 1]
    return f"'{short}" if len(short) > 1 and short.startswith(DANGEROUS) else short


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
