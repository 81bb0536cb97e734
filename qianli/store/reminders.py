"""Reminders: opened by what couriers say, ended by the member's answer, by collection or by a return."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    CallEnd,
    Campaign,
    CampaignState,
    Consignment,
    ConsignmentState,
    Member,
    MessageEnd,
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
from qianli.campaigns.reminders import ids_of, key_of
from qianli.store import journal, messages, phone_calls, reminders_told
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


def add(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, int, ReminderReason]]:
    """New ones; the answer is (id, consignment, reason) of each."""
    if not rows:
        return []
    adding = sa.insert(Reminder).returning(col(Reminder.id), col(Reminder.consignment_id), col(Reminder.reason))
    new = [(id_, consignment, reason) for id_, consignment, reason in session.execute(adding, list(rows))]
    for reason in ReminderReason:
        ids = [row["consignment_id"] for row in rows if row["reason"] == reason]
        journal.note(session, subject=Subject.consignment, ids=ids, what=f"reminder {reason}")
    return sorted(new)


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
    returning = update.returning(col(Reminder.id), col(Reminder.consignment_id))
    ended = list(session.execute(returning.execution_options(synchronize_session=False)))
    is_answer = outcome is ReminderEnd.answered
    _nothing_waits(
        session, [id_ for id_, _ in ended], at=at, call=CallEnd.confirmed if is_answer else CallEnd.overtaken,
        message=MessageEnd.confirmed if is_answer else MessageEnd.over,
    )  # fmt: skip
    journal.note(
        session, subject=Subject.consignment, ids={one for _, one in ended}, what="reminder ended", why=outcome
    )


def _nothing_waits(session: Session, ids: Iterable[int], *, call: CallEnd, message: MessageEnd, at: datetime) -> None:
    """Neither a message nor a call about these reminders is to come any more."""
    keys = [key_of(id_) for id_ in ids]
    if keys:
        messages.cancel(session, keys=keys, reason=message, at=at)
        phone_calls.end(session, keys=keys, outcome=call, at=at)


def note_told(session: Session, *, consignment_id: int, via: ToldVia, at: datetime) -> bool:
    """The member was told what there is to tell; False if there is nothing."""
    update = (
        sa.update(Reminder)
        .where(col(Reminder.consignment_id) == consignment_id, OPEN)
        .values(told_at=at, told_via=via, told_by=journal.actor_of(session))
        .returning(col(Reminder.id))
        .execution_options(synchronize_session=False)
    )
    told = session.execute(update).scalars().all()
    _nothing_waits(session, told, call=CallEnd.told, message=MessageEnd.over, at=at)
    journal.note(session, subject=Subject.consignment, ids=[consignment_id] if told else [], what="reminder told")
    return bool(told)


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
    """Open reminders of a campaign whose members may be called and are told by no message, by number."""
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
            sa.not_(messages.live(reminders_told.KEY_OF_ONE)),
        )
        .order_by(col(Consignment.number), col(Reminder.id))
    )  # fmt: skip
    return [ToTell(*row) for row in session.execute(query)]


def said_in(session: Session, *, keys: Iterable[str]) -> dict[str, tuple[ReminderReason, str]]:
    """Key of a call → why and what the member is told."""
    query = sa.select(col(Reminder.id), col(Reminder.reason), col(Reminder.sentence))
    found = session.execute(query.where(among(Reminder.id, ids_of(keys))))
    return {key_of(id_): (reason, sentence) for id_, reason, sentence in found}


def sentences_of(session: Session, *, consignment_id: int) -> list[str]:
    """What a member is to be told about what is owed to them, oldest first, each once."""
    query = sa.select(col(Reminder.sentence)).where(col(Reminder.consignment_id) == consignment_id, OPEN)
    return list(dict.fromkeys(session.execute(query.order_by(col(Reminder.id))).scalars()))
