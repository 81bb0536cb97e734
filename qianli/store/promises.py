"""Parcels a courier has or had, with what a promise counts from: when it took them, and where they go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Parcel, ParcelLine, ParcelStage, Snapshot, Tracking


@dataclass(frozen=True)
class Out:
    """A parcel that was handed over."""

    parcel_id: int
    courier: str
    province: str | None
    handed_over_at: datetime
    tracking: Tracking


def of_campaign(session: Session, *, campaign_id: int) -> list[Out]:
    """A campaign's parcels that were handed over and not taken back."""
    return [Out(*row) for row in session.execute(_out().where(col(Parcel.campaign_id) == campaign_id))]


def of_consignment(session: Session, *, consignment_id: int) -> list[Out]:
    """The same with something of a consignment in them, newest first."""
    mine = sa.exists().where(
        col(ParcelLine.parcel_id) == col(Parcel.id),
        col(ParcelLine.consignment_id) == consignment_id,
        col(ParcelLine.voided_at).is_(None),
    )
    return [Out(*row) for row in session.execute(_out().where(mine).order_by(col(Parcel.id).desc()))]


def _out() -> Any:
    columns = (
        col(Parcel.id), col(Parcel.courier), col(Snapshot.province), col(Parcel.handed_over_at), col(Parcel.tracking)
    )  # fmt: skip
    return (
        sa.select(*columns)
        .join(Snapshot, col(Snapshot.id) == col(Parcel.consignee_snapshot_id))
        .where(col(Parcel.handed_over_at).is_not(None), col(Parcel.stage) == ParcelStage.handed_over)
    )
