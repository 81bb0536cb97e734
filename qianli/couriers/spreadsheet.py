"""Couriers that tell us waybill numbers and events in a spreadsheet. Each row stands for itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from qianli.couriers import words
from qianli.couriers.columns import EVENTS, LABELS, WAYBILLS
from qianli.couriers.live import Said
from qianli.couriers.moments import read_moment
from qianli.couriers.numbers import read_number
from qianli.couriers.protocol import EventRow, Found, Line, Refusal, WaybillRow
from qianli.errors import BadInput
from qianli.ledger.cells import unusable
from qianli.ledger.problems import RowProblem
from qianli.ledger.sheets import Cell, Table, find_table, read_sheets, text

TEXT_LENGTH, PLACE_LENGTH, STATUS_LENGTH = 300, 100, 40
HIDDEN = "工作表是隐藏的，没有导入；需要时请取消隐藏后再导入。"
NO_TABLE = "没有找到需要的表头，这张工作表没有导入。"
EXACT_BELOW = 10**15  # Excel keeps fifteen digits of a number and makes the rest up


def read_waybills(content: bytes, filename: str) -> Found[WaybillRow]:
    """The waybill numbers in a file: our reference and the courier's number in each row, or why it refuses."""
    found: Found[WaybillRow] = Found()
    for row in _rows(content, filename, WAYBILLS, {"reference", "number"}, found.notices):
        if row.unusable:
            found.refused.append(row.unusable)
        elif row.say("refusal") and row.say("reference") and not row.say("number"):
            found.rows.append(WaybillRow(row.line, row.say("reference"), "", row.say("refusal")))
        elif not row.say("number"):
            found.notices.append(row.line.problem("number", "还没有运单号，这一行先不登记。"))
        elif not row.say("reference"):
            found.refused.append(row.line.refused("reference", "没有写包裹编号，不知道是哪个包裹的运单号。"))
        elif (number := _number(row.cell("number"))) is None:
            found.refused.append(row.line.refused("number", "这一格不是完整的运单号，请把整列设为文本后重新填写。"))
        else:
            found.rows.append(WaybillRow(row.line, row.say("reference"), number))
    return found


def read_events(content: bytes, filename: str) -> Found[EventRow]:
    """The events in a file: which parcel, the courier's word, when."""
    found: Found[EventRow] = Found()
    for row in _rows(content, filename, EVENTS, {"status", "time"}, found.notices):
        event = row.unusable or _event(row)
        if isinstance(event, Refusal):
            found.refused.append(event)
            continue
        found.rows.append(event)
        if not words.is_known(event.said.code):
            found.notices.append(row.line.problem("status", "不认识这个状态，已原样保存，按“未知”处理。"))
    return found


@dataclass(frozen=True)
class _Row:
    """A row of one of our tables."""

    table: Table
    cells: list[Cell]
    line: Line
    unusable: Refusal | None

    def cell(self, column: str) -> Cell:
        return self.table.cell(self.cells, column)

    def say(self, column: str) -> str:
        return text(self.cell(column))


def _rows(
    content: bytes, filename: str, variants: dict[str, list[str]], required: set[str], notices: list[RowProblem]
) -> Iterator[_Row]:
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
            yield _Row(table, cells, line, _unusable(table, cells, line))


def _unusable(table: Table, cells: list[Cell], line: Line) -> Refusal | None:
    for column in table.columns:
        if reason := unusable(table.cell(cells, column)):
            return line.refused(column, f"{reason}。")
    return None


def _number(cell: Cell) -> str | None:
    """A waybill number; None for text that is none, and for numbers too long for a spreadsheet to have kept."""
    if isinstance(cell.value, int | float) and abs(cell.value) >= EXACT_BELOW:
        return None
    return read_number(text(cell))


def _event(row: _Row) -> EventRow | Refusal:
    number, reference, status = row.say("number"), row.say("reference"), row.say("status")
    if not number and not reference:
        return row.line.refused("number", "运单号和包裹编号都没有写，不知道是哪个包裹。")
    if not status:
        return row.line.refused("status", "没有写状态。")
    waybill = _number(row.cell("number")) if number else ""
    if waybill is None and not reference:
        return row.line.refused("number", "这一格不是完整的运单号，请把整列设为文本后重新填写。")
    tracking, delivered_to = words.state_of(status)
    written = row.cell("time").value
    happened_at = read_moment(row.say("time") if isinstance(written, str) else written, tracking)
    if happened_at is None:
        return row.line.refused("time", "时间读不懂，请写成 2027-01-12 10:30 这样。")
    told = row.say("text")
    said = Said(
        waybill_number=waybill or "",
        reference=reference,
        code=status[:STATUS_LENGTH],
        tracking=tracking,
        delivered_to=delivered_to,
        returned_for=words.returned_for(status, told, tracking),
        cancels=words.cancels(status),
        happened_at=happened_at,
        text=told[:TEXT_LENGTH],
        place=row.say("place")[:PLACE_LENGTH],
        raw=row.line.raw(),
    )
    return EventRow(row.line, said)
