"""Bookings with couriers' systems, and how much of a courier's limits is used."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field

NOT_CANCELLED = sa.text("cancelled_at IS NULL")


class Booking(Row, table=True):
    """The claim of a parcel's booking. `asked_at` is committed before the courier is called, the rest after it.

    A booking that was asked for and has no answer may stand in the courier's books: it is looked for first.
    """

    __tablename__ = "booking"
    __table_args__ = (
        sa.Index(
            "uq_booking_live",
            "parcel_id",
            unique=True,
            sqlite_where=NOT_CANCELLED,
            postgresql_where=NOT_CANCELLED,
        ),
        sa.Index("ix_booking_batch_id", "batch_id"),
    )

    parcel_id: int = Field(foreign_key="parcel.id")
    account: str = Field(max_length=40, description="Our account with the courier, by code.")
    batch_id: int = Field(description="Bookings of one shard share the first one's parcel id.")
    attempt: int = 0
    started_at: datetime | None = None
    lease_until: datetime | None = None
    worker: str | None = Field(default=None, max_length=100, description="The process that claimed it last, host:pid.")
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    waybill_number: str | None = Field(default=None, max_length=40)
    route: dict[str, Any] = json_field()
    refused_at: datetime | None = None
    refused_kind: str = Field(default="", max_length=20)
    refused_words: str = Field(default="", max_length=300, description="The courier's own words; they may name people.")
    cancelled_at: datetime | None = None
    cancel_refused_at: datetime | None = None


class CourierQuota(Row, table=True):
    """What is used of one limit of one account: calls of a day, and when the next call may be made."""

    __tablename__ = "courier_quota"
    __table_args__ = (sa.UniqueConstraint("account", "limit_name"),)

    account: str = Field(max_length=40)
    limit_name: str = Field(max_length=60)
    day: date
    used: int = 0
    next_at: float = Field(default=0.0, description="Seconds since 1970: no call before.")
