"""Random samples of a campaign's members, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Consignment,
    ConsignmentState,
    Finding,
    Member,
    Organisation,
    Parcel,
    ParcelLine,
    Sample,
    SampleMember,
    Snapshot,
    Stratum,
    Subject,
    Tracking,
)
from qianli.campaigns.sampling import STRATUM
from qianli.store import journal
from qianli.store.members import may_be_called
from qianli.store.moved import is_out


@dataclass(frozen=True)
class Drawable:
    """Somebody who could be drawn."""

    consignment_id: int
    state: ConsignmentState
    delivered: bool


def drawable(session: Session, *, campaign_id: int, organisation_ids: Sequence[int]) -> list[Drawable]:
    """Those of a campaign that were sent something and may be called, of these organisations as home or host."""
    delivered = (
        sa.select(col(ParcelLine.id))
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .where(
            col(ParcelLine.consignment_id) == col(Consignment.id),
            col(ParcelLine.voided_at).is_(None),
            col(Parcel.tracking) == Tracking.delivered,
        )
        .exists()
    )
    query = (
        sa.select(col(Consignment.id), col(Consignment.state), delivered)
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(Consignment.state).in_(list(STRATUM)),
            sa.or_(
                col(Member.organisation_id).in_(organisation_ids),
                col(Member.host_organisation_id).in_(organisation_ids),
            ),
            is_out(),
            may_be_called(),
        )
        .order_by(col(Consignment.id))
    )
    return [Drawable(id_, state, bool(there)) for id_, state, there in session.execute(query)]


def of_campaign(session: Session, *, campaign_id: int) -> list[Sample]:
    """Every sample of a campaign, oldest first."""
    return list(session.exec(select(Sample).where(Sample.campaign_id == campaign_id).order_by(col(Sample.number))))


def add(session: Session, *, sample: Sample, members: Sequence[tuple[int, Stratum, Finding | None]]) -> None:
    """A new sample; its members in the order in which they are asked."""
    session.add(sample)
    session.flush()
    rows = [
        {"sample_id": sample.key, "consignment_id": id_, "position": n, "stratum": stratum, "believed": believed}
        for n, (id_, stratum, believed) in enumerate(members, start=1)
    ]
    session.execute(sa.insert(SampleMember).execution_options(render_nulls=True), rows)
    journal.note(session, subject=Subject.campaign, ids=[sample.campaign_id], what="sample drawn")


@dataclass(frozen=True)
class Drawn:
    """One who was drawn, with whom to call."""

    sample_id: int
    position: int
    number: int
    name: str
    phone: str | None
    province: str | None
    city: str | None
    district: str | None
    organisation: str
    stratum: Stratum
    believed: Finding | None
    finding: Finding | None


def drawn(session: Session, *, campaign_id: int) -> list[Drawn]:
    """Everybody in a campaign's samples, by sample and position. Purged names are empty, their branch unknown."""
    query = (
        sa.select(
            col(SampleMember.sample_id), col(SampleMember.position), col(Consignment.number), col(Snapshot.name),
            col(Snapshot.phone), col(Snapshot.province), col(Snapshot.city), col(Snapshot.district),
            sa.func.coalesce(col(Organisation.name), ""), col(SampleMember.stratum), col(SampleMember.believed),
            col(SampleMember.finding),
        )
        .select_from(SampleMember)
        .join(Consignment, col(Consignment.id) == col(SampleMember.consignment_id))
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .outerjoin(Member, col(Member.id) == col(Consignment.member_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .where(col(Consignment.campaign_id) == campaign_id)
        .order_by(col(SampleMember.sample_id), col(SampleMember.position))
    )  # fmt: skip
    return [Drawn(*row) for row in session.execute(query)]


def lock_drawn(session: Session, *, consignment_id: int, number: int | None) -> SampleMember | None:
    """A consignment in the campaign's sample of this number, else in the last it is in; held until the end."""
    query = select(SampleMember).where(SampleMember.consignment_id == consignment_id)
    if number is not None:
        query = query.join(Sample, col(Sample.id) == col(SampleMember.sample_id)).where(Sample.number == number)
    return session.exec(query.order_by(col(SampleMember.id).desc()).with_for_update(of=SampleMember)).first()


def record(session: Session, *, row: SampleMember, finding: Finding) -> bool:
    """What was found; False if that is what stands there."""
    if row.finding is finding:
        return False
    row.finding, row.found_at, row.found_by = finding, journal.moment_of(session), journal.actor_of(session)
    session.add(row)
    journal.note(session, subject=Subject.consignment, ids=[row.consignment_id], what="sample found", why="")
    return True
