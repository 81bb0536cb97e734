"""Manifests (交接单) and their lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Artefact,
    ArtefactKind,
    Campaign,
    JournalEntry,
    LeftReason,
    Manifest,
    ManifestLine,
    ManifestLineState,
    ManifestState,
    Parcel,
    ParcelStage,
    PrintRun,
    Snapshot,
    Subject,
)
from qianli.campaigns.references import prefix
from qianli.errors import NotFound
from qianli.store import journal
from qianli.store.among import among

L = ManifestLineState
LIVE = (L.open, L.handed_over)
ON_PAPER = (L.open, L.handed_over, L.left)  # what a sealed manifest lists, also after hand-over


@dataclass(frozen=True)
class Listed:
    """A line with its parcel and consignee."""

    line: ManifestLine
    parcel: Parcel
    consignee: Snapshot


def next_number(session: Session, *, campaign_id: int) -> str:
    """Take the campaign's next manifest number, as `3K-J001`; it says nothing about the campaign."""
    update = (
        sa.update(Campaign)
        .where(col(Campaign.id) == campaign_id)
        .values(next_manifest=col(Campaign.next_manifest) + 1)
        .returning(col(Campaign.next_manifest))
        .execution_options(synchronize_session="fetch")
    )
    taken = int(session.execute(update).scalar_one()) - 1
    return f"{prefix(campaign_id)}-J{taken:03d}"


def add_draft(
    session: Session,
    *,
    campaign_id: int,
    courier: str,
    parcel_ids: Iterable[int],
    at: datetime,
    account: str | None = None,
) -> Manifest:
    """A draft manifest with an open line for each parcel, in the order given; the account is the courier's own."""
    number = next_number(session, campaign_id=campaign_id)
    manifest = Manifest(
        campaign_id=campaign_id, number=number, courier=courier, account=account or courier, created_at=at
    )
    session.add(manifest)
    session.flush()
    journal.note(session, subject=Subject.manifest, ids=[manifest.key], what=ManifestState.draft)
    add_lines(session, manifest_id=manifest.key, parcel_ids=parcel_ids)
    return manifest


def add_lines(session: Session, *, manifest_id: int, parcel_ids: Iterable[int]) -> None:
    """Open lines after those there are, in the order given."""
    last = session.execute(
        sa.select(sa.func.max(col(ManifestLine.position))).where(col(ManifestLine.manifest_id) == manifest_id)
    ).scalar()
    rows = [
        {"manifest_id": manifest_id, "parcel_id": parcel, "position": position, "state": L.open}
        for position, parcel in enumerate(parcel_ids, start=int(last or 0) + 1)
    ]
    if rows:
        session.execute(sa.insert(ManifestLine), rows)


def put_in_order(session: Session, *, manifest_id: int) -> None:
    """Number the open lines of a draft from 1 in `sequence` order; those that fell off it have no place, 0."""
    fell = (col(ManifestLine.manifest_id) == manifest_id, col(ManifestLine.state) == L.voided)
    session.execute(sa.update(ManifestLine).where(*fell).values(position=0))
    ordered = sorted(lines(session, manifest_id=manifest_id, states=[L.open]), key=lambda one: one.parcel.sequence)
    rows = [{"id": one.line.key, "position": position} for position, one in enumerate(ordered, start=1)]
    if rows:
        session.execute(sa.update(ManifestLine), rows)


def by_number(session: Session, *, number: str) -> Manifest:
    """One manifest, held against others until the transaction ends; NotFound says where to look."""
    query = select(Manifest).where(Manifest.number == number).with_for_update()
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"没有编号为“{number}”的交接单，可用“manifest list 活动代码”查看。", number=number)
    return found


def by_id(session: Session, *, manifest_id: int) -> Manifest:
    """One manifest that is known to exist."""
    return session.get_one(Manifest, manifest_id)


def of_campaign(session: Session, *, campaign_id: int, states: Iterable[ManifestState] | None = None) -> list[Manifest]:
    """A campaign's manifests, oldest first, all or those in some states."""
    query = select(Manifest).where(Manifest.campaign_id == campaign_id).order_by(col(Manifest.id))
    if states is not None:
        query = query.where(col(Manifest.state).in_(list(states)))
    return list(session.exec(query))


def lines(session: Session, *, manifest_id: int, states: Sequence[ManifestLineState] = ON_PAPER) -> list[Listed]:
    """Lines of a manifest in order with all that its paper says; those it lists unless told otherwise."""
    query = (
        sa.select(ManifestLine, Parcel, Snapshot)
        .join(Parcel, col(Parcel.id) == col(ManifestLine.parcel_id))
        .join(Snapshot, col(Snapshot.id) == col(Parcel.consignee_snapshot_id))
        .where(col(ManifestLine.manifest_id) == manifest_id, col(ManifestLine.state).in_(list(states)))
        .order_by(col(ManifestLine.position))
        .execution_options(populate_existing=True)
    )
    return [Listed(*row) for row in session.execute(query)]


