"""Random samples of a campaign's members, whom a branch calls or visits, and what it found."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field, state_type


class Stratum(StrEnum):
    """What the member had said when the sample was drawn."""

    confirmed = "confirmed"
    unconfirmed = "unconfirmed"
    not_yet_said = "not_yet_said"


class Finding(StrEnum):
    """What was found out by asking; `not_reached` says nothing of the parcel."""

    has_complete = "has_complete"
    has_part = "has_part"
    has_not = "has_not"
    not_reached = "not_reached"


class Sample(Row, table=True):
    """One draw among those of a campaign that were sent something and belong to a branch or below it."""

    __tablename__ = "sample"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "number"),)

    campaign_id: int = Field(foreign_key="campaign.id")
    number: int = Field(description="In the campaign, from 1.")
    organisation_id: int = Field(foreign_key="organisation.id")
    margin_percent: int
    confidence_percent: int
    population: int
    drawn_at: datetime
    drawn_by: str = Field(max_length=64)


class SampleMember(Row, table=True):
    """One who was drawn: what the system believed then, and what was found."""

    __tablename__ = "sample_member"
    __table_args__ = (
        sa.UniqueConstraint("sample_id", "consignment_id"),
        sa.Index("ix_sample_member_consignment_id", "consignment_id"),
        sa.CheckConstraint("(found_at IS NULL) = (finding IS NULL)", name="found_with_words"),
    )

    sample_id: int = Field(foreign_key="sample.id")
    consignment_id: int = Field(foreign_key="consignment.id")
    position: int
    stratum: Stratum = state_field(Stratum, "stratum", Stratum.confirmed)
    believed: Finding | None = Field(
        default=None,
        sa_column=sa.Column(state_type(Finding, "believed"), nullable=True),
        description="What the member said, else what the courier did; null where nobody says anything.",
    )
    finding: Finding | None = Field(default=None, sa_column=sa.Column(state_type(Finding, "finding"), nullable=True))
    found_at: datetime | None = None
    found_by: str | None = Field(default=None, max_length=64)
