"""Parcels, their lines, what couriers said, manifests and hand-over."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, account_field, json_field, state_field, state_type
from models.outcome import ReturnedFor


class ParcelStage(StrEnum):
    """Ours: how far the piece is in our hands."""

    planned = "planned"
    printed = "printed"
    packed = "packed"
    handed_over = "handed_over"
    taken_back = "taken_back"
    voided = "voided"


class Tracking(StrEnum):
    """The courier's: a fold over its events."""

    unknown = "unknown"
    accepted = "accepted"
    in_transit = "in_transit"
    out_for_delivery = "out_for_delivery"
    failed_attempt = "failed_attempt"
    awaiting_pickup = "awaiting_pickup"
    delivered = "delivered"
    refused = "refused"
    returning = "returning"
    returned = "returned"
    lost = "lost"


class DeliveredTo(StrEnum):
    """Whom the courier says it gave the parcel to."""

    member = "member"
    other_person = "other_person"
    reception = "reception"
    village_committee = "village_committee"
    left_at_door = "left_at_door"
    unknown = "unknown"


class ManifestState(StrEnum):
    """Sealed content never changes."""

    draft = "draft"
    sealed = "sealed"
    handed_over = "handed_over"
    void = "void"


class ManifestLineState(StrEnum):
    """Only open and handed_over lines are live."""

    open = "open"
    handed_over = "handed_over"
    left = "left"
    voided = "voided"


def _live(name: str, *columns: str, where: str) -> sa.Index:
    return sa.Index(name, *columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class LeftReason(StrEnum):
    """Why a courier left a parcel that its manifest lists."""

    not_there = "not_there"
    damaged = "damaged"
    label_unreadable = "label_unreadable"
    not_accepted = "not_accepted"
    no_room = "no_room"
    other = "other"


class Parcel(Row, table=True):
    """One physical piece, one waybill. `sequence` orders every paper, `reference` is our idempotency key."""

    __tablename__ = "parcel"
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "sequence"),
        sa.Index("ix_parcel_consignee_snapshot_id", "consignee_snapshot_id"),
        _live("uq_parcel_waybill", "courier", "booked_year", "waybill_number", where="waybill_number IS NOT NULL"),
        sa.Index("ix_parcel_campaign_id_stage", "campaign_id", "stage"),
    )

    campaign_id: int = Field(foreign_key="campaign.id")
    sequence: int
    reference: str = Field(max_length=20, unique=True)
    courier: str = Field(max_length=20)
    account: str = account_field()
    consignee_snapshot_id: int = Field(foreign_key="snapshot.id")
    stage: ParcelStage = state_field(ParcelStage, "stage", ParcelStage.planned)
    tracking: Tracking = state_field(Tracking, "tracking", Tracking.unknown)
    delivered_to: DeliveredTo | None = Field(
        default=None, sa_column=sa.Column(state_type(DeliveredTo, "delivered_to"), nullable=True)
    )
    delivered_at: datetime | None = None
    returned_for: ReturnedFor | None = Field(
        default=None, sa_column=sa.Column(state_type(ReturnedFor, "returned_for"), nullable=True)
    )
    returned_at: datetime | None = Field(default=None, description="When the courier, or its slip, told that reason.")
    handed_over_at: datetime | None = None
    waybill_number: str | None = Field(default=None, max_length=40)
    booked_year: int | None = Field(default=None, description="When it got its number; couriers use numbers again.")
    weight_g: int
    postage_fen: int
    created_at: datetime


class ParcelLine(Row, table=True):
    """One kit item of one consignment in one parcel. At most one live original per consignment and kit item."""

    __tablename__ = "parcel_line"
    __table_args__ = (
        _live(
            "uq_parcel_line_live_original",
            "consignment_id",
            "kit_item_id",
            where="voided_at IS NULL AND replaces_line_id IS NULL",
        ),
        _live(
            "uq_parcel_line_live_replacement",
            "replaces_line_id",
            where="voided_at IS NULL AND replaces_line_id IS NOT NULL",
        ),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.Index("ix_parcel_line_parcel_id", "parcel_id"),
        sa.Index("ix_parcel_line_consignment_id", "consignment_id"),
    )

    parcel_id: int = Field(foreign_key="parcel.id")
    consignment_id: int = Field(foreign_key="consignment.id")
    kit_item_id: int = Field(foreign_key="kit_item.id")
    quantity: int
    replaces_line_id: int | None = Field(default=None, foreign_key="parcel_line.id")
    voided_at: datetime | None = None


