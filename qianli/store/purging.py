"""Emptying what is personal, once its time is over. What is personal, and what becomes of it, stands in `personal`."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Artefact,
    Booking,
    Campaign,
    CampaignState,
    Case,
    Consignment,
    FailedCode,
    Handover,
    Hold,
    JournalEntry,
    Manifest,
    Message,
    Movement,
    Parcel,
    PhoneCall,
    PrintRun,
    PurgeRecord,
    Receipt,
    Reminder,
    Residence,
    Snapshot,
    Subject,
    TrackingEvent,
)
from models.base import metadata
from qianli.store import outcomes
from qianli.store.among import among
from qianli.store.personal import COUNTS_ONLY, TABLES, WITH_AGE, WITH_CAMPAIGN

C = CampaignState


def ended_at(session: Session, *, campaign_id: int) -> datetime | None:
    """When a campaign was closed or cancelled; None while it goes on."""
    return session.execute(_ended().where(col(Campaign.id) == campaign_id)).scalar_one_or_none()


def due(session: Session, *, before: datetime) -> list[int]:
    """Campaigns that ended before then and are not purged, and those whose purge was cut off."""
    ended = _ended().add_columns(col(Campaign.id)).where(col(Campaign.purged_at).is_(None)).subquery()
    over = session.execute(sa.select(ended.c.id).where(ended.c.at < before)).scalars().all()
    begun = sa.select(col(PurgeRecord.campaign_id)).where(
        col(PurgeRecord.finished_at).is_(None), col(PurgeRecord.campaign_id).is_not(None)
    )
    return sorted({*over, *session.execute(begun).scalars()})


def _ended() -> Any:
    """When each ended campaign ended: closing is a column, cancelling stands in the journal."""
    cancelled = (
        sa.select(sa.func.max(col(JournalEntry.at)))
        .where(
            col(JournalEntry.subject) == Subject.campaign,
            col(JournalEntry.subject_id) == col(Campaign.id),
            col(JournalEntry.what) == C.cancelled,
        )
        .scalar_subquery()
    )
    at = sa.case((col(Campaign.state) == C.closed, col(Campaign.closed_at)), else_=cancelled)
    return sa.select(at.label("at")).where(col(Campaign.state).in_([C.closed, C.cancelled]))


def record_of(session: Session, *, campaign_id: int) -> PurgeRecord | None:
    """The record of a campaign's purge."""
    return session.exec(select(PurgeRecord).where(PurgeRecord.campaign_id == campaign_id)).first()


def empty(session: Session, *, campaign_id: int) -> dict[str, int]:
    """Empty every personal column of a campaign's rows; the answer is how many rows of each table.

    Parcels come first: whoever takes in a courier's file holds them. Consignments come last: they lead to the rest.
    """
    counts = {}
    for table, rows in scopes(campaign_id).items():
        update = sa.update(metadata.tables[table]).where(rows).values(dict(TABLES[table].emptied))
        counts[table] = _done(session, update)
    return counts


def _done(session: Session, statement: Any) -> int:
    """Carry out an update or a deletion; the answer is how many rows it met."""
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount) if isinstance(result, sa.CursorResult) else 0


def scopes(campaign_id: int) -> dict[str, Any]:
    """Table → which of its rows are the campaign's."""
    parcels = sa.select(col(Parcel.id)).where(col(Parcel.campaign_id) == campaign_id)
    consignments = sa.select(col(Consignment.id)).where(col(Consignment.campaign_id) == campaign_id)
    manifests = sa.select(col(Manifest.id)).where(col(Manifest.campaign_id) == campaign_id)
    return {
        "parcel": col(Parcel.campaign_id) == campaign_id,
        "booking": col(Booking.parcel_id).in_(parcels),
        "tracking_event": col(TrackingEvent.parcel_id).in_(parcels),
        "receipt": col(Receipt.consignment_id).in_(consignments),
        "message": col(Message.campaign_id) == campaign_id,
        "phone_call": col(PhoneCall.campaign_id) == campaign_id,
        "reminder": col(Reminder.consignment_id).in_(consignments),
        "snapshot": sa.or_(col(Snapshot.id).in_(_snapshots(campaign_id)), _left_behind(campaign_id)),
        "handover": col(Handover.manifest_id).in_(manifests),
        "hold": col(Hold.consignment_id).in_(consignments),
        "print_run": sa.and_(col(PrintRun.campaign_id) == campaign_id, col(PrintRun.faces).is_not(None)),
        "consignment": col(Consignment.campaign_id) == campaign_id,
    }


def _snapshots(campaign_id: int | None = None) -> Any:
    """Snapshots that consignments and parcels speak of: of a campaign, or of all."""
    own = sa.select(col(Consignment.snapshot_id)).where(col(Consignment.snapshot_id).is_not(None))
    consignee = sa.select(col(Parcel.consignee_snapshot_id))
    if campaign_id is not None:
        own = own.where(col(Consignment.campaign_id) == campaign_id)
        consignee = consignee.where(col(Parcel.campaign_id) == campaign_id)
    return sa.union(own, consignee)


