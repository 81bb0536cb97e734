"""What couriers say over the wire, asked or unasked: written down like what stands in their files."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from models import StrayEvent, Tracking
from qianli.couriers.live import Said
from qianli.couriers.protocol import EventRow, Line
from qianli.couriers.spreadsheet import PLACE_LENGTH, STATUS_LENGTH, TEXT_LENGTH
from qianli.interfaces.accounts import Account
from qianli.stages.tracking import take_in
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import stray_events

logger = logging.getLogger(__name__)
STRAYS = 1
NUMBER_LENGTH = 40
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
NO_TIME = "时间不可能，请与快递公司核对。"


@dataclass(frozen=True)
class Recorded:
    """Events that were new, were known, are no parcel's of ours, and of the new ones those of unknown state."""

    fresh: int
    repeated: int
    strays: int
    unknown: int


def record(said: Sequence[Said], *, account: Account, by: str) -> Recorded:
    """Write down what was said, and what follows from it; said again it changes nothing. Nothing of it is lost.

    What is said of no parcel of ours is kept as a stray event, with the reason.
    """
    with writing(by) as session:
        found = _record(session, [_clean(one) for one in said], account.module, by)
    logger.info("%s said %d things: %s", account.code, len(said), found)
    return found


def shards(_campaign_id: int = 0) -> list[int]:
    """One if there are stray events whose number or reference came in since."""
    with reading() as session:
        return [STRAYS] if stray_events.placeable(session, between=(EARLIEST, LATEST)) else []


def run(shard_id: int = STRAYS, *, take_over: bool = False) -> None:  # noqa: ARG001 - one transaction, nobody's lease
    """Give them to their parcels; what still cannot be right stays where it is."""
    with writing(SYSTEM) as session:
        for courier, strays in stray_events.placeable(session, between=(EARLIEST, LATEST)).items():
            rows = [_row(position, _said(stray)) for position, stray in enumerate(strays)]
            taken = take_in(session, rows, SYSTEM, speaker=courier)
            still = {refusal.line.row for refusal in taken.matched.refused}
            placed = [stray.key for position, stray in enumerate(strays) if position not in still]
            stray_events.forget(session, ids=placed)


def _record(session: Session, said: Sequence[Said], courier: str, by: str) -> Recorded:
    rows = [_row(position, one) for position, one in enumerate(said) if EARLIEST < one.happened_at < LATEST]
    taken = take_in(session, rows, by, speaker=courier)
    impossible = [(one, NO_TIME) for one in said if not EARLIEST < one.happened_at < LATEST]
    refused = [(said[one.line.row], one.problem.reason) for one in taken.matched.refused]
    stray_events.keep(session, rows=[_stray(one, courier, why, now()) for one, why in [*refused, *impossible]])
    unknown = sum(event["tracking"] == Tracking.unknown and not event["cancels"] for event in taken.fresh)
    return Recorded(len(taken.fresh), taken.repeated, len(refused) + len(impossible), unknown)


def _row(position: int, said: Said) -> EventRow:
    return EventRow(Line(said.waybill_number or said.reference, position, {}), said)


def _clean(said: Said) -> Said:
    """As long as a column, and without what databases refuse: whoever sends it may be hostile or broken."""
    return replace(
        said,
        waybill_number=_writable(said.waybill_number, NUMBER_LENGTH),
        reference=_writable(said.reference, NUMBER_LENGTH),
        code=_writable(said.code, STATUS_LENGTH),
        text=_writable(said.text, TEXT_LENGTH),
        place=_writable(said.place, PLACE_LENGTH),
        raw=_all_writable(dict(said.raw)),
    )


def _writable(text: str, length: int | None = None) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:length]


def _all_writable(value: Any) -> Any:
    if isinstance(value, str):
        return _writable(value)
    if isinstance(value, dict):
        return {_writable(str(key)): _all_writable(one) for key, one in value.items()}
    return [_all_writable(one) for one in value] if isinstance(value, list) else value


def _stray_key(courier: str, said: Said) -> str:
    parts = (courier, said.waybill_number, said.reference, said.happened_at.isoformat(), said.code, said.text)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _stray(said: Said, courier: str, reason: str, at: datetime) -> dict[str, Any]:
    happened_at = min(max(said.happened_at, EARLIEST), LATEST)
    values = {name: getattr(said, name) for name in stray_events.AS_SAID}
    return values | {
        "courier": courier,
        "event_key": _stray_key(courier, said),
        "happened_at": happened_at,
        "raw": dict(said.raw),
        "reason": reason[:100],
        "recorded_at": at,
    }


def _said(stray: StrayEvent) -> Said:
    return Said(**{name: getattr(stray, name) for name in (*stray_events.AS_SAID, "happened_at", "raw")})