class ReplacementRequest(Row, table=True):
    """A line asked for again; `fulfil` plans it into a new parcel. Open while unplanned and not withdrawn."""

    __tablename__ = "replacement_request"
    __table_args__ = (
        _live("uq_replacement_request_open", "line_id", where="planned_at IS NULL AND withdrawn_at IS NULL"),
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    consignment_id: int = Field(foreign_key="consignment.id")
    line_id: int = Field(foreign_key="parcel_line.id", description="The line to be replaced.")
    quantity: int
    asked_by: str = Field(max_length=64)
    asked_at: datetime
    planned_at: datetime | None = None
    withdrawn_at: datetime | None = None


class TrackingEvent(Row, table=True):
    """One thing a courier said, raw and normalised, never edited before purge."""

    __tablename__ = "tracking_event"
    __table_args__ = (sa.Index("ix_tracking_event_parcel_id", "parcel_id"),)

    parcel_id: int = Field(foreign_key="parcel.id")
    courier: str = Field(max_length=20)
    event_key: str = Field(max_length=64, unique=True, description="Hash of courier, number, time, code, text.")
    code: str = Field(max_length=40, description="The courier's own code or word.")
    tracking: Tracking = state_field(Tracking, "tracking", Tracking.unknown)
    delivered_to: DeliveredTo | None = Field(
        default=None, sa_column=sa.Column(state_type(DeliveredTo, "delivered_to"), nullable=True)
    )
    returned_for: ReturnedFor | None = Field(
        default=None, sa_column=sa.Column(state_type(ReturnedFor, "returned_for"), nullable=True)
    )
    cancels: bool = Field(default=False, description="Takes back the courier's latest earlier event.")
    happened_at: datetime
    text: str = Field(default="", max_length=300)
    place: str = Field(default="", max_length=100)
    raw: dict[str, Any] = json_field()
    recorded_at: datetime


class Manifest(Row, table=True):
    """The list a courier takes parcels by."""

    __tablename__ = "manifest"
    __table_args__ = (sa.Index("ix_manifest_campaign_id", "campaign_id"),)

    campaign_id: int = Field(foreign_key="campaign.id")
    number: str = Field(max_length=30, unique=True)
    courier: str = Field(max_length=20)
    account: str = account_field()
    state: ManifestState = state_field(ManifestState, "state", ManifestState.draft)
    created_at: datetime
    sealed_at: datetime | None = None
    content_checksum: str | None = Field(default=None, max_length=64)


class ManifestLine(Row, table=True):
    """One parcel on one manifest; a parcel has at most one live line."""

    __tablename__ = "manifest_line"
    __table_args__ = (
        sa.UniqueConstraint("manifest_id", "parcel_id"),
        _live("uq_manifest_line_live", "parcel_id", where="state IN ('open', 'handed_over')"),
    )

    manifest_id: int = Field(foreign_key="manifest.id")
    parcel_id: int = Field(foreign_key="parcel.id")
    position: int
    state: ManifestLineState = state_field(ManifestLineState, "state", ManifestLineState.open)
    left_reason: LeftReason | None = Field(
        default=None, sa_column=sa.Column(state_type(LeftReason, "left_reason"), nullable=True)
    )


class ManifestLink(Row, table=True):
    """A way in for whoever takes a sealed manifest's parcels. The token itself is on paper; here is its hash alone."""

    __tablename__ = "manifest_link"
    __table_args__ = (
        sa.UniqueConstraint("manifest_id", "generation"),
        _live("uq_manifest_link_live", "manifest_id", where="revoked_at IS NULL"),
    )

    manifest_id: int = Field(foreign_key="manifest.id")
    generation: int
    key_id: str = Field(max_length=40)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime | None = Field(default=None, description="Set when the manifest was handed over.")
    revoked_at: datetime | None = None


class Handover(Row, table=True):
    """The courier took a manifest's parcels; counted and signed; frozen."""

    __tablename__ = "handover"

    manifest_id: int = Field(foreign_key="manifest.id", unique=True)
    counted: int
    left_behind: int
    recorded_by: str = Field(max_length=64)
    at: datetime
    signed_name: str | None = Field(default=None, max_length=40, description="As the courier wrote it on our page.")
    signature: str | None = Field(
        default=None, sa_column=sa.Column(sa.Text, nullable=True), description="A PNG of ours, in Base64."
    )
