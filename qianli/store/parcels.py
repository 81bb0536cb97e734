"""Parcels and their lines: what has to go, and what was planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Consignment,
    ConsignmentState,
    Member,
    Parcel,
    ParcelLine,
    ParcelStage,
    ReplacementRequest,
    ReturnedFor,
    Snapshot,
    Subject,
)
from qianli.store import journal
from qianli.store.among import among

GOING = (ConsignmentState.ready, ConsignmentState.under_way)


@dataclass(frozen=True)
class Destination:
    """A consignment that may have to go, and where to."""

    consignment_id: int
    number: int
    organisation_id: int
    snapshot: Snapshot


def destinations(session: Session, *, campaign_id: int) -> list[Destination]:
    """Consignments that are ready, or under way and perhaps without some of their lines, by number."""
    query = (
        sa.select(col(Consignment.id), col(Consignment.number), col(Member.organisation_id), Snapshot)
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(col(Consignment.campaign_id) == campaign_id, col(Consignment.state).in_(GOING))
        .order_by(col(Consignment.number))
    )
    return [Destination(*row) for row in session.execute(query)]


def live_items(session: Session, *, campaign_id: int) -> set[tuple[int, int]]:
    """(consignment id, kit item id) wherever consignments that may have to go have a live line, original or not."""
    query = (
        sa.select(col(ParcelLine.consignment_id), col(ParcelLine.kit_item_id))
        .join(Consignment, col(Consignment.id) == col(ParcelLine.consignment_id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(Consignment.state).in_(GOING),
            col(ParcelLine.voided_at).is_(None),
        )
    )
    return set(session.execute(query).tuples().all())


@dataclass(frozen=True)
class Asked:
    """An open request for a replacement, with the line it replaces and where it goes."""

    request: ReplacementRequest
    line: ParcelLine
    consignment: Consignment
    organisation_id: int
    snapshot: Snapshot


def open_requests(session: Session, *, campaign_id: int) -> list[Asked]:
    """Replacements asked for and not planned, oldest first."""
    query = (
        sa.select(ReplacementRequest, ParcelLine, Consignment, col(Member.organisation_id), Snapshot)
        .join(ParcelLine, col(ParcelLine.id) == col(ReplacementRequest.line_id))
        .join(Consignment, col(Consignment.id) == col(ReplacementRequest.consignment_id))
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(ReplacementRequest.planned_at).is_(None),
            col(ReplacementRequest.withdrawn_at).is_(None),
        )
        .order_by(col(ReplacementRequest.id))
    )
    return [Asked(*row) for row in session.execute(query)]


def note_returned_for(session: Session, *, parcel_id: int, reason: ReturnedFor, at: datetime) -> None:
    """What a person read off a parcel that came back."""
    update = sa.update(Parcel).where(col(Parcel.id) == parcel_id).values(returned_for=reason, returned_at=at)
    session.execute(update.execution_options(synchronize_session="fetch"))


def mark_planned(session: Session, *, request_ids: Iterable[int], at: datetime) -> None:
    """These requests are in a parcel now."""
    update = sa.update(ReplacementRequest).where(among(ReplacementRequest.id, request_ids)).values(planned_at=at)
    who = session.execute(update.returning(col(ReplacementRequest.consignment_id))).scalars().all()
    journal.note(session, subject=Subject.consignment, ids=who, what="replacement_planned")


def add(session: Session, *, campaign_id: int, rows: Sequence[dict[str, Any]]) -> list[int]:
    """New parcels of a campaign; their ids in order of sequence, which is the order given."""
    # Asked for again rather than returned: SQLite returns ids in no promised order, so SQLAlchemy would go row by row.
    session.execute(sa.insert(Parcel), list(rows))
    query = (
        sa.select(col(Parcel.id))
        .where(col(Parcel.campaign_id) == campaign_id, col(Parcel.sequence) >= rows[0]["sequence"])
        .order_by(col(Parcel.sequence))
    )
    ids = list(session.execute(query).scalars())
    journal.note(session, subject=Subject.parcel, ids=ids, what=ParcelStage.planned)
    return ids


def add_lines(session: Session, *, rows: Sequence[dict[str, Any]]) -> None:
    """New lines."""
    session.execute(sa.insert(ParcelLine).execution_options(render_nulls=True), list(rows))


def replacement_lines(session: Session, *, parcel_ids: Iterable[int]) -> list[int]:
    """Ids of the live lines in these parcels that replace another."""
    query = sa.select(col(ParcelLine.id)).where(
        among(ParcelLine.parcel_id, parcel_ids),
        col(ParcelLine.replaces_line_id).is_not(None),
        col(ParcelLine.voided_at).is_(None),
    )
    return list(session.execute(query).scalars())


def of_campaign(session: Session, *, campaign_id: int, stages: Iterable[ParcelStage] | None = None) -> list[Parcel]:
    """A campaign's parcels in sequence, all or those at some stages."""
    query = select(Parcel).where(Parcel.campaign_id == campaign_id).order_by(col(Parcel.sequence))
    if stages is not None:
        query = query.where(col(Parcel.stage).in_(list(stages)))
    return list(session.exec(query))


def by_ids(session: Session, *, ids: Iterable[int]) -> list[Parcel]:
    """Parcels by id, in sequence."""
    return list(session.exec(select(Parcel).where(among(Parcel.id, ids)).order_by(col(Parcel.sequence))))


def by_reference(session: Session, *, references: Iterable[str]) -> dict[str, Parcel]:
    """Those of the references that exist."""
    query = select(Parcel).where(among(Parcel.reference, references))
    return {parcel.reference: parcel for parcel in session.exec(query)}


def lines_of(session: Session, *, parcel_ids: Iterable[int], live: bool = True) -> list[ParcelLine]:
    """Lines of these parcels, by id; only the live ones unless told otherwise."""
    query = select(ParcelLine).where(among(ParcelLine.parcel_id, parcel_ids)).order_by(col(ParcelLine.id))
    return list(session.exec(query.where(col(ParcelLine.voided_at).is_(None)) if live else query))
