"""Bookings with couriers' systems: opened, claimed with the intent, answered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Booking, Campaign, Parcel, ParcelStage, Snapshot
from qianli.processes import here
from qianli.store.among import among
from qianli.store.unfinished import ENDED
from qianli.store.voiding import BEFORE_HANDOVER

WITHOUT_ANSWER = (
    col(Booking.answered_at).is_(None),
    col(Booking.refused_at).is_(None),
    col(Booking.cancelled_at).is_(None),
)


def unbooked(session: Session, *, campaign_id: int, accounts: Collection[str]) -> list[Parcel]:
    """Planned parcels under these accounts that have no number and no booking, in sequence."""
    live = select(Booking.parcel_id).where(col(Booking.cancelled_at).is_(None))
    query = select(Parcel).where(
        Parcel.campaign_id == campaign_id,
        Parcel.stage == ParcelStage.planned,
        col(Parcel.waybill_number).is_(None),
        among(Parcel.account, accounts),
        col(Parcel.id).not_in(live),
    )
    return list(session.exec(query.order_by(col(Parcel.sequence))))


def add(session: Session, *, accounts: Mapping[int, str], batch: int) -> None:
    """Open bookings (parcel id → account), so many a batch, before any courier is asked."""
    ids = list(accounts)
    rows = [
        {"parcel_id": id_, "account": accounts[id_], "batch_id": ids[start], "attempt": 0, "route": {}}
        for start in range(0, len(ids), batch)
        for id_ in ids[start : start + batch]
    ]
    if rows:
        session.execute(sa.insert(Booking), [one | {"refused_kind": "", "refused_words": ""} for one in rows])


def _open() -> Any:
    """Bookings without an answer whose parcels are in the house and got no number another way."""
    return (
        sa.select(Booking)
        .join(Parcel, col(Parcel.id) == col(Booking.parcel_id))
        .where(*WITHOUT_ANSWER, col(Parcel.stage).in_(BEFORE_HANDOVER), col(Parcel.waybill_number).is_(None))
    )


def batches(session: Session, *, campaign_id: int) -> list[int]:
    """Batches of a campaign with bookings that have no answer, in order."""
    query = _open().where(col(Parcel.campaign_id) == campaign_id).with_only_columns(col(Booking.batch_id)).distinct()
    return list(session.execute(query.order_by(col(Booking.batch_id))).scalars())


def campaigns(session: Session) -> set[int]:
    """Campaigns, not ended ones, with bookings that have no answer."""
    query = _open().join(Campaign, col(Campaign.id) == col(Parcel.campaign_id))
    query = query.where(col(Campaign.state).not_in(ENDED)).with_only_columns(col(Parcel.campaign_id)).distinct()
    return set(session.execute(query).scalars())


def left(session: Session, *, campaign_id: int) -> int:
    """How many bookings of a campaign have no answer."""
    query = _open().where(col(Parcel.campaign_id) == campaign_id).with_only_columns(sa.func.count())
    return int(session.execute(query).scalar_one())


def of_batch(session: Session, *, batch_id: int) -> list[tuple[int, str]]:
    """Bookings of a batch that have no answer, in order, with their accounts."""
    query = _open().where(col(Booking.batch_id) == batch_id).with_only_columns(col(Booking.id), col(Booking.account))
    return [(id_, account) for id_, account in session.execute(query.order_by(col(Booking.id)))]


def claim(session: Session, *, booking_id: int, at: datetime, lease_s: int, take_over: bool) -> Booking | None:
    """Take a booking and write down that the courier is asked; None if it is answered or in another's hands.

    `attempt` above 1 means that it may have been asked before.
    """
    free = sa.or_(col(Booking.lease_until).is_(None), col(Booking.lease_until) < at, sa.literal(take_over))
    update = (
        sa.update(Booking)
        .where(col(Booking.id) == booking_id, *WITHOUT_ANSWER, free)
        .values(
            attempt=col(Booking.attempt) + 1,
            started_at=at,
            lease_until=at + timedelta(seconds=lease_s),
            worker=here(),
            asked_at=sa.func.coalesce(col(Booking.asked_at), at),
        )
        .returning(Booking)
    )
    return session.execute(update).scalars().first()


def order(session: Session, *, parcel_id: int) -> tuple[Parcel, Snapshot, Campaign]:
    """What a courier has to know comes from these rows."""
    query = (
        sa.select(Parcel, Snapshot, Campaign)
        .join(Snapshot, col(Snapshot.id) == col(Parcel.consignee_snapshot_id))
        .join(Campaign, col(Campaign.id) == col(Parcel.campaign_id))
        .where(col(Parcel.id) == parcel_id)
    )
    parcel, consignee, campaign = session.execute(query).one()
    return parcel, consignee, campaign


def let_go(session: Session, *, booking: Booking) -> None:
    """Give up a claim, if it is still held: the next one need not wait for the lease."""
    session.execute(_held(booking).values(lease_until=None))


def answered(
    session: Session, *, booking: Booking, waybill_number: str, route: Mapping[str, str], at: datetime
) -> bool:
    """The courier's number is here; False if another worker has the booking now, and comes to the same."""
    update = _held(booking).values(answered_at=at, lease_until=None, waybill_number=waybill_number, route=dict(route))
    return session.execute(update.returning(col(Booking.id))).first() is not None


