"""From rows of a courier's file to events of our parcels."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from models import Parcel, ParcelStage
from qianli.couriers.live import Said
from qianli.couriers.moments import ZONE
from qianli.couriers.protocol import EventRow, Line, Refusal
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


def match(
    rows: Iterable[EventRow], parcels: Iterable[Parcel], *, today: date, at: datetime, speaker: str | None = None
) -> Matched:
    """Which event is which parcel's. `at` is when we write them down; a date far after `today` is a slip of the pen.

    `speaker` is the courier or tracker that told us over the wire; what a file says, the parcel's own courier says.
    """
    matched = Matched()
    by_reference = {parcel.reference: parcel for parcel in parcels}
    by_number = _by_number(by_reference.values())
    for row in rows:
        found = _parcel_of(row, by_reference, by_number, speaker)
        if isinstance(found, Refusal):
            matched.refused.append(found)
        elif _day(row) > today + SURELY_WRONG:
            matched.refused.append(row.line.refused("time", "时间在一年以后，请核对年份。"))
        elif _keep(matched, row.said, found, speaker or found.courier, at):
            _remark(matched, row.line, found, early=_day(row) > today)
    return matched


def _by_number(parcels: Iterable[Parcel]) -> dict[str, list[Parcel]]:
    """The parcels a number may mean: of each courier the one booked last, since numbers come again after years."""
    newest = {(one.waybill_number or "", one.courier): one for one in sorted(parcels, key=_booked_year)}
    found: dict[str, list[Parcel]] = defaultdict(list)
    for (number, _), parcel in newest.items():
        found[number].append(parcel)
    return found


def _booked_year(parcel: Parcel) -> int:
    return parcel.booked_year or 0


def _day(row: EventRow) -> date:
    return row.said.happened_at.astimezone(ZONE).date()


def _keep(matched: Matched, said: Said, parcel: Parcel, speaker: str, at: datetime) -> bool:
    """Keep an event; False if it was there already."""
    key = event_key(speaker, parcel.reference, said)
    if key in matched.events:
        matched.repeated += 1
        return False
    matched.events[key] = _event(key, said, parcel, speaker, at)
    return True


def _remark(matched: Matched, line: Line, parcel: Parcel, *, early: bool) -> None:
    if early:
        matched.notices.append(line.problem("time", "时间在今天之后，已照录，请核对日期。"))
    if remark := ODD_STAGE.get(parcel.stage):
        matched.notices.append(line.problem(_named_by(line), remark))


def _parcel_of(
    row: EventRow,
    by_reference: Mapping[str, Parcel],
    by_number: Mapping[str, list[Parcel]],
    speaker: str | None,
) -> Parcel | Refusal:
    number, reference = row.said.waybill_number, row.said.reference
    ours = by_reference.get(our_reference(reference)) if reference else None
    if ours is not None:
        if number and ours.waybill_number and number != ours.waybill_number:
            return row.line.refused("number", "运单号与包裹编号对不上，请核对是哪个包裹。")
        return ours
    theirs = by_number.get(number, []) if number else []
    theirs = [parcel for parcel in theirs if parcel.courier == speaker] or theirs
    if len(theirs) == 1:
        return theirs[0]  # the reference column may hold an order number of the courier's own
    if theirs:
        return row.line.refused("number", "两家快递公司都有这个运单号，请另加一列“包裹编号”。")
    if number:
        return row.line.refused("number", "没有登记过这个运单号，请先导入运单号表，或核对是不是别的单位的包裹。")
    return row.line.refused("reference", unknown_reference(reference))


def _named_by(line: Line) -> str:
    return "number" if line.raw().get("number") else "reference"


def event_key(speaker: str, reference: str, said: Said) -> str:
    """The same event has the same key, however often it is sent and whichever number of the parcel it is sent by."""
    parts = (speaker, reference, said.happened_at.isoformat(), said.code, said.text)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _event(key: str, said: Said, parcel: Parcel, speaker: str, at: datetime) -> dict[str, Any]:
    return {
        "event_key": key,
        "parcel_id": parcel.key,
        "courier": speaker,
        "code": said.code,
        "tracking": said.tracking,
        "delivered_to": said.delivered_to,
        "returned_for": said.returned_for,
        "cancels": said.cancels,
        "happened_at": said.happened_at,
        "text": said.text,
        "place": said.place,
        "raw": dict(said.raw),
        "recorded_at": at,
    }
