"""XLSX → sheets, row by row. One bad cell is one bad cell, one bad sheet is one bad sheet.

openpyxl's own way of reading pads every row, hides merged cells and gives up at the first flaw; so its parser of rows
and cells is used, and the loop around it is ours. Entities are refused: of what is small by defusedxml, which openpyxl
takes where it is installed, of sheets and strings by a parser in front of the quick one, which defusedxml is not.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import iterparse

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import DATA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from qianli.errors import BadInput
from qianli.folding import visible
from qianli.ledger.cells import BLANK, Cell, Rows, Sheet, Value
from qianli.ledger.guarded import Guarded
from qianli.ledger.limits import MAX_COLUMNS, TOO_WIDE, Counted
from qianli.ledger.packages import check_package

#: Written by Excel for what XML cannot hold. Of others openpyxl undoes the escape of the escape alone.
ESCAPED_CONTROL = re.compile("_x(00[0189][0-9A-Fa-f]|007F|[Dd][89A-Fa-f][0-9A-Fa-f]{2})_")
MAX_ROW_BYTES = 8_000_000  # what is read until a row ends, so that a row of millions of cells is never built
MAX_ROW_NUMBER = 1_048_576  # of Excel itself
DAMAGED = "Excel 文件打不开，可能没有下载完整或已经损坏。请在 Excel 或 WPS 里重新另存为 XLSX。"
UNREADABLE = "这张工作表已经损坏，没有导入；请在 Excel 或 WPS 里重新另存为 XLSX"
STRING_TAG, TEXT_TAG = f"{{{SHEET_MAIN_NS}}}si", f"{{{SHEET_MAIN_NS}}}t"
EMPTY: list[Cell] = []
Range = tuple[int, int, int, int]


def read_workbook(content: bytes, seen: Callable[[int], None] | None = None) -> list[Sheet]:
    """Every sheet of the workbook; BadInput if it is none, or none of its sheets can be read."""
    counted = Counted(seen)
    try:
        check_package(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on features of Excel that do not matter here
            sheets = [_sheet(part, counted) for part in _parts(content)]
    except BadInput:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over in a damaged file
        raise BadInput(DAMAGED) from error
    if sheets and all(UNREADABLE in sheet.remarks for sheet in sheets):
        raise BadInput(DAMAGED)
    return sheets


@dataclass(frozen=True)
class _Part:
    """One worksheet of a package, and what its cells refer to."""

    book: ExcelReader
    title: str
    hidden: bool
    path: str


def _parts(content: bytes) -> Iterator[_Part]:
    """The worksheets in their order; charts, drawings, properties and links are left alone."""
    book = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
    book.read_manifest()
    package: Any = book.package
    if strings := package.find(SHARED_STRINGS):
        with book.archive.open(strings.PartName[1:]) as opened:
            book.shared_strings = list(_strings(opened))
    book.read_workbook()
    with suppress(Exception):  # without styles days are serial numbers, which are read as well
        apply_stylesheet(book.archive, book.wb)
    for sheet, link in book.parser.find_sheets():
        if link.Type.endswith("/worksheet"):
            yield _Part(book, str(sheet.name), sheet.state != "visible", link.target)


def _sheet(part: _Part, counted: Counted) -> Sheet:
    title = visible(part.title)
    try:
        rows, wide = _Rows(part, counted).read()
    except BadInput:
        raise
    except Exception:  # noqa: BLE001 - of one sheet; the others go in, and this one is named
        return Sheet(title, [], part.hidden, (UNREADABLE,))
    return Sheet(title, rows, part.hidden, (TOO_WIDE,) if wide else ())


def _strings(opened: Any) -> Iterator[str]:
    """The strings that cells refer to; openpyxl takes its time over each, and most are plain."""
    rich: Any = Text
    for _, node in iterparse(Guarded(opened)):  # noqa: S314 - guarded
        if node.tag == STRING_TAG:
            plain = len(node) == 1 and node[0].tag == TEXT_TAG
            said = (node[0].text or "") if plain else rich.from_tree(node).content
            node.clear()
            yield said.replace("x005F_", "")


class _Source(Guarded):
    """The XML of a sheet; refuses a row that does not end."""

    since = 0

    def read(self, size: int = -1) -> bytes:
        self.since += max(size, 0)
        if self.since > MAX_ROW_BYTES:
            raise ValueError("a row without an end")
        return super().read(size)


class _Cells(WorkSheetParser):
    """openpyxl's reader of rows; a cell it cannot read becomes an error value instead of the end of the sheet."""

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        written = row.get("r")
        if written is not None and not written.isdecimal():
            number, cells = super().parse_row(row)
            return int(number), list(cells)
        self.row_counter = self.row_counter + 1 if written is None else int(written)
        self.col_counter = 0  # how high and whether hidden a row is, openpyxl would keep of each
        return self.row_counter, [self.parse_cell(one) for one in row]

    def parse_cell(self, element: Any) -> dict[str, Any]:
        before = self.col_counter
        try:
            return dict(super().parse_cell(element))
        except Exception:  # noqa: BLE001 - of one cell; its row is refused with a sentence
            self.col_counter = max(self.col_counter, before + 1)
            return {"column": self.col_counter, "value": "#VALUE!", "data_type": "e"}


