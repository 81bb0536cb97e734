"""Members to be told that a parcel waits for them, or that somebody else took it."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field, state_type


class ReminderReason(StrEnum):
    """Why a member is told something."""

    waiting_at = "waiting_at"
    left_with = "left_with"


class ToldVia(StrEnum):
    """How a member was told."""

    phone = "phone"
    message = "message"
    visit = "visit"


class ReminderEnd(StrEnum):
    """Why there is nothing to tell any more."""

    answered = "answered"
    collected = "collected"
    returned = "returned"
    overtaken = "overtaken"


class Reminder(Row, table=True):
    """The courier's word that a parcel waits somewhere, or is with somebody else: told to the member, never believed.

    One is open for each consignment in a parcel. Messages send it; until then it stands on the list of calls.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        sa.Index(
            "uq_reminder_open",
            "consignment_id",
            "parcel_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_reminder_parcel_id", "parcel_id"),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_outcome"),
    )

    consignment_id: int = Field(foreign_key="consignment.id")
    parcel_id: int = Field(foreign_key="parcel.id")
    reason: ReminderReason = state_field(ReminderReason, "reason", ReminderReason.waiting_at)
    sentence: str = Field(max_length=300, description="What the member is told: where it waits, with whom it was left.")
    since_at: datetime = Field(description="Since when, says the courier.")
    opened_at: datetime
    told_at: datetime | None = None
    told_via: ToldVia | None = Field(default=None, sa_column=sa.Column(state_type(ToldVia, "told_via"), nullable=True))
    told_by: str | None = Field(default=None, max_length=64)
    ended_at: datetime | None = None
    outcome: ReminderEnd | None = Field(
        default=None, sa_column=sa.Column(state_type(ReminderEnd, "outcome"), nullable=True)
    )
