"""From rows of a courier's file to events of our parcels."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from models import Parcel, ParcelStage
from qianli.couriers.moments import ZONE
from qianli.couriers.protocol import EventRow, Line, Refusal
from qianli.couriers.words import returned_for
from qianli.ledger.problems import RowProblem
from qianli.stages.courier_files import our_reference, unknown_reference

SURELY_WRONG = timedelta(days=366)
#: An event of a parcel we have not handed over: it is kept, since the courier seems to have it, and said.
EARLY = "系统里这个包裹还没有登记交接，快递却有了轨迹；请尽快登记交接。"
ODD_STAGE = {
    ParcelStage.planned: EARLY,
    ParcelStage.printed: EARLY,
    ParcelStage.packed: EARLY,
    ParcelStage.voided: "这个包裹已经作废，快递却有了轨迹；请核实是不是误寄。",
}


@dataclass
class Matched:
    """Events by key, each once, and the rows that belong to no parcel."""

    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    repeated: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)


def match(rows: Iterable[EventRow], parcels: Iterable[Parcel], *, today: date, at: datetime) -> Matched:
    """Which event is which parcel's. `at` is when we write them down; a date far after `today` is a slip of the pen."""
    matched = Matched()
    by_reference = {parcel.reference: parcel for parcel in parcels}
    by_number: dict[str, list[Parcel]] = defaultdict(list)
    for parcel in by_reference.values():
        by_number[parcel.waybill_number or ""].append(parcel)
    for row in rows:
        found = _parcel_of(row, by_reference, by_number)
        if isinstance(found, Refusal):
            matched.refused.append(found)
        elif _day(row) > today + SURELY_WRONG:
            matched.refused.append(row.line.refused("time", "时间在一年以后，请核对年份。"))
        else:
            _keep(matched, row, found, at, early=_day(row) > today)
    return matched


def _day(row: EventRow) -> date:
    return row.happened_at.astimezone(ZONE).date()


def _keep(matched: Matched, row: EventRow, parcel: Parcel, at: datetime, *, early: bool) -> None:
    key = event_key(parcel.courier, parcel.reference, row)
    if key in matched.events:
        matched.repeated += 1
        return
    matched.events[key] = _event(key, row, parcel, at)
    if early:
        matched.notices.append(row.line.problem("time", "时间在今天之后，已照录，请核对日期。"))
    if remark := ODD_STAGE.get(parcel.stage):
        matched.notices.append(row.line.problem(_named_by(row.line), remark))


def _parcel_of(
    row: EventRow, by_reference: Mapping[str, Parcel], by_number: Mapping[str, list[Parcel]]
) -> Parcel | Refusal:
    number, ours = row.waybill_number, by_reference.get(our_reference(row.reference)) if row.reference else None
    if ours is not None:
        if number and ours.waybill_number and number != ours.waybill_number:
            return row.line.refused("number", "运单号与包裹编号对不上，请核对是哪个包裹。")
        return ours
    theirs = by_number.get(number, []) if number else []
    if len(theirs) == 1:
        return theirs[0]  # the reference column may hold an order number of the courier's own
    if theirs:
        return row.line.refused("number", "两家快递公司都有这个运单号，请另加一列“包裹编号”。")
    if number:
        return row.line.refused("number", "没有登记过这个运单号，请先导入运单号表，或核对是不是别的单位的包裹。")
    return row.line.refused("reference", unknown_reference(row.reference))


def _named_by(line: Line) -> str:
    return "number" if line.raw().get("number") else "reference"


def event_key(courier: str, reference: str, row: EventRow) -> str:
    """The same event has the same key, however often it is sent and whichever number of the parcel it is sent by."""
    parts = (courier, reference, row.happened_at.isoformat(), row.status, row.text)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _event(key: str, row: EventRow, parcel: Parcel, at: datetime) -> dict[str, Any]:
    return {
        "event_key": key,
        "parcel_id": parcel.key,
        "courier": parcel.courier,
        "code": row.status,
        "tracking": row.tracking,
        "delivered_to": row.delivered_to,
        "returned_for": returned_for(row.status, row.text, row.tracking),
        "cancels": row.cancels,
        "happened_at": row.happened_at,
        "text": row.text,
        "place": row.place,
        "raw": row.line.raw(),
        "recorded_at": at,
    }
