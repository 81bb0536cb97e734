"""The hand-over of a manifest to a courier; its record is frozen."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Handover, Parcel
from qianli.store.among import among
from qianli.store.journal import actor_of


def of_manifest(session: Session, *, manifest_id: int) -> Handover | None:
    """The record of a manifest's hand-over, if it happened."""
    return session.exec(select(Handover).where(Handover.manifest_id == manifest_id)).first()


def signed(session: Session, *, manifest_ids: Iterable[int]) -> set[int]:
    """Those manifests that a courier signed for on our page; of purged ones nobody knows any more."""
    there = sa.or_(col(Handover.signed_name).is_not(None), col(Handover.signature).is_not(None))
    query = sa.select(col(Handover.manifest_id)).where(among(Handover.manifest_id, manifest_ids), there)
    return set(session.execute(query).scalars())


def add(
    session: Session,
    *,
    manifest_id: int,
    counted: int,
    left_behind: int,
    at: datetime,
    signed_name: str | None = None,
    signature: str | None = None,
) -> None:
    """The courier took so many and left so many; the acting person vouches for the count, a courier signs for it."""
    session.add(
        Handover(
            manifest_id=manifest_id,
            counted=counted,
            left_behind=left_behind,
            recorded_by=actor_of(session),
            at=at,
            signed_name=signed_name,
            signature=signature,
        )
    )
    session.flush()


def set_handed_over_at(session: Session, *, parcel_ids: Iterable[int], at: datetime) -> None:
    """When these parcels left the house."""
    update = sa.update(Parcel).where(among(Parcel.id, parcel_ids)).values(handed_over_at=at)
    session.execute(update.execution_options(synchronize_session="fetch"))


def any_in_campaign(session: Session, *, campaign_id: int) -> bool:
    """Whether a courier ever took a parcel of this campaign."""
    query = sa.select(
        sa.exists().where(col(Parcel.campaign_id) == campaign_id, col(Parcel.handed_over_at).is_not(None))
    )
    return bool(session.execute(query).scalar())
