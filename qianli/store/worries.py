"""Parcels that may have to become cases: in trouble by their courier's word, or silent for too long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Campaign,
    CampaignState,
    Case,
    CaseReason,
    Parcel,
    ParcelStage,
    Reminder,
    ReminderReason,
    Residence,
    Snapshot,
    Tracking,
    TrackingEvent,
)
from qianli.campaigns.tracking import ENDED, TROUBLE
from qianli.store import residences
from qianli.store.among import among
from qianli.store.moved import PLACE


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
        ~_waits(),  # that has its own clock
    )
    if campaign_id is not None:
        query = query.where(col(Parcel.campaign_id) == campaign_id)
    return [_worry(parcel, campaign, CaseReason.not_moving) for parcel, campaign in session.execute(query)]


def waiting(
    session: Session,
    *,
    until: datetime,
    reason: CaseReason,
    since: datetime | None = None,
    campaign_id: int | None = None,
) -> list[Worry]:
    """Parcels that have waited for their members from `until` or before (but after `since`), told of once each time."""
    told = sa.exists().where(
        col(Case.parcel_id) == col(Parcel.id), col(Case.reason) == reason, col(Case.opened_at) >= col(Reminder.since_at)
    )
    there = _waits(
        col(Reminder.since_at) <= until,
        *([] if since is None else [col(Reminder.since_at) > since]),
        ~told.correlate(Parcel, Reminder),
    )
    query = _ours(col(Parcel.stage) == ParcelStage.handed_over, col(Parcel.tracking) == Tracking.awaiting_pickup, there)
    if campaign_id is not None:
        query = query.where(col(Parcel.campaign_id) == campaign_id)
    return [_worry(parcel, campaign, reason) for parcel, campaign in session.execute(query)]


def moved(session: Session, *, on: date, campaign_id: int | None = None) -> list[Worry]:
    """Parcels under way whose consignees live elsewhere on a day than they go to, told of once for each new address."""
    under_way = (
        col(Parcel.stage) == ParcelStage.handed_over,
        col(Parcel.tracking).not_in([*ENDED, Tracking.returning]),
        *([] if campaign_id is None else [col(Parcel.campaign_id) == campaign_id]),
    )
    whose = sa.select(col(Snapshot.member_id)).join(Parcel, col(Parcel.consignee_snapshot_id) == col(Snapshot.id))
    there = residences.holding(col(Residence.member_id).in_(whose.where(*under_way)), on=on)
    told = sa.exists().where(
        col(Case.parcel_id) == col(Parcel.id),
        col(Case.reason) == CaseReason.moved_on_the_way,
        col(Case.opened_at) >= col(Residence.recorded_at),
    )
    elsewhere = (
        sa.select(col(Parcel.id))
        .join(Snapshot, col(Snapshot.id) == col(Parcel.consignee_snapshot_id))
        .join(there, there.c.member_id == col(Snapshot.member_id))
        .join(Residence, col(Residence.id) == there.c.id)
        .where(
            *under_way,
            col(Snapshot.residence_id).is_not(None),
            there.c.id != col(Snapshot.residence_id),
            sa.or_(*(getattr(Residence, name).is_distinct_from(getattr(Snapshot, name)) for name in PLACE)),
            ~told.correlate(Parcel, Residence),
        )
    )
    query = _ours(col(Parcel.id).in_(elsewhere))
    return [_worry(parcel, campaign, CaseReason.moved_on_the_way) for parcel, campaign in session.execute(query)]


def _waits(*conditions: Any) -> Any:
    """Whether the parcel waits for a member of whom we have not heard."""
    return sa.exists().where(
        col(Reminder.parcel_id) == col(Parcel.id),
        col(Reminder.reason) == ReminderReason.waiting_at,
        col(Reminder.ended_at).is_(None),
        *conditions,
    )


def _ours(*conditions: Any) -> Any:
    return (
        sa.select(Parcel, Campaign)
        .join(Campaign, col(Campaign.id) == col(Parcel.campaign_id))
        .where(col(Campaign.state) != CampaignState.closed, *conditions)
        .order_by(col(Parcel.id))
    )


def _worry(parcel: Parcel, campaign: Campaign, reason: CaseReason) -> Worry:
    return Worry(parcel.key, parcel.reference, campaign.key, campaign.owner, reason)
