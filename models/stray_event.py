"""What couriers told us over the wire of parcels we do not know."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field, state_field, state_type
from models.outcome import ReturnedFor
from models.parcel import DeliveredTo, Tracking


class StrayEvent(Row, table=True):
    """One thing a courier said that is no parcel's of ours, or cannot be right; it may find its parcel later."""

    __tablename__ = "stray_event"
    __table_args__ = (sa.Index("ix_stray_event_waybill_number", "waybill_number"),)

    courier: str = Field(max_length=20, description="Who said it: the courier's code, or a tracker's.")
    event_key: str = Field(
        max_length=64, unique=True, description="Hash of courier, number, reference, time, code, text."
    )
    waybill_number: str = Field(default="", max_length=40)
    reference: str = Field(default="", max_length=40)
    code: str = Field(max_length=40)
    tracking: Tracking = state_field(Tracking, "tracking", Tracking.unknown)
    delivered_to: DeliveredTo | None = Field(
        default=None, sa_column=sa.Column(state_type(DeliveredTo, "delivered_to"), nullable=True)
    )
    returned_for: ReturnedFor | None = Field(
        default=None, sa_column=sa.Column(state_type(ReturnedFor, "returned_for"), nullable=True)
    )
    cancels: bool = False
    happened_at: datetime
    text: str = Field(default="", max_length=300)
    place: str = Field(default="", max_length=100)
    raw: dict[str, Any] = json_field()
    reason: str = Field(max_length=100, description="Why it is no parcel's: a sentence without names.")
    recorded_at: datetime
