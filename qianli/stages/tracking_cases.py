"""The cases that follow from what couriers say, and from their silence: opened, and settled by later news."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from models import CaseOutcome, CaseReason, Tracking, TrackingEvent
from qianli.campaigns.cases import case_words
from qianli.campaigns.tracking import ANSWERED_BY_DELIVERY, TROUBLE, Folded
from qianli.settings import settings
from qianli.stages import reminders
from qianli.stages.calendar import working_days_before
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import cases, worries
from qianli.store.worries import Worry


def follow(
    session: Session,
    history: Mapping[int, Sequence[TrackingEvent]],
    folded: Mapping[int, Folded],
    spoken_of: Collection[int],
    by: str,
) -> None:
    """Open the cases of the parcels whose present state was said now; settle cases and reminders the news answers."""
    reasons = {
        parcel: TROUBLE[answer.tracking]
        for parcel, answer in folded.items()
        if parcel in spoken_of and answer.tracking in TROUBLE
    }
    _open(session, worries.worried_about(session, reasons=reasons))
    _settle(session, history, folded, by)
    reminders.follow(session, history, folded)


def _open(session: Session, found: Sequence[Worry]) -> None:
    new = []
    for worry in found:
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


def _settle(
    session: Session, history: Mapping[int, Sequence[TrackingEvent]], folded: Mapping[int, Folded], by: str
) -> None:
    """A delivery answers what went wrong on the way; news of any kind answers that there was none."""
    at, long_ago = now(), _long_ago()
    over: list[int] = []
    for case in cases.open_cases(session, parcel_ids=history):
        parcel = case.parcel_id or 0
        arrived = folded[parcel].tracking == Tracking.delivered and case.reason in ANSWERED_BY_DELIVERY
        news = max(event.happened_at for event in history[parcel])
        if arrived or (case.reason == CaseReason.not_moving and news > long_ago):
            over.append(case.key)
    cases.resolve_cases(session, ids=over, outcome=CaseOutcome.found, by=by, at=at)


def shards(_campaign_id: int = 0) -> list[int]:
    """Ids of the campaigns with parcels that should become cases; none when there is nothing to do."""
    with reading() as session:
        found = [*worries.troubled(session), *worries.silent(session, before=_long_ago())]
    return sorted({worry.campaign_id for worry in found})


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - one transaction, nobody's lease to take
    """Open the cases of one campaign: parcels in trouble, parcels that stand still. Twice is the same as once."""
    with writing(SYSTEM) as session:
        _open(session, worries.troubled(session, campaign_id=shard_id))
        _open(session, worries.silent(session, before=_long_ago(), campaign_id=shard_id))


def _long_ago() -> datetime:
    """News from before then is so many working days old that the parcel stands still."""
    return working_days_before(now(), settings().not_moving_after_days)
