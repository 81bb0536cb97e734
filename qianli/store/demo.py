"""What the demonstration asks of the rows."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Consignment,
    ConsignmentState,
    Manifest,
    ManifestLine,
    ManifestLineState,
    ManifestState,
    Member,
    Organisation,
    Parcel,
    ParcelLine,
    Tracking,
)


def members_by_organisation(session: Session) -> dict[str, int]:
    """Every organisation's name and how many members it is home to."""
    query = (
        sa.select(col(Organisation.name), sa.func.count(col(Member.id)))
        .join(Member, col(Member.organisation_id) == col(Organisation.id), isouter=True)
        .group_by(col(Organisation.name))
    )
    return dict(session.execute(query).tuples().all())


def sealed(session: Session, *, campaign_id: int) -> list[tuple[str, int]]:
    """Number and open lines of every sealed manifest of a campaign."""
    query = (
        sa.select(col(Manifest.number), sa.func.count())
        .join(ManifestLine, col(ManifestLine.manifest_id) == col(Manifest.id))
        .where(
            col(Manifest.campaign_id) == campaign_id,
            col(Manifest.state) == ManifestState.sealed,
            col(ManifestLine.state) == ManifestLineState.open,
        )
        .group_by(col(Manifest.number))
        .order_by(col(Manifest.number))
    )
    return list(session.execute(query).tuples())


def arrived(session: Session, *, campaign_id: int, states: Collection[ConsignmentState]) -> list[Consignment]:
    """Consignments in these states that have a delivered parcel, by number: their members could answer now."""
    delivered = (
        select(ParcelLine.consignment_id)
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .where(Parcel.campaign_id == campaign_id, Parcel.tracking == Tracking.delivered)
    )
    query = (
        select(Consignment)
        .where(
            Consignment.campaign_id == campaign_id,
            col(Consignment.state).in_(states),
            col(Consignment.id).in_(delivered),
        )
        .order_by(col(Consignment.number))
    )
    return list(session.exec(query))
