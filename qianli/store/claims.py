"""Claims that workers hold while outside work runs: whose they are, and giving up those of the dead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Booking, Parcel, PrintRun
from qianli.store.among import among


@dataclass(frozen=True)
class Claim:
    """A claim whose lease is not past; `worker` is host:pid."""

    campaign_id: int
    kind: type[PrintRun | Booking]
    id: int
    worker: str | None


def held(session: Session, *, at: datetime) -> list[Claim]:
    """Every claim of print runs and bookings at this moment."""
    runs = sa.select(col(PrintRun.campaign_id), col(PrintRun.id), col(PrintRun.worker))
    booked = sa.select(col(Parcel.campaign_id), col(Booking.id), col(Booking.worker)).join(
        Parcel, col(Parcel.id) == col(Booking.parcel_id)
    )
    found: dict[Any, Any] = {PrintRun: runs, Booking: booked}
    return [
        Claim(campaign_id, kind, id_, worker)
        for kind, query in found.items()
        for campaign_id, id_, worker in session.execute(query.where(col(kind.lease_until) > at))
    ]


def let_go(session: Session, claims: Collection[Claim]) -> None:
    """Give these up, unless another worker has taken one meanwhile."""
    workers = {one.worker for one in claims if one.worker}
    for kind in (PrintRun, Booking):
        ids = [one.id for one in claims if one.kind is kind]
        theirs = sa.update(kind).where(among(kind.id, ids), among(kind.worker, workers))
        session.execute(theirs.values(lease_until=None))
