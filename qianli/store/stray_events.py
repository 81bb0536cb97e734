"""What couriers said of parcels we do not know."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, Parcel, StrayEvent
from qianli.store.among import among

#: The columns that hold what was said, as it was said.
AS_SAID = (
    "waybill_number", "reference", "code", "tracking", "delivered_to", "returned_for", "cancels", "text", "place",
)  # fmt: skip


def keep(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write them down, each once."""
    by_key = {row["event_key"]: row for row in rows}
    query = sa.select(col(StrayEvent.event_key)).where(among(StrayEvent.event_key, by_key))
    known = set(session.execute(query).scalars())
    if new := [row for key, row in by_key.items() if key not in known]:
        session.execute(sa.insert(StrayEvent), new)


def placeable(session: Session, *, between: tuple[datetime, datetime]) -> dict[str, list[StrayEvent]]:
    """Courier → those with a number, or a reference, that a parcel of ours has now, of times that can be."""
    purged = select(Campaign.id).where(col(Campaign.purged_at).is_not(None))
    ours = sa.exists().where(
        sa.or_(
            sa.and_(col(StrayEvent.waybill_number) != "", col(Parcel.waybill_number) == col(StrayEvent.waybill_number)),
            sa.and_(col(StrayEvent.reference) != "", col(Parcel.reference) == col(StrayEvent.reference)),
        ),
        col(Parcel.campaign_id).not_in(purged),
    )
    possible = col(StrayEvent.happened_at) > between[0], col(StrayEvent.happened_at) < between[1]
    found: dict[str, list[StrayEvent]] = {}
    for stray in session.exec(select(StrayEvent).where(ours, *possible).order_by(col(StrayEvent.id)).with_for_update()):
        found.setdefault(stray.courier, []).append(stray)
    return found


def forget(session: Session, *, ids: Iterable[int]) -> None:
    """They are events of parcels now."""
    session.execute(sa.delete(StrayEvent).where(among(StrayEvent.id, ids)))


def delete_old(session: Session, *, before: datetime) -> int:
    """Delete those of before then: whose they were is not coming out any more."""
    result = session.execute(sa.delete(StrayEvent).where(col(StrayEvent.recorded_at) < before))
    return int(result.rowcount) if isinstance(result, sa.CursorResult) else 0