class _Rows:
    """One sheet being read: its filled rows by number, and whether anything stands too far right."""

    def __init__(self, part: _Part, counted: Counted) -> None:
        self.part, self.counted = part, counted
        self.found = Rows()
        self.merged: list[Range] = []
        self.wide = False

    def read(self) -> tuple[Rows, bool]:
        """The rows, the first being row 1 of the spreadsheet, with merged values in every cell they cover."""
        with self.part.book.archive.open(self.part.path) as opened:
            for number, cells in self._parsed(_Source(opened)):
                if row := self._row(cells):
                    self.counted.add(row)
                    self.found.put(number, row)  # odd writers have two rows of one number
        _fill_down(self.found, self.merged, self.counted)
        return self.found, self.wide

    def _parsed(self, source: _Source) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        book: Any = self.part.book.wb
        parser = _Cells(
            source,
            self.part.book.shared_strings,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 - it has no public name
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 - it has no public name
        )
        data, rows = None, 0
        for event, element in iterparse(source, events=("start", "end")):  # noqa: S314 - guarded
            if event == "start":
                data = element if element.tag == DATA_TAG else data
            elif element.tag == ROW_TAG:
                number, cells = parser.parse_row(element)
                rows += 1
                if not 0 < number <= MAX_ROW_NUMBER or rows > MAX_ROW_NUMBER:
                    raise ValueError("no spreadsheet has such a row")
                source.since = 0
                yield number, cells
                if data is not None:
                    data.clear()  # or every row read stays in memory
            elif element.tag == MERGE_TAG:
                self._merges(element)

    def _merges(self, element: Any) -> None:
        for one in element:
            with suppress(ValueError, TypeError):
                left, top, right, bottom = range_boundaries(one.get("ref"))
                self.merged.append((int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)))

    def _row(self, cells: list[dict[str, Any]]) -> list[Cell]:
        row: list[Cell] = []
        for cell in cells:
            value = _value(cell["value"])
            if value is None:
                continue
            column = cell["column"]
            if column > MAX_COLUMNS:
                self.wide = True
                continue
            row.extend([BLANK] * (column - len(row)))
            row[column - 1] = Cell(value, formula=cell["data_type"] == "f")
        return row


def _value(value: Any) -> Value:
    if isinstance(value, datetime):
        return value if value.time() != time() else value.date()
    if isinstance(value, str):
        return ESCAPED_CONTROL.sub(lambda found: chr(int(found[1], 16)), value) or None
    if value is None or isinstance(value, int | float | date):
        return value
    return str(getattr(value, "text", None) or value)  # array formulas, times of day, durations


def _fill_down(rows: Rows, merged: list[Range], counted: Counted) -> None:
    """A value merged over several rows stands in each of them that says something of its own."""
    filled_to = dict[int, int]()
    for left, top, _, bottom in sorted(merged):
        start = max(top, filled_to.get(left, 0)) + 1
        filled_to[left] = max(bottom, filled_to.get(left, 0))
        above = rows[top - 1] if 0 < top <= len(rows) else EMPTY
        cell = above[left - 1] if left <= len(above) else BLANK
        if cell.value is None:
            continue
        for index in range(start - 1, min(bottom, len(rows))):
            row = rows[index]
            if row and (len(row) < left or row[left - 1].value is None):
                row.extend([BLANK] * (left - len(row)))
                row[left - 1] = cell
                rows[index] = row
                counted.more(1)
