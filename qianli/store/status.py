"""Counts of a campaign, and what waits for whom. Every function is one statement, however many members there are."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Consignment,
    ConsignmentState,
    Manifest,
    ManifestLine,
    ManifestLineState,
    ManifestState,
    Member,
    Parcel,
    ParcelLine,
    ParcelStage,
    Receipt,
    ReplacementRequest,
    Said,
    Snapshot,
    Tracking,
)
from qianli.store.members import may_be_called
from qianli.store.moved import is_out_or_told, is_told

S = ConsignmentState
LEFT_THE_HOUSE = (ParcelStage.handed_over, ParcelStage.taken_back)


def parcels(session: Session, *, campaign_id: int) -> dict[tuple[ParcelStage, Tracking], int]:
    """(stage, tracking) → how many parcels."""
    columns = (col(Parcel.stage), col(Parcel.tracking))
    query = sa.select(*columns, sa.func.count()).where(col(Parcel.campaign_id) == campaign_id).group_by(*columns)
    return {(stage, tracking): count for stage, tracking, count in session.execute(query)}


def receipts(session: Session, *, campaign_id: int) -> dict[Said, int]:
    """What members said last → how many."""
    query = (
        sa.select(col(Receipt.said), sa.func.count())
        .join(Consignment, col(Consignment.id) == col(Receipt.consignment_id))
        .where(col(Consignment.campaign_id) == campaign_id, col(Receipt.superseded_at).is_(None))
        .group_by(col(Receipt.said))
    )
    return dict(session.execute(query).tuples().all())


def ready_for_the_courier(session: Session, *, campaign_id: int) -> int:
    """Packed parcels on a sealed manifest that nobody has taken yet."""
    query = (
        sa.select(sa.func.count())
        .select_from(ManifestLine)
        .join(Manifest, col(Manifest.id) == col(ManifestLine.manifest_id))
        .join(Parcel, col(Parcel.id) == col(ManifestLine.parcel_id))
        .where(
            col(Manifest.campaign_id) == campaign_id,
            col(Manifest.state) == ManifestState.sealed,
            col(ManifestLine.state) == ManifestLineState.open,
            col(Parcel.stage) == ParcelStage.packed,
        )
    )
    return int(session.execute(query).scalar_one())


def waiting_for_an_answer(session: Session, *, campaign_id: int) -> int:
    """Consignments on their way or arrived of which the member has not spoken."""
    query = (
        sa.select(sa.func.count())
        .select_from(Consignment)
        .where(col(Consignment.campaign_id) == campaign_id, col(Consignment.state) == S.under_way, is_out_or_told())
    )
    return int(session.execute(query).scalar_one())


def without_a_parcel(session: Session, *, campaign_id: int) -> int:
    """Consignments under way of which nothing is in any parcel: a shared one was voided, `fulfil` plans them again."""
    live = sa.exists().where(col(ParcelLine.consignment_id) == col(Consignment.id), col(ParcelLine.voided_at).is_(None))
    query = sa.select(sa.func.count()).where(
        col(Consignment.campaign_id) == campaign_id,
        col(Consignment.state) == ConsignmentState.under_way,
        sa.not_(live),
        sa.not_(is_told()),
    )
    return int(session.execute(query).scalar_one())


def replacement_parcels(session: Session, *, campaign_id: int) -> dict[ParcelStage, int]:
    """Stage → how many parcels bring something again."""
    again = sa.exists().where(
        col(ParcelLine.parcel_id) == col(Parcel.id), col(ParcelLine.replaces_line_id).is_not(None)
    )
    query = sa.select(col(Parcel.stage), sa.func.count()).where(col(Parcel.campaign_id) == campaign_id, again)
    return dict(session.execute(query.group_by(col(Parcel.stage))).tuples().all())


def replacements_asked_for(session: Session, *, campaign_id: int) -> int:
    """Replacements that are in no parcel yet."""
    query = (
        sa.select(sa.func.count())
        .select_from(ReplacementRequest)
        .join(Consignment, col(Consignment.id) == col(ReplacementRequest.consignment_id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(ReplacementRequest.planned_at).is_(None),
            col(ReplacementRequest.withdrawn_at).is_(None),
        )
    )
    return int(session.execute(query).scalar_one())


@dataclass(frozen=True)
class Arrived:
    """A consignment the courier says it delivered, without a word from the member."""

    number: int
    name: str
    reference: str
    delivered_at: datetime
    phone: str | None = None


def unanswered(session: Session, *, before: datetime, campaign_id: int | None = None) -> list[tuple[int, Arrived]]:
    """(campaign id, consignment) where the courier delivered before then and the member said nothing, by number."""
    query = (
        sa.select(
            col(Consignment.campaign_id), col(Consignment.number), col(Snapshot.name),
            sa.func.max(col(Parcel.reference)), sa.func.max(col(Parcel.delivered_at)), col(Snapshot.phone),
        )
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .join(ParcelLine, col(ParcelLine.consignment_id) == col(Consignment.id))
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .join(Member, col(Member.id) == col(Consignment.member_id), isouter=True)  # purged: nobody's any more
        .where(
            col(Consignment.state) == S.under_way,
            may_be_called(),
            col(ParcelLine.voided_at).is_(None),
            col(Parcel.tracking) == Tracking.delivered,
            col(Parcel.delivered_at) <= before,
        )
        .group_by(col(Consignment.campaign_id), col(Consignment.number), col(Snapshot.name), col(Snapshot.phone))
        .order_by(col(Consignment.campaign_id), col(Consignment.number))
    )  # fmt: skip
    if campaign_id is not None:
        query = query.where(col(Consignment.campaign_id) == campaign_id)
    return [(campaign, Arrived(*row)) for campaign, *row in session.execute(query)]
