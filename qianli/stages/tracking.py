"""What couriers say about parcels: events in, states folded, and the cases that follow told of it."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from models import Tracking, TrackingEvent
from qianli.campaigns.tracking import fold
from qianli.couriers import words
from qianli.couriers.protocol import EventRow
from qianli.couriers.registry import FILES
from qianli.stages import tracking_cases
from qianli.stages.courier_files import FileResult, concluded, our_reference
from qianli.stages.event_rows import Matched, match
from qianli.stages.unit import now, today, writing
from qianli.store import code_mappings, transitions
from qianli.store import tracking as store

MAPPED = "状态码有了新的认定"
logger = logging.getLogger(__name__)


def import_events(content: bytes, *, filename: str, by: str) -> FileResult:
    """Write down the events of a file, and what they come to; the same file again changes nothing."""
    found = FILES.read_events(content, filename)
    with writing(by) as session:
        taken = take_in(session, found.rows, by)
    matched = taken.matched
    if strange := sum(not words.is_known(event["code"]) for event in taken.fresh):
        logger.info("%d events bear a word no courier taught us; kept as unknown", strange)
    return concluded(
        len(taken.fresh),
        taken.repeated,
        [*found.refused, *matched.refused],
        [*found.notices, *matched.notices],
        name="events",
        by=by,
    )


@dataclass(frozen=True)
class TakenIn:
    """Events that were new, how many were not, and what was matched to what."""

    fresh: list[dict[str, Any]]
    repeated: int
    matched: Matched


def take_in(session: Session, rows: Sequence[EventRow], by: str, *, speaker: str | None = None) -> TakenIn:
    """Write down what was said of our parcels, by a file or over the wire, with everything that follows from it."""
    parcels = store.lock_parcels(
        session,
        references={our_reference(row.said.reference) for row in rows if row.said.reference},
        waybill_numbers={row.said.waybill_number for row in rows if row.said.waybill_number},
    )
    matched = match(rows, parcels, today=today(), at=now(), speaker=speaker)
    known = store.known_keys(session, keys=matched.events)
    fresh = [event for key, event in matched.events.items() if key not in known]
    store.add_events(session, rows=fresh)
    _follow(session, fresh, by)
    return TakenIn(fresh, len(known) + matched.repeated, matched)


def refold(session: Session, parcel_ids: Collection[int], by: str) -> list[int]:
    """Fold these parcels anew, since what their events mean has changed; the answer is which are elsewhere."""
    history = _events_of(session, parcel_ids)
    folded = {parcel: fold(events) for parcel, events in history.items()}
    changed = transitions.tracking(session, {parcel: asdict(answer) for parcel, answer in folded.items()}, why=MAPPED)
    tracking_cases.follow(session, history, folded, changed, by)
    return changed


def _events_of(session: Session, parcel_ids: Collection[int]) -> dict[int, list[TrackingEvent]]:
    """Parcel id → everything that was said of it, with the codes that people mapped; the rows stay as they are."""
    mappings = code_mappings.live(session)

    def read(event: TrackingEvent) -> TrackingEvent:
        mapping = mappings.get((event.courier, event.code))
        if mapping is None or event.cancels or event.tracking != Tracking.unknown:
            return event
        meant = {"tracking": mapping.tracking, "delivered_to": mapping.delivered_to}
        return TrackingEvent(**event.model_dump() | meant)

    history = store.events_of(session, parcel_ids=parcel_ids)
    return {parcel: [read(event) for event in events] for parcel, events in history.items()}


def _follow(session: Session, fresh: Sequence[dict[str, Any]], by: str) -> None:
    """Fold the parcels that were spoken of, open the cases that follow and settle those that are over."""
    history = _events_of(session, {event["parcel_id"] for event in fresh})
    folded = {parcel: fold(events) for parcel, events in history.items()}
    changed = transitions.tracking(session, {parcel: asdict(answer) for parcel, answer in folded.items()})
    keys = {event["event_key"] for event in fresh}
    said_now = {(one.parcel_id, one.tracking) for events in history.values() for one in events if one.event_key in keys}
    spoken_of = {*changed, *(parcel for parcel, answer in folded.items() if (parcel, answer.tracking) in said_now)}
    tracking_cases.follow(session, history, folded, spoken_of, by)
