"""Waybill numbers and what couriers said."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, Parcel, Subject, TrackingEvent
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


def set_waybills(session: Session, *, numbers: Mapping[int, str], year: int) -> None:
    """Parcel id → its waybill number, given in this year."""
    if numbers:
        rows = [{"id": id_, "waybill_number": number, "booked_year": year} for id_, number in numbers.items()]
        session.execute(sa.update(Parcel), rows)
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