def refused(session: Session, *, booking: Booking, kind: str, words: str, at: datetime) -> bool:
    """The courier will not take it; False if another worker has the booking now."""
    update = _held(booking).values(refused_at=at, lease_until=None, refused_kind=kind[:20], refused_words=words[:300])
    return session.execute(update.returning(col(Booking.id))).first() is not None


def _held(booking: Booking) -> Any:
    """An update of the booking for as long as this attempt holds it."""
    return sa.update(Booking).where(
        col(Booking.id) == booking.key, col(Booking.attempt) == booking.attempt, *WITHOUT_ANSWER
    )


def _to_cancel(at: datetime) -> Any:
    """Bookings a courier has or may have, whose parcels are void, and which nobody works on."""
    return (
        sa.select(Booking)
        .join(Parcel, col(Parcel.id) == col(Booking.parcel_id))
        .where(
            col(Parcel.stage) == ParcelStage.voided,
            col(Booking.asked_at).is_not(None),
            col(Booking.refused_at).is_(None),
            col(Booking.cancelled_at).is_(None),
            col(Booking.cancel_refused_at).is_(None),
            sa.or_(col(Booking.lease_until).is_(None), col(Booking.lease_until) < at),
        )
    )


def to_cancel(session: Session, *, campaign_id: int, at: datetime) -> list[Booking]:
    """Bookings of a campaign's void parcels that their couriers are to cancel."""
    query = _to_cancel(at).where(col(Parcel.campaign_id) == campaign_id).order_by(col(Booking.id))
    return list(session.execute(query).scalars())


def ever_booked(session: Session, *, parcel_ids: Collection[int]) -> set[int]:
    """Those of these parcels that have a booking which is not refused, cancelled or not."""
    query = select(Booking.parcel_id).where(among(Booking.parcel_id, parcel_ids), col(Booking.refused_at).is_(None))
    return set(session.exec(query))


def to_unbook(session: Session, *, parcel_ids: Collection[int], at: datetime | None) -> dict[int, int]:
    """Parcel id → its booking that a courier has or may have, though it would not give it up before.

    With `at`, only those nobody works on at that moment.
    """
    query = sa.select(col(Booking.parcel_id), col(Booking.id)).where(
        among(Booking.parcel_id, parcel_ids),
        col(Booking.asked_at).is_not(None),
        col(Booking.refused_at).is_(None),
        col(Booking.cancelled_at).is_(None),
    )
    if at is not None:
        query = query.where(sa.or_(col(Booking.lease_until).is_(None), col(Booking.lease_until) < at))
    return dict(session.execute(query.order_by(col(Booking.id))).tuples().all())


def outcome(session: Session, *, campaign_id: int) -> tuple[int, int]:
    """How many parcels of a campaign, not void ones, have a courier's number; and how many couriers refused."""
    query = (
        sa.select(
            sa.func.count(sa.case((col(Parcel.stage) != ParcelStage.voided, col(Booking.answered_at)))),
            sa.func.count(col(Booking.refused_at)),
        )
        .join(Parcel, col(Parcel.id) == col(Booking.parcel_id))
        .where(col(Parcel.campaign_id) == campaign_id, col(Booking.cancelled_at).is_(None))
    )
    booked, refused = session.execute(query).one()
    return int(booked), int(refused)


def campaigns_to_cancel(session: Session, *, at: datetime) -> set[int]:
    """Campaigns with such bookings."""
    return set(session.execute(_to_cancel(at).with_only_columns(col(Parcel.campaign_id)).distinct()).scalars())


def by_id(session: Session, *, booking_id: int) -> Booking:
    """One booking that is known to exist."""
    return session.get_one(Booking, booking_id)


def cancelled(session: Session, *, booking_id: int, at: datetime) -> None:
    """The courier has it no more."""
    session.execute(sa.update(Booking).where(col(Booking.id) == booking_id).values(cancelled_at=at))


def cancel_refused(session: Session, *, booking_id: int, at: datetime) -> None:
    """The courier does not give it up: a person has to see to it."""
    session.execute(sa.update(Booking).where(col(Booking.id) == booking_id).values(cancel_refused_at=at))


def routes(session: Session, *, parcel_ids: Sequence[int]) -> dict[int, str]:
    """Parcel id → the sorters' code of its booking, where it has one."""
    query = select(Booking.parcel_id, Booking.route).where(
        among(Booking.parcel_id, parcel_ids), col(Booking.answered_at).is_not(None), col(Booking.cancelled_at).is_(None)
    )
    return {id_: str(route["route_code"]) for id_, route in session.exec(query) if route.get("route_code")}
