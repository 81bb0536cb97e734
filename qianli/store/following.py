"""Which parcels are followed by asking, and which of them are due."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Approval, Campaign, CampaignState, Following, Parcel, ParcelStage, Snapshot, Tracking, TrackingEvent
from qianli.campaigns.tracking import ENDED
from qianli.store.among import among


@dataclass(frozen=True)
class Due:
    """A parcel to ask after. `phone` is the consignee's, of which a courier may want the last four digits."""

    parcel_id: int
    waybill_number: str
    courier: str
    phone: str | None
    is_subscribed: bool
    due_at: datetime


@dataclass(frozen=True)
class Known:
    """Where a parcel is after an answer, and when the courier last spoke of it."""

    tracking: Tracking
    news_at: datetime | None


def _under_way() -> list[Any]:
    return [
        col(Parcel.stage) == ParcelStage.handed_over,
        col(Parcel.tracking).not_in(list(ENDED)),
        col(Parcel.waybill_number).is_not(None),
        col(Parcel.campaign_id).in_(
            sa.select(col(Campaign.id)).where(
                col(Campaign.state) != CampaignState.closed, col(Campaign.purged_at).is_(None)
            )
        ),
    ]


def approved_couriers(session: Session) -> dict[int, dict[str, Any]]:
    """Campaign id → what its definition says of couriers, of those under way whose approval is in force."""
    approved = sa.exists().where(col(Approval.campaign_id) == col(Campaign.id), col(Approval.voided_at).is_(None))
    query = sa.select(col(Campaign.id), col(Campaign.couriers)).where(
        approved, col(Campaign.state) != CampaignState.closed, col(Campaign.purged_at).is_(None)
    )
    return {row.id: row.couriers for row in session.execute(query)}


def enrol(
    session: Session, *, account: str, couriers: Collection[str], at: datetime, campaigns: Collection[int] | None = None
) -> None:
    """Parcels of these couriers that nobody is asked about yet are due now; so are those whose end was taken back.

    Of these campaigns only, if any are named.
    """
    new = sa.select(col(Parcel.id), sa.literal(account), col(Parcel.courier), sa.literal(at)).where(
        *_under_way(),
        *_of(campaigns),
        col(Parcel.courier).in_(list(couriers)),
        ~sa.exists().where(col(Following.parcel_id) == col(Parcel.id)),
    )
    session.execute(sa.insert(Following).from_select(["parcel_id", "account", "courier", "next_at"], new))
    again = sa.exists().where(col(Parcel.id) == col(Following.parcel_id), *_under_way())
    update = sa.update(Following).where(col(Following.account) == account, col(Following.next_at).is_(None), again)
    session.execute(update.values(next_at=at), execution_options={"synchronize_session": False})


def is_due(
    session: Session, *, account: str, at: datetime, only_new: bool = False, campaigns: Collection[int] | None = None
) -> bool:
    """Whether anything is to be asked now; `only_new` leaves out what a tracker follows already."""
    return session.execute(_due(account, at, only_new=only_new, campaigns=campaigns).limit(1)).first() is not None


def claim(
    session: Session,
    *,
    account: str,
    at: datetime,
    until: datetime,
    most: int,
    only_new: bool = False,
    campaigns: Collection[int] | None = None,
) -> list[Due]:
    """The longest due, at most so many; nobody else asks about them before `until`, whatever becomes of us."""
    query = _due(account, at, only_new=only_new, campaigns=campaigns)
    query = query.order_by(col(Following.next_at), col(Following.id)).limit(most)
    found = session.execute(query.with_for_update(of=Following, skip_locked=True)).all()
    ids = [row.id for row in found]
    session.execute(
        sa.update(Following).where(among(Following.id, ids)).values(asked_at=at, next_at=until),
        execution_options={"synchronize_session": False},
    )
    return [
        Due(row.parcel_id, row.waybill_number, row.courier, row.phone, row.subscribed_at is not None, row.next_at)
        for row in found
    ]


def _of(campaigns: Collection[int] | None) -> list[Any]:
    return [] if campaigns is None else [among(Parcel.campaign_id, campaigns)]