def on_paper(session: Session, *, manifest: Manifest) -> list[Listed]:
    """What a manifest's paper lists; of one that was sealed and is void, what it was sealed over."""
    if manifest.state is not ManifestState.void or manifest.sealed_at is None:
        return lines(session, manifest_id=manifest.key)
    return [one for one in lines(session, manifest_id=manifest.key, states=[L.voided]) if one.line.position]


def set_left_reasons(session: Session, *, reasons: Mapping[int, LeftReason]) -> None:
    """Why the courier left these lines."""
    rows = [{"id": line_id, "left_reason": reason} for line_id, reason in reasons.items()]
    if rows:
        session.execute(sa.update(ManifestLine), rows)


def left_behind(session: Session, *, manifest_ids: Iterable[int]) -> dict[int, list[tuple[str, LeftReason | None]]]:
    """Manifest id → references of parcels that were left, each with the courier's reason, in the order of the paper."""
    found: dict[int, list[tuple[str, LeftReason | None]]] = {}
    query = (
        sa.select(col(ManifestLine.manifest_id), col(Parcel.reference), col(ManifestLine.left_reason))
        .join(Parcel, col(Parcel.id) == col(ManifestLine.parcel_id))
        .where(among(ManifestLine.manifest_id, manifest_ids), col(ManifestLine.state) == L.left)
        .order_by(col(ManifestLine.position))
    )
    for manifest_id, reference, reason in session.execute(query):
        found.setdefault(manifest_id, []).append((reference, reason))
    return found


def counts(session: Session, *, manifest_ids: Iterable[int]) -> dict[int, dict[ManifestLineState, int]]:
    """Manifest id → line state → how many."""
    found: dict[int, dict[ManifestLineState, int]] = {}
    query = (
        sa.select(col(ManifestLine.manifest_id), col(ManifestLine.state), sa.func.count())
        .where(among(ManifestLine.manifest_id, manifest_ids))
        .group_by(col(ManifestLine.manifest_id), col(ManifestLine.state))
    )
    for manifest_id, state, count in session.execute(query):
        found.setdefault(manifest_id, {})[state] = count
    return found


def packed_and_unsealed(session: Session, *, campaign_id: int) -> list[Parcel]:
    """Packed parcels that no sealed or handed-over manifest has a live line for, in sequence."""
    taken = (
        select(ManifestLine.parcel_id)
        .join(Manifest, col(Manifest.id) == col(ManifestLine.manifest_id))
        .where(col(ManifestLine.state).in_(LIVE), col(Manifest.state) != ManifestState.draft)
    )
    query = (
        select(Parcel)
        .where(Parcel.campaign_id == campaign_id, Parcel.stage == ParcelStage.packed, col(Parcel.id).not_in(taken))
        .order_by(col(Parcel.sequence))
    )
    return list(session.exec(query))


def consignees(session: Session, *, parcels: Iterable[Parcel]) -> dict[int, Snapshot]:
    """Snapshot id → whom these parcels go to."""
    query = select(Snapshot).where(among(Snapshot.id, {one.consignee_snapshot_id for one in parcels}))
    return {one.key: one for one in session.exec(query)}


def reasons(session: Session, *, manifest_ids: Iterable[int]) -> dict[int, str]:
    """Manifest id → why it is void."""
    query = sa.select(col(JournalEntry.subject_id), col(JournalEntry.why)).where(
        col(JournalEntry.subject) == Subject.manifest,
        col(JournalEntry.what) == ManifestState.void,
        among(JournalEntry.subject_id, manifest_ids),
    )
    return dict(session.execute(query).tuples().all())


def open_lines_by_manifest(session: Session, *, parcel_ids: Iterable[int]) -> dict[int, list[int]]:
    """Manifest id → ids of its open lines for these parcels."""
    found: dict[int, list[int]] = {}
    query = sa.select(col(ManifestLine.manifest_id), col(ManifestLine.id)).where(
        among(ManifestLine.parcel_id, parcel_ids), col(ManifestLine.state) == L.open
    )
    for manifest_id, line_id in session.execute(query):
        found.setdefault(manifest_id, []).append(line_id)
    return found


def record_seal(session: Session, *, manifest: Manifest, checksum: str, at: datetime) -> None:
    """When a manifest was sealed, over what."""
    manifest.sealed_at, manifest.content_checksum = at, checksum
    session.add(manifest)


def unpublished(session: Session, *, paths: Iterable[str]) -> dict[str, int]:
    """Path → artefact id of those files that are declared and neither published yet nor purged."""
    query = sa.select(col(Artefact.path), col(Artefact.id)).where(
        col(Artefact.path).in_(list(paths)), col(Artefact.published_at).is_(None), col(Artefact.purge_id).is_(None)
    )
    return {path: id_ for path, id_ in session.execute(query) if id_ is not None}


def campaigns_with_unpublished(session: Session) -> list[int]:
    """Campaigns with a manifest or record of a hand-over that no print run makes and that is not published yet."""
    runs = select(PrintRun.artefact_id)
    query = select(Artefact.campaign_id).where(
        col(Artefact.kind).in_([ArtefactKind.manifest, ArtefactKind.handover_record]),
        col(Artefact.published_at).is_(None),
        col(Artefact.id).not_in(runs),
    )
    return sorted({id_ for id_ in session.exec(query) if id_ is not None})
