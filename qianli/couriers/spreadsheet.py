"""Couriers that tell us waybill numbers and events in a spreadsheet. Each row stands for itself."""

from qianli.couriers import words
from qianli.couriers.columns import EVENTS, WAYBILLS
from qianli.couriers.file_rows import FileRow, number_in, rows
from qianli.couriers.live import Said
from qianli.couriers.moments import read_moment
from qianli.couriers.protocol import EventRow, Found, Refusal, WaybillRow

TEXT_LENGTH, PLACE_LENGTH, STATUS_LENGTH = 300, 100, 40


def read_waybills(content: bytes, filename: str) -> Found[WaybillRow]:
    """The waybill numbers in a file: our reference and the courier's number in each row, or why it refuses."""
    found: Found[WaybillRow] = Found()
    for row in rows(content, filename, WAYBILLS, {"reference", "number"}, found.notices):
        if row.unusable:
            found.refused.append(row.unusable)
        elif row.say("refusal") and row.say("reference") and not row.say("number"):
            found.rows.append(WaybillRow(row.line, row.say("reference"), "", row.say("refusal")))
        elif not row.say("number"):
            found.notices.append(row.line.problem("number", "还没有运单号，这一行先不登记。"))
        elif not row.say("reference"):
            found.refused.append(row.line.refused("reference", "没有写包裹编号，不知道是哪个包裹的运单号。"))
        elif (number := number_in(row.cell("number"))) is None:
            found.refused.append(row.line.refused("number", "这一格不是完整的运单号，请把整列设为文本后重新填写。"))
        else:
            found.rows.append(WaybillRow(row.line, row.say("reference"), number))
    return found


def read_events(content: bytes, filename: str) -> Found[EventRow]:
    """The events in a file: which parcel, the courier's word, when."""
    found: Found[EventRow] = Found()
    for row in rows(content, filename, EVENTS, {"status", "time"}, found.notices):
        event = row.unusable or _event(row)
        if isinstance(event, Refusal):
            found.refused.append(event)
            continue
        found.rows.append(event)
        if not words.is_known(event.said.code):
            found.notices.append(row.line.problem("status", "不认识这个状态，已原样保存，按“未知”处理。"))
    return found


def _event(row: FileRow) -> EventRow | Refusal:
    number, reference, status = row.say("number"), row.say("reference"), row.say("status")
    if not number and not reference:
        return row.line.refused("number", "运单号和包裹编号都没有写，不知道是哪个包裹。")
    if not status:
        return row.line.refused("status", "没有写状态。")
    waybill = number_in(row.cell("number")) if number else ""
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
