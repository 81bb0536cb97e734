"""How far a flow is, from the rows it writes. Each function is one statement, however many members there are."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Booking, JournalEntry, Parcel, PrintRun, Shard, Step, Subject
from qianli.store.bookings import WITHOUT_ANSWER
from qianli.store.voiding import BEFORE_HANDOVER

ASKED = ("prepare_campaign asked", "fulfil_campaign asked")


@dataclass(frozen=True)
class Part:
    """So many pieces of a step are done, of so many; `last_at` is when the newest of them was."""

    done: int = 0
    of: int = 0
    last_at: datetime | None = None

    @property
    def left(self) -> int:
        """What is still to do."""
        return self.of - self.done


def shards(session: Session, *, campaign_id: int) -> dict[Step, Part]:
    """Each step's newest round."""
    query = (
        sa.select(
            col(Shard.step), col(Shard.round), sa.func.count(col(Shard.finished_at)), sa.func.count(),
            sa.func.max(col(Shard.finished_at)),
        )
        .where(col(Shard.campaign_id) == campaign_id)
        .group_by(col(Shard.step), col(Shard.round))
        .order_by(col(Shard.round))
    )  # fmt: skip
    return {step: Part(done, count, last_at) for step, _, done, count, last_at in session.execute(query)}


def print_runs(session: Session, *, campaign_id: int) -> Part:
    """Files of a campaign, and those that are made."""
    query = sa.select(sa.func.count(col(PrintRun.made_at)), sa.func.count(), sa.func.max(col(PrintRun.made_at)))
    return Part(*session.execute(query.where(col(PrintRun.campaign_id) == campaign_id)).one())


def bookings(session: Session, *, campaign_id: int) -> Part:
    """Parcels that couriers' systems are asked about, and those with an answer."""
    waits = sa.and_(*WITHOUT_ANSWER, col(Parcel.stage).in_(BEFORE_HANDOVER), col(Parcel.waybill_number).is_(None))
    query = (
        sa.select(
            sa.func.count(sa.case((sa.not_(waits), 1))), sa.func.count(), sa.func.max(col(Booking.answered_at))
        )
        .join(Parcel, col(Parcel.id) == col(Booking.parcel_id))
        .where(col(Parcel.campaign_id) == campaign_id, col(Booking.cancelled_at).is_(None))
    )  # fmt: skip
    return Part(*session.execute(query).one())


def asked_at(session: Session, *, campaign_id: int) -> datetime | None:
    """When somebody asked for a flow last."""
    query = sa.select(sa.func.max(col(JournalEntry.at))).where(
        col(JournalEntry.subject) == Subject.campaign,
        col(JournalEntry.subject_id) == campaign_id,
        col(JournalEntry.what).in_(ASKED),
    )
    found: datetime | None = session.execute(query).scalar_one()
    return found
