"""Waybill numbers and what couriers said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, CampaignState, Case, CaseReason, Parcel, ParcelStage, Subject, TrackingEvent
from qianli.campaigns.tracking import ENDED, TROUBLE
from qianli.store import journal
from qianli.store.among import among


def lock_parcels(
    session: Session, *, references: Collection[str] = (), waybill_numbers: Collection[str] = ()
) -> list[Parcel]:
    """Parcels with these references or waybill numbers, held until the transaction ends: no two files fold at once.

    What a courier still says of a purged campaign is not taken in again: its parcels are not found.
    """
    purged = select(Campaign.id).where(col(Campaign.purged_at).is_not(None))
    found: dict[int, Parcel] = {}
    for column, values in ((col(Parcel.reference), references), (col(Parcel.waybill_number), waybill_numbers)):
        query = select(Parcel).where(among(column, values), col(Parcel.campaign_id).not_in(purged))
        found |= {parcel.key: parcel for parcel in session.exec(query.order_by(col(Parcel.id)).with_for_update())}
    return list(found.values())


def set_waybills(session: Session, *, numbers: Mapping[int, str]) -> None:
    """Parcel id → its waybill number."""
    if numbers:
        session.execute(
            sa.update(Parcel), [{"id": parcel, "waybill_number": number} for parcel, number in numbers.items()]
        )
        journal.note(session, subject=Subject.parcel, ids=numbers, what="waybill")


def known_keys(session: Session, *, keys: Iterable[str]) -> set[str]:
    """Those of the event keys that are written down already."""
    query = sa.select(col(TrackingEvent.event_key)).where(among(TrackingEvent.event_key, keys))
    return set(session.execute(query).scalars())


def add_events(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write events down; nothing changes them afterwards."""
    if rows:
        session.execute(sa.insert(TrackingEvent), list(rows))


def events_of(session: Session, *, parcel_ids: Iterable[int]) -> dict[int, list[TrackingEvent]]:
    """Parcel id → everything its courier ever said."""
    found: dict[int, list[TrackingEvent]] = {}
    for event in session.exec(select(TrackingEvent).where(among(TrackingEvent.parcel_id, parcel_ids))):
        found.setdefault(event.parcel_id, []).append(event)
    return found


@dataclass(frozen=True)
class Worry:
    """A parcel that may have to become a case."""

    parcel_id: int
    reference: str
    campaign_id: int
    owner: str
    reason: CaseReason


def worried_about(session: Session, *, reasons: Mapping[int, CaseReason]) -> list[Worry]:
    """Parcel id → reason, where we still answer for the parcel: not taken back, campaign not closed."""
    query = _ours(among(Parcel.id, reasons), col(Parcel.stage) != ParcelStage.taken_back)
    return [_worry(parcel, campaign, reasons[parcel.key]) for parcel, campaign in session.execute(query)]


def troubled(session: Session, *, campaign_id: int | None = None) -> list[Worry]:
    """Handed-over parcels in a state a person must act on, for which no case of that reason was ever opened."""
    case_of = sa.case({state.value: reason.value for state, reason in TROUBLE.items()}, value=col(Parcel.tracking))
    opened = sa.exists().where(col(Case.parcel_id) == col(Parcel.id), sa.cast(col(Case.reason), sa.String) == case_of)
    query = _ours(col(Parcel.stage) == ParcelStage.handed_over, col(Parcel.tracking).in_(list(TROUBLE)), ~opened)
    if campaign_id is not None:
        query = query.where(col(Parcel.campaign_id) == campaign_id)
    return [_worry(parcel, campaign, TROUBLE[parcel.tracking]) for parcel, campaign in session.execute(query)]


def silent(session: Session, *, before: datetime, campaign_id: int | None = None) -> list[Worry]:
    """Handed-over parcels that did not arrive and of which nothing was heard since `before`, with no open case of it.

    News is an event, the hand-over, or a person who settled such a case: they are reminded after as long again.
    """
    event = sa.select(sa.func.max(col(TrackingEvent.happened_at))).where(col(TrackingEvent.parcel_id) == col(Parcel.id))
    case = sa.select(col(Case.id)).where(
        col(Case.parcel_id) == col(Parcel.id),
        col(Case.reason) == CaseReason.not_moving,
        sa.or_(col(Case.resolved_at).is_(None), col(Case.resolved_at) > before),
    )
    query = _ours(
        col(Parcel.stage) == ParcelStage.handed_over,
        col(Parcel.tracking).not_in(list(ENDED)),
        col(Parcel.handed_over_at) <= before,
        sa.or_(event.scalar_subquery().is_(None), event.scalar_subquery() <= before),
        ~case.exists(),
    )
    if campaign_id is not None:
        query = query.where(col(Parcel.campaign_id) == campaign_id)
    return [_worry(parcel, campaign, CaseReason.not_moving) for parcel, campaign in session.execute(query)]


def _ours(*conditions: Any) -> Any:
    return (
        sa.select(Parcel, Campaign)
        .join(Campaign, col(Campaign.id) == col(Parcel.campaign_id))
        .where(col(Campaign.state) != CampaignState.closed, *conditions)
        .order_by(col(Parcel.id))
    )


def _worry(parcel: Parcel, campaign: Campaign, reason: CaseReason) -> Worry:
    owner = str(campaign.sender.get("name", "organiser"))
    return Worry(parcel.key, parcel.reference, campaign.key, owner, reason)
