"""What became of what was sent to a residence, once the campaign that sent it is purged."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field, state_type


class ReturnedFor(StrEnum):
    """Why a courier could not deliver, where that speaks against the address."""

    moved = "moved"
    unknown_person = "unknown_person"
    wrong_address = "wrong_address"


class OutcomeKind(StrEnum):
    """How a member's share of a parcel ended. The member's word counts before the courier's."""

    confirmed = "confirmed"
    delivered = "delivered"
    returned = "returned"
    denied = "denied"
    lost = "lost"


class Outcome(Row, table=True):
    """One member's share of one parcel, kept when its campaign is purged: the residence, the place by its division.

    Outcomes of campaigns that are not purged are read from their rows: see `store/outcomes.py`.
    """

    __tablename__ = "outcome"
    __table_args__ = (sa.Index("ix_outcome_residence_id", "residence_id"),)

    residence_id: int | None = Field(
        default=None, foreign_key="residence.id", description="Null once the residence is deleted."
    )
    courier: str = Field(max_length=20)
    province: str | None = Field(default=None, max_length=32)
    city: str | None = Field(default=None, max_length=32)
    district: str | None = Field(default=None, max_length=32)
    kind: OutcomeKind = state_field(OutcomeKind, "kind", OutcomeKind.delivered)
    returned_for: ReturnedFor | None = Field(
        default=None, sa_column=sa.Column(state_type(ReturnedFor, "returned_for"), nullable=True)
    )
    returned_at: datetime | None = None
    sent_at: datetime
