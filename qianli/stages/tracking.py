"""What couriers say about parcels: events in, states folded, cases opened and settled."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import CaseOutcome, CaseReason, Tracking, TrackingEvent
from qianli.campaigns.cases import case_words
from qianli.campaigns.tracking import ANSWERED_BY_DELIVERY, TROUBLE, Folded, fold, stands_still
from qianli.couriers import words
from qianli.couriers.registry import FILES
from qianli.settings import settings
from qianli.stages.courier_files import FileResult, concluded, our_reference
from qianli.stages.event_rows import match
from qianli.stages.unit import SYSTEM, now, reading, today, writing
from qianli.store import cases, transitions
from qianli.store import tracking as store

logger = logging.getLogger(__name__)


def import_events(content: bytes, *, filename: str, by: str) -> FileResult:
    """Write down the events of a file, and what they come to; the same file again changes nothing."""
    found = FILES.read_events(content, filename)
    with writing(by) as session:
        parcels = store.lock_parcels(
            session,
            references={our_reference(row.reference) for row in found.rows if row.reference},
            waybill_numbers={row.waybill_number for row in found.rows if row.waybill_number},
        )
        matched = match(found.rows, parcels, today=today(), at=now())
        known = store.known_keys(session, keys=matched.events)
        fresh = [event for key, event in matched.events.items() if key not in known]
        store.add_events(session, rows=fresh)
        _follow(session, fresh, by)
    if strange := sum(not words.is_known(event["code"]) for event in fresh):
        logger.info("%d events bear a word no courier taught us; kept as unknown", strange)
    return concluded(
        len(fresh),
        len(known) + matched.repeated,
        [*found.refused, *matched.refused],
        [*found.notices, *matched.notices],
        name="events",
        by=by,
    )


def _follow(session: Session, fresh: Sequence[dict[str, Any]], by: str) -> None:
    """Fold the parcels that were spoken of, open the cases that follow and settle those that are over."""
    history = store.events_of(session, parcel_ids={event["parcel_id"] for event in fresh})
    folded = {parcel: fold(events) for parcel, events in history.items()}
    changed = transitions.tracking(session, {parcel: asdict(answer) for parcel, answer in folded.items()})
    said_now = {(event["parcel_id"], event["tracking"]) for event in fresh}
    reasons = {
        parcel: TROUBLE[answer.tracking]
        for parcel, answer in folded.items()
        if answer.tracking in TROUBLE and (parcel in set(changed) or (parcel, answer.tracking) in said_now)
    }
    _open(session, store.worried_about(session, reasons=reasons))
    _settle(session, history, folded, by)


def _open(session: Session, worries: Sequence[store.Worry]) -> None:
    new = []
    for worry in worries:
        told = case_words(worry.reason, parcel=worry.reference)
        new.append(
            cases.NewCase(
                campaign_id=worry.campaign_id,
                parcel_id=worry.parcel_id,
                reason=worry.reason,
                sentence=told.sentence,
                next_step=told.next_step,
                owner=worry.owner,
            )
        )
    cases.open_many(session, cases=new, at=now())


def _settle(session: Session, history: dict[int, list[TrackingEvent]], folded: dict[int, Folded], by: str) -> None:
    """A delivery answers what went wrong on the way; news of any kind answers that there was none."""
    at = now()
    over: list[int] = []
    for case in cases.open_cases(session, parcel_ids=history):
        parcel = case.parcel_id or 0
        arrived = folded[parcel].tracking == Tracking.delivered and case.reason in ANSWERED_BY_DELIVERY
        if arrived or (case.reason == CaseReason.not_moving and not _is_silent(history[parcel], at)):
            over.append(case.key)
    cases.resolve_cases(session, ids=over, outcome=CaseOutcome.found, by=by, at=at)


def _is_silent(events: Sequence[TrackingEvent], at: datetime) -> bool:
    last = max(event.happened_at for event in events)
    return stands_still(last, now=at, after_days=settings().not_moving_after_days)


def shards(_campaign_id: int = 0) -> list[int]:
    """Ids of the campaigns with parcels that should become cases; none when there is nothing to do."""
    with reading() as session:
        worries = [*store.troubled(session), *store.silent(session, before=_long_ago())]
    return sorted({worry.campaign_id for worry in worries})


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - one transaction, nobody's lease to take
    """Open the cases of one campaign: parcels in trouble, parcels that stand still. Twice is the same as once."""
    with writing(SYSTEM) as session:
        _open(session, store.troubled(session, campaign_id=shard_id))
        _open(session, store.silent(session, before=_long_ago(), campaign_id=shard_id))


def _long_ago() -> datetime:
    return now() - timedelta(days=settings().not_moving_after_days)
