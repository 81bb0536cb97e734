"""What each member is owed in a campaign, and what keeps it from going."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field, state_type


class ConsignmentState(StrEnum):
    """See DESIGN, The life of things."""

    planned = "planned"
    ready = "ready"
    held = "held"
    under_way = "under_way"
    confirmed = "confirmed"
    confirmed_with_issues = "confirmed_with_issues"
    denied = "denied"
    unconfirmed = "unconfirmed"
    not_sent = "not_sent"
    cancelled = "cancelled"


class OddsWarning(StrEnum):
    """Why something may not arrive; it goes all the same."""

    returned_before = "returned_before"
    poor_district = "poor_district"


class HoldReason(StrEnum):
    """Why a consignment cannot go yet."""

    no_address = "no_address"
    incomplete_address = "incomplete_address"
    ambiguous_address = "ambiguous_address"
    stale_address = "stale_address"
    no_phone = "no_phone"
    bad_phone = "bad_phone"
    do_not_contact = "do_not_contact"
    missing_value = "missing_value"
    glyph_missing = "glyph_missing"
    too_heavy = "too_heavy"
    out_of_stock = "out_of_stock"
    over_approval = "over_approval"
    taken_back = "taken_back"
    moved_since = "moved_since"
    conflicting_reports = "conflicting_reports"
    suspect_after_return = "suspect_after_return"
    not_served_by_courier = "not_served_by_courier"
    deceased = "deceased"
    duplicate_person = "duplicate_person"
    does_not_fit = "does_not_fit"
    refused_by_courier = "refused_by_courier"
    layout_failed = "layout_failed"
    address_unanswered = "address_unanswered"
    no_contact = "no_contact"


class Snapshot(Row, table=True):
    """The name, phone and address a consignment was prepared with; immutable until purged."""

    __tablename__ = "snapshot"
    __table_args__ = (
        sa.Index("ix_snapshot_member_id", "member_id"),
        sa.Index("ix_snapshot_residence_id", "residence_id"),  # deleting an old residence asks who speaks of it
    )

    member_id: int = Field(foreign_key="member.id", nullable=True, description="Null once purged, and only then.")
    residence_id: int | None = Field(default=None, foreign_key="residence.id")
    name: str = Field(max_length=50)
    phone: str | None = Field(default=None, max_length=32)
    province: str | None = Field(default=None, max_length=32)
    city: str | None = Field(default=None, max_length=32)
    district: str | None = Field(default=None, max_length=32)
    detail: str = Field(default="", max_length=300)
    postcode: str | None = Field(default=None, max_length=6)
    away_since: date | None = None
    why: str = Field(default="", max_length=200, description="Why this address; no name or address in the sentence.")
    made_at: datetime


class Consignment(Row, table=True):
    """What one member is owed in one campaign."""

    __tablename__ = "consignment"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "member_id"),
        sa.UniqueConstraint("campaign_id", "number"),
        sa.Index("ix_consignment_campaign_id_state", "campaign_id", "state"),
        sa.Index("ix_consignment_member_id", "member_id"),
    )

    campaign_id: int = Field(foreign_key="campaign.id")
    member_id: int = Field(foreign_key="member.id", nullable=True, description="Null once purged, and only then.")
    number: int
    state: ConsignmentState = state_field(ConsignmentState, "state", ConsignmentState.planned)
    snapshot_id: int | None = Field(default=None, foreign_key="snapshot.id")
    code_generation: int = 1
    code_key_id: str | None = Field(default=None, max_length=16)
    code_hash: str | None = Field(default=None, max_length=64, unique=True)
    warning: OddsWarning | None = Field(
        default=None, sa_column=sa.Column(state_type(OddsWarning, "warning"), nullable=True)
    )
    passed_over_id: int | None = Field(
        default=None, foreign_key="residence.id", description="A newer residence, known and left aside."
    )
    not_sent_reason: str | None = Field(default=None, max_length=200)


class Hold(Row, table=True):
    """Why a consignment cannot go yet: reason, sentence, next step. No personal data in the sentence."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.Index(
            "uq_hold_open",
            "consignment_id",
            "reason",
            unique=True,
            sqlite_where=sa.text("cleared_at IS NULL"),
            postgresql_where=sa.text("cleared_at IS NULL"),
        ),
    )

    consignment_id: int = Field(foreign_key="consignment.id")
    reason: HoldReason = state_field(HoldReason, "reason", HoldReason.no_address)
    sentence: str = Field(max_length=300)
    next_step: str = Field(max_length=300)
    opened_at: datetime
    cleared_at: datetime | None = None
