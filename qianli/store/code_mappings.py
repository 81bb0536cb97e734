"""Couriers' codes that nobody knows, and what people said they mean."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import CodeMapping, DeliveredTo, Parcel, Snapshot, Tracking, TrackingEvent

LIVE = col(CodeMapping.replaced_at).is_(None)


@dataclass(frozen=True)
class Unmapped:
    """A code of events of unknown state: how often, since when, one of its texts and whom that may name."""

    courier: str
    code: str
    count: int
    since: datetime
    text: str
    consignee: str


def unmapped(session: Session) -> list[Unmapped]:
    """Codes of unknown state that no person mapped, the most frequent first."""
    mapped = sa.exists().where(
        LIVE, col(CodeMapping.courier) == col(TrackingEvent.courier), col(CodeMapping.code) == col(TrackingEvent.code)
    )
    counted = (
        sa.select(
            sa.func.count().label("count"),
            sa.func.min(col(TrackingEvent.recorded_at)).label("since"),
            sa.func.max(col(TrackingEvent.id)).label("example"),
        )
        .where(
            col(TrackingEvent.tracking) == Tracking.unknown,
            col(TrackingEvent.cancels).is_(False),
            col(TrackingEvent.code) != "",
            ~mapped,
        )
        .group_by(col(TrackingEvent.courier), col(TrackingEvent.code))
        .subquery()
    )
    query = (
        sa.select(
            col(TrackingEvent.courier),
            col(TrackingEvent.code),
            counted.c.count,
            counted.c.since,
            col(TrackingEvent.text),
            col(Snapshot.name),
        )
        .join(counted, counted.c.example == col(TrackingEvent.id))
        .join(Parcel, col(Parcel.id) == col(TrackingEvent.parcel_id))
        .join(Snapshot, col(Snapshot.id) == col(Parcel.consignee_snapshot_id))
        .order_by(counted.c.count.desc(), col(TrackingEvent.courier), col(TrackingEvent.code))
    )
    return [Unmapped(*row) for row in session.execute(query)]


def example_ids(session: Session) -> dict[tuple[str, str], int]:
    """(courier, code) of unknown state → the first event that bore it: what a page calls the code by."""
    query = (
        sa.select(col(TrackingEvent.courier), col(TrackingEvent.code), sa.func.min(col(TrackingEvent.id)))
        .where(col(TrackingEvent.tracking) == Tracking.unknown, col(TrackingEvent.code) != "")
        .group_by(col(TrackingEvent.courier), col(TrackingEvent.code))
    )
    return {(courier, code): id_ for courier, code, id_ in session.execute(query)}


def live(session: Session) -> dict[tuple[str, str], CodeMapping]:
    """(courier, code) → what it means, as people say now."""
    return {(one.courier, one.code): one for one in session.exec(select(CodeMapping).where(LIVE))}


def set_live(
    session: Session, *, courier: str, code: str, tracking: Tracking, delivered_to: DeliveredTo | None, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """From now on the code means this; what it meant before stays on record."""
    before = sa.update(CodeMapping).where(LIVE, col(CodeMapping.courier) == courier, col(CodeMapping.code) == code)
    session.execute(before.values(replaced_at=at))
    session.add(CodeMapping(
        courier=courier, code=code, tracking=tracking, delivered_to=delivered_to, mapped_by=by, mapped_at=at,
    ))  # fmt: skip
    session.flush()


def lock_parcels(session: Session, *, courier: str, code: str) -> list[int]:
    """Ids of the parcels with events of this code and unknown state, held until the transaction ends."""
    spoken_of = sa.select(col(TrackingEvent.parcel_id)).where(
        col(TrackingEvent.courier) == courier,
        col(TrackingEvent.code) == code,
        col(TrackingEvent.tracking) == Tracking.unknown,
    )
    query = sa.select(col(Parcel.id)).where(col(Parcel.id).in_(spoken_of)).order_by(col(Parcel.id))
    return [id_ for id_ in session.execute(query.with_for_update()).scalars() if id_ is not None]
