"""The rows of the files couriers send, whatever they are about: those that name a parcel, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass

from qianli.couriers.columns import LABELS
from qianli.couriers.numbers import read_number
from qianli.couriers.protocol import Line, Refusal
from qianli.errors import BadInput
from qianli.ledger.cells import unusable
from qianli.ledger.problems import RowProblem
from qianli.ledger.sheets import Cell, Table, find_table, read_sheets, text

HIDDEN = "工作表是隐藏的，没有导入；需要时请取消隐藏后再导入。"
NO_TABLE = "没有找到需要的表头，这张工作表没有导入。"
EXACT_BELOW = 10**15  # Excel keeps fifteen digits of a number and makes the rest up


@dataclass(frozen=True)
class FileRow:
    """A row of one of our tables."""

    table: Table
    cells: list[Cell]
    line: Line
    unusable: Refusal | None

    def cell(self, column: str) -> Cell:
        """What stands in one of our columns."""
        return self.table.cell(self.cells, column)

    def say(self, column: str) -> str:
        """The same as text."""
        return text(self.cell(column))


def rows(
    content: bytes, filename: str, variants: dict[str, list[str]], required: set[str], notices: list[RowProblem]
) -> Iterator[FileRow]:
    """The rows of every sheet that has such a table; BadInput if there is none, or none that names a parcel."""
    tables = []
    for sheet in read_sheets(content, filename=filename):
        table = None if sheet.hidden else find_table(sheet, variants=variants, required=required)
        remarks = list(sheet.remarks)
        if table and {"reference", "number"} & {*table.columns}:
            tables.append(table)
        elif sheet.rows:
            remarks.append(HIDDEN if sheet.hidden else NO_TABLE)
        notices += [RowProblem(sheet.name, 0, "", remark) for remark in remarks]
    if not tables:
        wanted = "、".join(f"“{LABELS[column]}”" for column in sorted({"number", *required}, key=list(LABELS).index))
        problems = [f"{LABELS[column]}可以写作：{'、'.join(titles[:6])}" for column, titles in variants.items()]
        raise BadInput(f"文件里找不到表头，至少要有{wanted}这几列。", problems)
    for table in tables:
        titles = {column: table.headers[index] for column, index in table.columns.items()}
        for number, cells in table.rows:
            values = {title: text(cells[index]) for index, title in table.headers.items() if index < len(cells)}
            line = Line(table.sheet, number, values, titles)
            yield FileRow(table, cells, line, _unusable(table, cells, line))


def _unusable(table: Table, cells: list[Cell], line: Line) -> Refusal | None:
    for column in table.columns:
        if reason := unusable(table.cell(cells, column)):
            return line.refused(column, f"{reason}。")
    return None


def number_in(cell: Cell) -> str | None:
    """A waybill number; None for text that is none, and for numbers too long for a spreadsheet to have kept."""
    if isinstance(cell.value, int | float) and abs(cell.value) >= EXACT_BELOW:
        return None
    return read_number(text(cell))