def _due(account: str, at: datetime, *, only_new: bool, campaigns: Collection[int] | None) -> Any:
    columns = (
        Following.id, Following.parcel_id, Following.courier, Following.subscribed_at, Following.next_at,
        Parcel.waybill_number,
    )  # fmt: skip
    new = [col(Following.subscribed_at).is_(None)] if only_new else []
    return (
        sa.select(*(col(column) for column in columns), col(Snapshot.phone))
        .join(Parcel, col(Parcel.id) == col(Following.parcel_id))
        .join(Snapshot, col(Snapshot.id) == col(Parcel.consignee_snapshot_id))
        .where(col(Following.account) == account, col(Following.next_at) <= at, *new, *_under_way(), *_of(campaigns))
    )


def known(session: Session, *, parcel_ids: Iterable[int]) -> dict[int, Known]:
    """Parcel id → where it is."""
    news = sa.select(sa.func.max(col(TrackingEvent.happened_at))).where(col(TrackingEvent.parcel_id) == col(Parcel.id))
    moments = news.scalar_subquery(), col(Parcel.handed_over_at)
    query = sa.select(col(Parcel.id), col(Parcel.tracking), *moments).where(among(Parcel.id, parcel_ids))
    return {
        parcel: Known(tracking, news or handed_over) for parcel, tracking, news, handed_over in session.execute(query)
    }


@dataclass(frozen=True)
class Silence:
    """A parcel under way: when something was heard of it last, and when it is asked about next (None: by nobody)."""

    news_at: datetime | None
    next_at: datetime | None


def silences(session: Session, *, campaign_id: int) -> dict[int, Silence]:
    """Parcel id → since when nothing was heard, of those under way."""
    news = sa.select(sa.func.max(col(TrackingEvent.happened_at))).where(col(TrackingEvent.parcel_id) == col(Parcel.id))
    query = (
        sa.select(col(Parcel.id), news.scalar_subquery(), col(Parcel.handed_over_at), col(Following.next_at))
        .outerjoin(Following, col(Following.parcel_id) == col(Parcel.id))
        .where(
            col(Parcel.campaign_id) == campaign_id,
            col(Parcel.stage) == ParcelStage.handed_over,
            col(Parcel.tracking).not_in(list(ENDED)),
        )
    )
    return {
        parcel: Silence(news or handed_over, next_at) for parcel, news, handed_over, next_at in session.execute(query)
    }


def plan(session: Session, *, next_at: Mapping[int, datetime | None]) -> None:
    """Parcel id → when it is asked about next; None at an end."""
    _change(session, [{"parcel": parcel, "next_at": at} for parcel, at in next_at.items()])


def subscribed(session: Session, *, parcel_ids: Sequence[int], at: datetime) -> None:
    """A tracker follows them from now on."""
    _change(session, [{"parcel": parcel, "subscribed_at": at} for parcel in parcel_ids])


def unsubscribed(session: Session, *, account: str, numbers: Collection[str], until: datetime) -> None:
    """The tracker stopped following these: they are subscribed again, not before `until`."""
    _of_numbers(session, account, numbers, {"subscribed_at": None, "next_at": until})


def correct(session: Session, *, account: str, couriers: Mapping[str, str]) -> None:
    """Number → the courier that a tracker found it with."""
    for code in sorted(set(couriers.values())):
        numbers = [number for number, courier in couriers.items() if courier == code]
        _of_numbers(session, account, numbers, {"courier": code})


def _of_numbers(session: Session, account: str, numbers: Collection[str], values: Mapping[str, Any]) -> None:
    parcels = sa.select(col(Parcel.id)).where(among(Parcel.waybill_number, numbers))
    update = sa.update(Following).where(col(Following.account) == account, col(Following.parcel_id).in_(parcels))
    session.execute(update.values(**values), execution_options={"synchronize_session": False})


def _change(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "parcel"}
        update = sa.update(Following.__table__).where(col(Following.parcel_id) == sa.bindparam("parcel"))  # type: ignore[attr-defined]
        session.execute(update.values(**values), rows)
