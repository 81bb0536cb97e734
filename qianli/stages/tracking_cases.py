"""The cases that follow from what couriers say, and from their silence: opened, and settled by later news."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from models import CaseOutcome, CaseReason, DeliveredTo, Tracking, TrackingEvent
from qianli.campaigns.cases import case_words
from qianli.campaigns.tracking import ANSWERED_BY_DELIVERY, AT_A_PICKUP_POINT, OVERTAKES, TROUBLE, Folded
from qianli.settings import settings
from qianli.stages.calendar import working_days_before
from qianli.stages.unit import SYSTEM, now, reading, today, writing
from qianli.store import cases, worries
from qianli.store.worries import Worry


def follow(
    session: Session,
    history: Mapping[int, Sequence[TrackingEvent]],
    folded: Mapping[int, Folded],
    spoken_of: Collection[int],
    by: str,
) -> None:
    """Open the cases of the parcels whose present state was said now; settle those that the news answers."""
    reasons = {
        parcel: TROUBLE[answer.tracking]
        for parcel, answer in folded.items()
        if parcel in spoken_of and answer.tracking in TROUBLE
    }
    _open(session, worries.worried_about(session, reasons=reasons))
    _settle(session, history, folded, by)


def open_about(session: Session, reasons: Mapping[int, CaseReason]) -> None:
    """Open cases about parcels, by id, that we still answer for."""
    _open(session, worries.worried_about(session, reasons=reasons))


def settle_about(session: Session, parcel_id: int, outcomes: Mapping[CaseReason, CaseOutcome]) -> None:
    """End a parcel's open cases of these reasons."""
    found = cases.open_cases(session, parcel_ids=[parcel_id])
    for outcome in {*outcomes.values()}:
        ids = [one.key for one in found if outcomes.get(one.reason) == outcome]
        cases.resolve_cases(session, ids=ids, outcome=outcome, by=SYSTEM, at=now())


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
    """A delivery answers what went wrong on the way, news that there was none; what came to worse is overtaken."""
    at, long_ago = now(), _long_ago()
    over: dict[CaseOutcome, list[int]] = {CaseOutcome.found: [], CaseOutcome.overtaken: [], CaseOutcome.settled: []}
    for case in cases.open_cases(session, parcel_ids=history):
        parcel = case.parcel_id or 0
        news = max(event.happened_at for event in history[parcel])
        if outcome := _outcome(case.reason, folded[parcel], is_news=news > long_ago):
            over[outcome].append(case.key)
    for outcome, ids in over.items():
        cases.resolve_cases(session, ids=ids, outcome=outcome, by=by, at=at)


def _outcome(reason: CaseReason, now_: Folded, *, is_news: bool) -> CaseOutcome | None:
    """How a case ends by what the courier says now; None if it goes on."""
    tracking = now_.tracking
    if reason == CaseReason.undecided and tracking != Tracking.unknown:
        return CaseOutcome.settled  # it took the parcel
    if reason == CaseReason.moved_on_the_way and now_.delivered_to == DeliveredTo.member:
        return CaseOutcome.found  # whoever else signed for it at the old address answers nothing
    if tracking == Tracking.delivered and reason in ANSWERED_BY_DELIVERY:
        return CaseOutcome.found
    if reason in OVERTAKES.get(tracking, ()):
        return CaseOutcome.overtaken
    gone_on = reason in AT_A_PICKUP_POINT and tracking != Tracking.awaiting_pickup
    return CaseOutcome.found if gone_on or (reason == CaseReason.not_moving and is_news) else None


def shards(_campaign_id: int = 0) -> list[int]:
    """Ids of the campaigns with parcels that should become cases; none when there is nothing to do."""
    with reading() as session:
        return sorted({worry.campaign_id for worry in _worries(session)})


def run(shard_id: int, *, take_over: bool = False) -> None:  # noqa: ARG001 - one transaction, nobody's lease to take
    """Open the cases of one campaign: in trouble, standing still, waiting too long. Twice is the same as once."""
    with writing(SYSTEM) as session:
        found = _worries(session, campaign_id=shard_id)
        _open(session, found)
        near = {worry.parcel_id for worry in found if worry.reason == CaseReason.return_near}
        late = [one.key for one in cases.open_cases(session, parcel_ids=near) if one.reason == CaseReason.waiting]
        cases.resolve_cases(session, ids=late, outcome=CaseOutcome.overtaken, by=SYSTEM, at=now())


def _worries(session: Session, *, campaign_id: int | None = None) -> list[Worry]:
    waiting = now() - timedelta(days=settings().waiting_after_days)
    near = now() - timedelta(days=settings().return_near_after_days)
    return [
        *worries.troubled(session, campaign_id=campaign_id),
        *worries.moved(session, on=today(), campaign_id=campaign_id),
        *worries.silent(session, before=_long_ago(), campaign_id=campaign_id),
        *worries.waiting(session, since=near, until=waiting, reason=CaseReason.waiting, campaign_id=campaign_id),
        *worries.waiting(session, until=near, reason=CaseReason.return_near, campaign_id=campaign_id),
    ]


def _long_ago() -> datetime:
    """News from before then is so many working days old that the parcel stands still."""
    return working_days_before(now(), settings().not_moving_after_days)
