"""Movements: that a member went away, as the home branch reports it, or arrived, as the host branch registers it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field, state_field, state_type
from models.member import AddressStatus


class ReportSide(StrEnum):
    """Which branch reports it: the home a departure, the host an arrival."""

    home = "home"
    host = "host"


class MovementOutcome(StrEnum):
    """What became of a report."""

    accepted = "accepted"
    dismissed = "dismissed"
    corrected = "corrected"


class Movement(Row, table=True):
    """One report, as it was made. Two reports of one move point to each other; nothing of what they say is changed."""

    __tablename__ = "movement"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "side", "organisation_id", "fingerprint"),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled_with_outcome"),
        sa.Index("ix_movement_settled_at", "settled_at"),
    )

    member_id: int = Field(foreign_key="member.id")
    side: ReportSide = state_field(ReportSide, "side", ReportSide.home)
    organisation_id: int = Field(foreign_key="organisation.id", description="The branch that reports it.")
    moved_on: date = Field(description="The day of departure or of arrival.")
    written: str = Field(default="", max_length=300, description="Where to, as reported; empty if it does not say.")
    province: str | None = Field(default=None, max_length=32)
    city: str | None = Field(default=None, max_length=32)
    district: str | None = Field(default=None, max_length=32)
    detail: str = Field(default="", max_length=300)
    postcode: str | None = Field(default=None, max_length=6)
    status: AddressStatus = state_field(AddressStatus, "status", AddressStatus.incomplete)
    other_organisation: str = Field(default="", max_length=100, description="The other branch, as this one writes it.")
    reason: str = Field(default="", max_length=100, description="Why they went away.")
    details: dict[str, Any] = json_field()
    fingerprint: str = Field(max_length=64, description="A hash of what is said, so that the same file says it once.")
    source: str = Field(max_length=100)
    recorded_by: str = Field(max_length=64)
    recorded_at: datetime
    import_id: int | None = Field(
        default=None, foreign_key="movement_import.id", index=True, description="The list it came with."
    )
    paired_with_id: int | None = Field(default=None, foreign_key="movement.id", index=True)
    settled_at: datetime | None = None
    settled_by: str | None = Field(default=None, max_length=64)
    outcome: MovementOutcome | None = Field(
        default=None, sa_column=sa.Column(state_type(MovementOutcome, "outcome"), nullable=True)
    )
