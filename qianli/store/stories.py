"""The journal read as a story: the entries of several things, and those of a whole campaign, counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, Case, Consignment, JournalEntry, Manifest, ManifestLine, Parcel, ParcelLine, Subject
from qianli.store.batches import batched

J = JournalEntry
#: What belongs to a campaign, besides itself.
PARTS: dict[Subject, Any] = {
    Subject.consignment: Consignment,
    Subject.parcel: Parcel,
    Subject.manifest: Manifest,
    Subject.case: Case,
}


@dataclass(frozen=True)
class Told:
    """One entry, or as many as say the same at the same moment; `subject_id` is the first one's."""

    id: int
    at: datetime
    actor: str
    subject: Subject
    subject_id: int
    what: str
    was: str | None
    why: str
    count: int = 1


def of(session: Session, *, things: Mapping[Subject, Iterable[int]]) -> list[Told]:
    """Every entry about these things, oldest first."""
    found: list[Told] = []
    for subject, ids in things.items():
        for some in batched(ids):
            query = select(J).where(J.subject == subject, col(J.subject_id).in_(some))
            found += [
                Told(one.key, one.at, one.actor, one.subject, one.subject_id, one.what, one.was, one.why)
                for one in session.exec(query)
            ]
    return sorted(found, key=lambda one: (one.at, one.id))


def of_campaign(session: Session, *, campaign_id: int) -> list[Told]:
    """A campaign's own entries, and those about its parts counted by moment; oldest first."""
    found = of(session, things={Subject.campaign: [campaign_id]})
    same = (col(J.at), col(J.actor), col(J.subject), col(J.what), col(J.was), col(J.why))
    for subject, model in PARTS.items():
        query = (
            sa.select(sa.func.min(col(J.id)), sa.func.min(col(J.subject_id)), sa.func.count(), *same)
            .join(model, model.id == col(J.subject_id))
            .where(col(J.subject) == subject, model.campaign_id == campaign_id)
            .group_by(*same)
        )
        found += [
            Told(id_, at, actor, kind, first, what, was, why, count)
            for id_, first, count, at, actor, kind, what, was, why in session.execute(query)
        ]
    return sorted(found, key=lambda one: (one.at, one.id))


def consignments_of(session: Session, *, member_id: int) -> dict[int, tuple[str, int]]:
    """Id → campaign code and number, of everything one member is or was owed."""
    query = (
        sa.select(col(Consignment.id), col(Campaign.code), col(Consignment.number))
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .where(col(Consignment.member_id) == member_id)
    )
    return {id_: (code, number) for id_, code, number in session.execute(query) if id_ is not None}


def parcels_of(session: Session, *, consignment_ids: Iterable[int]) -> dict[int, str]:
    """Id → reference, of every parcel that ever held a line of these consignments."""
    found: dict[int, str] = {}
    for some in batched(consignment_ids):
        mine = sa.select(col(ParcelLine.parcel_id)).where(col(ParcelLine.consignment_id).in_(some))
        query = sa.select(col(Parcel.id), col(Parcel.reference)).where(col(Parcel.id).in_(mine))
        found |= dict(session.execute(query).tuples().all())
    return found


def manifests_of(session: Session, *, parcel_id: int) -> dict[int, str]:
    """Id → number, of every manifest that ever listed a parcel."""
    mine = sa.select(col(ManifestLine.manifest_id)).where(col(ManifestLine.parcel_id) == parcel_id)
    query = sa.select(col(Manifest.id), col(Manifest.number)).where(col(Manifest.id).in_(mine))
    return {id_: number for id_, number in session.execute(query) if id_ is not None}


def manifest_id(session: Session, *, number: str) -> int | None:
    """The manifest of this number; None if there is none."""
    return session.exec(select(Manifest.id).where(Manifest.number == number)).first()


def cases_about(session: Session, *, consignment_ids: Iterable[int], parcel_ids: Iterable[int]) -> list[Case]:
    """Every case about these consignments or parcels, open or resolved."""
    found: list[Case] = []
    for column, ids in ((col(Case.consignment_id), consignment_ids), (col(Case.parcel_id), parcel_ids)):
        for some in batched(ids):
            found += session.exec(select(Case).where(column.in_(some)))
    return found


def case_reasons(session: Session, *, ids: Iterable[int]) -> dict[int, str]:
    """Case id → why it was opened."""
    found: dict[int, str] = {}
    for some in batched(ids):
        query = sa.select(col(Case.id), col(Case.reason)).where(col(Case.id).in_(some))
        found |= {id_: str(reason) for id_, reason in session.execute(query) if id_ is not None}
    return found
