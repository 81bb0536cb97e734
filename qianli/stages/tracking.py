"""What couriers say about parcels: events in, states folded, and the cases that follow told of it."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session

from models import Tracking, TrackingEvent
from qianli.campaigns.tracking import Folded, fold
from qianli.couriers import words
from qianli.couriers.connected import is_known
from qianli.couriers.protocol import EventRow
from qianli.couriers.registry import FILES
from qianli.stages import reminders, tracking_cases
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
    found = _events_of(session, parcel_ids)
    folded = found.folded()
    changed = transitions.tracking(session, {parcel: asdict(answer) for parcel, answer in folded.items()}, why=MAPPED)
    _conclude(session, found, folded, changed, by)
    return changed


@dataclass(frozen=True)
class _Events:
    """Parcel id → everything that was said of it; and without what says nothing of where it is, remarks and the like.

    A cancellation takes back the event before it: an unknown one may be that event, a remark never is.
    """

    all: dict[int, list[TrackingEvent]]
    telling: dict[int, list[TrackingEvent]]

    def folded(self) -> dict[int, Folded]:
        """What they come to."""
        return {parcel: fold(events) for parcel, events in self.telling.items()}


def _conclude(session: Session, found: _Events, folded: dict[int, Folded], spoken_of: Collection[int], by: str) -> None:
    tracking_cases.follow(session, found.all, folded, spoken_of, by)
    reminders.follow(session, found.telling, folded)


def _events_of(session: Session, parcel_ids: Collection[int]) -> _Events:
    """What was said of these parcels, with the codes that people mapped; the rows stay as they are."""
    mappings = code_mappings.live(session)

    def read(event: TrackingEvent) -> TrackingEvent:
        mapping = mappings.get((event.courier, event.code))
        if mapping is None or event.cancels or event.tracking != Tracking.unknown:
            return event
        meant = {"tracking": mapping.tracking, "delivered_to": mapping.delivered_to}
        return TrackingEvent(**event.model_dump() | meant)

    def is_telling(event: TrackingEvent) -> bool:
        if event.tracking != Tracking.unknown or event.cancels:
            return True
        return (event.courier, event.code) not in mappings and not is_known(event.courier, event.code)

    history = store.events_of(session, parcel_ids=parcel_ids)
    read_all = {parcel: [read(event) for event in events] for parcel, events in history.items()}
    telling = {parcel: [event for event in events if is_telling(event)] for parcel, events in read_all.items()}
    return _Events(read_all, telling)


def _follow(session: Session, fresh: Sequence[dict[str, Any]], by: str) -> None:
    """Fold the parcels that were spoken of, open the cases that follow and settle those that are over."""
    found = _events_of(session, {event["parcel_id"] for event in fresh})
    folded = found.folded()
    changed = transitions.tracking(session, {parcel: asdict(answer) for parcel, answer in folded.items()})
    keys = {event["event_key"] for event in fresh}
    said = (one for events in found.all.values() for one in events if one.event_key in keys)
    said_now = {(one.parcel_id, one.tracking) for one in said}
    spoken_of = {*changed, *(parcel for parcel, answer in folded.items() if (parcel, answer.tracking) in said_now)}
    _conclude(session, found, folded, spoken_of, by)
