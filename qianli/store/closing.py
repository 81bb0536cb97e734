"""What stands against closing a campaign, and what closing writes down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Artefact,
    ArtefactKind,
    Campaign,
    CampaignState,
    Consignment,
    ConsignmentState,
    Parcel,
    ParcelLine,
    ParcelStage,
)
from qianli.store.moved import is_told

IN_THE_HOUSE = (ParcelStage.planned, ParcelStage.printed, ParcelStage.packed)


def in_the_house(session: Session, *, campaign_id: int) -> list[str]:
    """References of parcels that nobody has taken yet, in sequence."""
    query = (
        select(Parcel.reference)
        .where(Parcel.campaign_id == campaign_id, col(Parcel.stage).in_(IN_THE_HOUSE))
        .order_by(col(Parcel.sequence))
    )
    return list(session.exec(query))


@dataclass(frozen=True)
class UnderWay:
    """A consignment the member said nothing of: in some parcel, and out of the house."""

    id: int
    number: int
    planned: bool
    out: bool


def under_way(session: Session, *, campaign_id: int) -> list[UnderWay]:
    """Consignments that are under way, by number."""
    line = (
        sa.select(col(ParcelLine.id))
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .where(col(ParcelLine.consignment_id) == col(Consignment.id), col(ParcelLine.voided_at).is_(None))
    )
    out = line.where(col(Parcel.stage) == ParcelStage.handed_over)
    query = (
        sa.select(
            col(Consignment.id),
            col(Consignment.number),
            sa.or_(line.exists(), is_told()),
            sa.or_(out.exists(), is_told()),
        )
        .where(col(Consignment.campaign_id) == campaign_id, col(Consignment.state) == ConsignmentState.under_way)
        .order_by(col(Consignment.number))
    )
    return [UnderWay(*row) for row in session.execute(query)]


def note_not_sent(session: Session, *, reasons: Mapping[int, str]) -> None:
    """Consignment id → why it was not sent."""
    if reasons:
        rows = [{"id": consignment, "not_sent_reason": reason} for consignment, reason in reasons.items()]
        session.execute(sa.update(Consignment), rows)


def note_closed(session: Session, *, campaign_id: int, at: datetime) -> None:
    """When the campaign was closed."""
    session.execute(sa.update(Campaign).where(col(Campaign.id) == campaign_id).values(closed_at=at))


def unpublished_reports(session: Session) -> list[str]:
    """Codes of closed campaigns whose report is declared and not published."""
    query = (
        select(Campaign.code)
        .join(Artefact, col(Artefact.campaign_id) == col(Campaign.id))
        .where(
            Campaign.state == CampaignState.closed,
            col(Campaign.purged_at).is_(None),
            Artefact.kind == ArtefactKind.report,
            col(Artefact.published_at).is_(None),
        )
        .order_by(col(Campaign.id))
    )
    return list(dict.fromkeys(session.exec(query)))
