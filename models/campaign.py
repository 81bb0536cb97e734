"""Campaigns, what they were allowed to do, and the shards their work is cut into."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field, json_list_field, state_field


class CampaignState(StrEnum):
    """How far a campaign is, is counted; these are only the gates it has passed."""

    draft = "draft"
    prepared = "prepared"
    approved = "approved"
    under_way = "under_way"
    closed = "closed"
    cancelled = "cancelled"


class Channel(StrEnum):
    """How a campaign gets to its members."""

    post = "post"
    message = "message"
    phone = "phone"


class Consolidation(StrEnum):
    """Whether members at one address share a parcel."""

    none = "none"
    address = "address"


class LabelLayout(StrEnum):
    """On what address labels are printed."""

    roll_100x150 = "roll_100x150"
    a4_sheet = "a4_sheet"
    roll_76x130 = "roll_76x130"
    roll_100x180 = "roll_100x180"


class LabelMode(StrEnum):
    """What a label tells: the whole address, or no more than the courier's system needs to be asked for it."""

    delivery = "delivery"
    de_identified = "de_identified"


class Step(StrEnum):
    """A sharded step of a campaign's life."""

    judge = "judge"
    settle = "settle"
    plan = "plan"


class LetterText(Row, table=True):
    """Organisers' text with placeholders, versioned; its design is a template file known by checksum."""

    __tablename__ = "letter_text"
    __table_args__ = (sa.UniqueConstraint("code", "version"),)

    code: str = Field(max_length=40)
    version: int = 1
    title: str = Field(max_length=100)
    body: str
    design: str = Field(max_length=40)
    checksum: str = Field(max_length=64)
    created_at: datetime


class Campaign(Row, table=True):
    """One send-out of one kit version to one audience."""

    __tablename__ = "campaign"

    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=100)
    state: CampaignState = state_field(CampaignState, "state", CampaignState.draft)
    organisation_id: int = Field(foreign_key="organisation.id")
    channel: Channel = state_field(Channel, "channel", Channel.post)
    kit_id: int | None = Field(default=None, foreign_key="kit.id", description="None where nothing is sent by post.")
    letter_text_id: int = Field(foreign_key="letter_text.id")
    sender: dict[str, Any] = json_field()
    outside: dict[str, Any] = json_field()
    contacts: list[dict[str, str]] = json_list_field()
    imprints: list[str] = json_list_field()
    audience: dict[str, Any] = json_field()
    couriers: dict[str, Any] = json_field()
    postage: list[dict[str, Any]] = json_list_field()
    messages: list[str] = json_list_field()
    follow_up: list[dict[str, Any]] = json_list_field()
    telling: dict[str, Any] = json_field()
    letter_on: date
    planned_delivery_on: date
    address_max_age_days: int
    consolidate: Consolidation = state_field(Consolidation, "consolidate", Consolidation.none)
    label_layout: LabelLayout = state_field(LabelLayout, "label_layout", LabelLayout.roll_100x150)
    from_label: int | None = Field(
        default=None, description="Where the next sheet of labels begins, if not on its first."
    )
    definition_checksum: str = Field(max_length=64)
    seed: int
    next_number: int = 1
    next_sequence: int = 1
    next_manifest: int = 1
    created_by: str = Field(max_length=64)
    created_at: datetime
    stopped_at: datetime | None = Field(default=None, description="Cancelled after a hand-over: nothing new is sent.")
    closed_at: datetime | None = None
    purged_at: datetime | None = Field(default=None, description="When its personal data was erased.")
    version: int = 1

    @property
    def owner(self) -> str:
        """Who answers for what comes of it: the cases' owner."""
        return str(self.sender.get("name", "organiser"))


class Approval(Row, table=True):
    """What was allowed: this content (by checksum), so many consignments, so much money."""

    __tablename__ = "approval"
    __table_args__ = (
        sa.Index(
            "uq_approval_live",
            "campaign_id",
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        ),
    )

    campaign_id: int = Field(foreign_key="campaign.id")
    checksum: str = Field(max_length=64)
    consignments: int
    amount_fen: int
    approved_by: str = Field(max_length=64)
    approved_at: datetime
    voided_at: datetime | None = None
    void_reason: str | None = Field(default=None, max_length=200)


class Shard(Row, table=True):
    """A share of a step. Its work is inside the database only: it is done in one transaction or not at all."""

    __tablename__ = "shard"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "step", "round", "position"),)

    campaign_id: int = Field(foreign_key="campaign.id")
    step: Step = state_field(Step, "step", Step.judge)
    round: int
    position: int
    first_id: int = Field(description="First consignment of the shard.")
    last_id: int = Field(description="Last consignment of the shard, itself included.")
    finished_at: datetime | None = None
