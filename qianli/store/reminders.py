"""Reminders: opened by what couriers say, ended by the member's answer, by collection or by a return."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Campaign,
    CampaignState,
    Consignment,
    ConsignmentState,
    Member,
    Parcel,
    ParcelLine,
    ParcelStage,
    Reminder,
    ReminderEnd,
    ReminderReason,
    Snapshot,
    Subject,
    ToldVia,
)
from qianli.store import journal
from qianli.store.among import among
from qianli.store.members import may_be_called

OPEN = col(Reminder.ended_at).is_(None)


def who_waits(session: Session, *, parcel_ids: Iterable[int]) -> dict[int, list[int]]:
    """Parcel id → consignments with something in it whose members have not answered."""
    query = (
        sa.select(col(ParcelLine.parcel_id), col(ParcelLine.consignment_id))
        .distinct()
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .join(Consignment, col(Consignment.id) == col(ParcelLine.consignment_id))
        .join(Campaign, col(Campaign.id) == col(Parcel.campaign_id))
        .where(
            among(ParcelLine.parcel_id, parcel_ids),
            col(ParcelLine.voided_at).is_(None),
            col(Parcel.stage) == ParcelStage.handed_over,
            col(Consignment.state) == ConsignmentState.under_way,
            col(Campaign.state) != CampaignState.closed,
        )
    )
    found: dict[int, list[int]] = {}
    for parcel, consignment in session.execute(query):
        found.setdefault(parcel, []).append(consignment)
    return found


def open_of(session: Session, *, parcel_ids: Iterable[int]) -> list[Reminder]:
    """Open reminders about these parcels."""
    return list(session.exec(select(Reminder).where(among(Reminder.parcel_id, parcel_ids), OPEN)))


def add(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """New ones."""
    if rows:
        session.execute(sa.insert(Reminder), list(rows))
        for reason in ReminderReason:
            ids = [row["consignment_id"] for row in rows if row["reason"] == reason]
            journal.note(session, subject=Subject.consignment, ids=ids, what=f"reminder {reason}")


def correct(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """`{id, sentence, since_at}`: the courier says it otherwise now."""
    if rows:
        session.execute(sa.update(Reminder), list(rows))


def end(session: Session, *, ids: Iterable[int], outcome: ReminderEnd, at: datetime) -> None:
    """Nothing to tell any more."""
    _end(session, among(Reminder.id, ids), outcome, at)


def end_of_parcel(session: Session, *, parcel_id: int, outcome: ReminderEnd, at: datetime) -> None:
    """The same, for all in a parcel."""
    _end(session, col(Reminder.parcel_id) == parcel_id, outcome, at)


def end_of_consignment(session: Session, *, consignment_id: int, outcome: ReminderEnd, at: datetime) -> None:
    """The same, for all about a consignment."""
    _end(session, col(Reminder.consignment_id) == consignment_id, outcome, at)


def _end(session: Session, which: Any, outcome: ReminderEnd, at: datetime) -> None:
    update = sa.update(Reminder).where(which, OPEN).values(ended_at=at, outcome=outcome)
    returning = update.returning(col(Reminder.consignment_id)).execution_options(synchronize_session=False)
    ended = set(session.execute(returning).scalars())
    journal.note(session, subject=Subject.consignment, ids=ended, what="reminder ended", why=outcome)


def note_told(session: Session, *, consignment_id: int, via: ToldVia, at: datetime) -> bool:
    """The member was told what there is to tell; False if there is nothing."""
    update = (
        sa.update(Reminder)
        .where(col(Reminder.consignment_id) == consignment_id, OPEN)
        .values(told_at=at, told_via=via, told_by=journal.actor_of(session))
        .returning(col(Reminder.id))
        .execution_options(synchronize_session=False)
    )
    told = bool(session.execute(update).scalars().all())
    journal.note(session, subject=Subject.consignment, ids=[consignment_id] if told else [], what="reminder told")
    return told


@dataclass(frozen=True)
class ToTell:
    """An open reminder, with whom to call about it."""

    number: int
    name: str
    phone: str | None
    reference: str
    reason: ReminderReason
    sentence: str
    since_at: datetime
    told_at: datetime | None


def to_tell(session: Session, *, campaign_id: int) -> list[ToTell]:
    """Open reminders of a campaign whose members may be called, by number."""
    query = (
        sa.select(
            col(Consignment.number), col(Snapshot.name), col(Snapshot.phone), col(Parcel.reference),
            col(Reminder.reason), col(Reminder.sentence), col(Reminder.since_at), col(Reminder.told_at),
        )
        .join(Consignment, col(Consignment.id) == col(Reminder.consignment_id))
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .join(Parcel, col(Parcel.id) == col(Reminder.parcel_id))
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .where(
            OPEN,
            col(Consignment.campaign_id) == campaign_id,
            col(Consignment.state) == ConsignmentState.under_way,
            may_be_called(),
        )
        .order_by(col(Consignment.number), col(Reminder.id))
    )  # fmt: skip
    return [ToTell(*row) for row in session.execute(query)]


def sentences_of(session: Session, *, consignment_id: int) -> list[str]:
    """What a member is to be told about what is owed to them, oldest first, each once."""
    query = sa.select(col(Reminder.sentence)).where(col(Reminder.consignment_id) == consignment_id, OPEN)
    return list(dict.fromkeys(session.execute(query.order_by(col(Reminder.id))).scalars()))