def _left_behind(campaign_id: int) -> Any:
    """Snapshots of the campaign's members that a later one took the place of: nothing speaks of them."""
    members = sa.select(col(Consignment.member_id)).where(
        col(Consignment.campaign_id) == campaign_id, col(Consignment.member_id).is_not(None)
    )
    return sa.and_(col(Snapshot.member_id).in_(members), col(Snapshot.id).not_in(_snapshots()))


def note_purged(session: Session, *, campaign_id: int, at: datetime) -> None:
    """From here on the campaign knows nobody."""
    _done(session, sa.update(Campaign).where(col(Campaign.id) == campaign_id).values(purged_at=at))


def claim_files(session: Session, *, record: PurgeRecord, before: datetime | None = None) -> int:
    """Say which files this purge will delete: those of its campaign, or older than `before` and of none."""
    if record.campaign_id is not None:
        of_campaign = col(Artefact.campaign_id) == record.campaign_id
        which: tuple[Any, ...] = (of_campaign, col(Artefact.kind).in_(WITH_CAMPAIGN))
    else:
        which = (_of_none(), _made_at() < before)
    update = sa.update(Artefact).where(*which, col(Artefact.purge_id).is_(None), sa.not_(_counts_only()))
    return _done(session, update.values(purge_id=record.key))


def _of_none() -> Any:
    """Files that go when they are old: their kind does, or they belong to no campaign that would take them along."""
    alone = sa.and_(col(Artefact.kind).in_(WITH_CAMPAIGN), col(Artefact.campaign_id).is_(None))
    return sa.or_(col(Artefact.kind).in_(WITH_AGE), alone)


def _counts_only() -> Any:
    """Files that are kept."""
    return sa.or_(
        *(
            sa.and_(col(Artefact.kind) == kind, col(Artefact.path).endswith(end, autoescape=True))
            for kind, end in COUNTS_ONLY.items()
        )
    )


def _made_at() -> Any:
    return sa.func.coalesce(col(Artefact.published_at), col(Artefact.created_at))


def files(session: Session, *, record_id: int) -> list[Artefact]:
    """Files this purge deletes, by path."""
    return list(session.exec(select(Artefact).where(Artefact.purge_id == record_id).order_by(col(Artefact.path))))


def note_deleted(session: Session, *, record_id: int, at: datetime) -> None:
    """They are gone; their rows stay, with their checksums."""
    update = sa.update(Artefact).where(col(Artefact.purge_id) == record_id, col(Artefact.deleted_at).is_(None))
    _done(session, update.values(deleted_at=at))


def note_finished(session: Session, *, record_id: int, files: int, checksum: str, at: datetime) -> None:
    """Nothing is left to do."""
    values = {"files": files, "files_checksum": checksum, "finished_at": at}
    update = sa.update(PurgeRecord).where(col(PurgeRecord.id) == record_id, col(PurgeRecord.finished_at).is_(None))
    _done(session, update.values(values))


def unfinished_sweeps(session: Session) -> list[int]:
    """Records of sweeps that were cut off."""
    query = select(PurgeRecord.id).where(col(PurgeRecord.campaign_id).is_(None), col(PurgeRecord.finished_at).is_(None))
    return [id_ for id_ in session.exec(query) if id_ is not None]


def _outlived(before: datetime) -> Any:
    """Residences that were replaced before then; one that a snapshot still speaks of waits for its campaign."""
    spoken_of = sa.select(col(Snapshot.residence_id)).where(col(Snapshot.residence_id).is_not(None))
    return sa.and_(col(Residence.superseded_at) < before, col(Residence.id).not_in(spoken_of))


def outlived(session: Session, *, before: datetime) -> int:
    """How many residences, reports and files of no campaign are older than the retention period."""
    residences = sa.select(sa.func.count()).select_from(Residence).where(_outlived(before))
    reports = sa.select(sa.func.count()).select_from(Movement).where(_settled(before))
    old = sa.select(sa.func.count()).where(
        _of_none(),
        _made_at() < before,
        col(Artefact.purge_id).is_(None),
        sa.not_(_counts_only()),
    )
    return sum(int(session.execute(one).scalar_one()) for one in (residences, reports, old))


def _settled(before: datetime) -> Any:
    """Reports of movements that were settled before then, and whose counterparts were, too."""
    other = sa.orm.aliased(Movement)
    waits = sa.select(col(other.paired_with_id)).where(
        col(other.paired_with_id).is_not(None),
        sa.or_(col(other.settled_at).is_(None), col(other.settled_at) >= before),
    )
    return sa.and_(col(Movement.settled_at) < before, col(Movement.id).not_in(waits))


def delete_settled(session: Session, *, before: datetime) -> int:
    """Delete these reports, and the cases about them; the answer is how many reports."""
    ids = list(session.execute(sa.select(col(Movement.id)).where(_settled(before))).scalars())
    _done(session, sa.delete(Case).where(among(Case.movement_id, ids)))
    return _done(session, sa.delete(Movement).where(among(Movement.id, ids)))


def delete_outlived(session: Session, *, before: datetime) -> int:
    """Delete these residences; the answer is how many."""
    outcomes.let_go(session, residences=_outlived(before))
    return _done(session, sa.delete(Residence).where(_outlived(before)))


def forget_failed_codes(session: Session, *, before: datetime) -> None:
    """Whom the rate limit counted a day ago."""
    _done(session, sa.delete(FailedCode).where(col(FailedCode.window_at) < before))
