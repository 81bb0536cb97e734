"""Before a campaign: the round that asks each member whether they still live there, and what they said."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field, state_type
from models.receipt import SaidVia


class RoundRule(StrEnum):
    """What becomes of those who said nothing until the cut-off."""

    keep = "keep"
    hold = "hold"
    host_decides = "host_decides"


class AddressSaid(StrEnum):
    """What a member said of the address."""

    still_here = "still_here"
    moved = "moved"
    unsure = "unsure"


class AddressRound(Row, table=True):
    """A campaign's one round of asking. It is over the day after the cut-off, or when somebody ends it."""

    __tablename__ = "address_round"
    __table_args__ = (sa.UniqueConstraint("campaign_id"),)

    campaign_id: int = Field(foreign_key="campaign.id")
    opened_at: datetime
    opened_by: str = Field(max_length=64)
    cut_off_on: date = Field(description="The last day on which answers are taken.")
    rule: RoundRule = state_field(RoundRule, "rule", RoundRule.keep)
    closed_at: datetime | None = None


class AddressAnswer(Row, table=True):
    """One member's place in a round: asked, and what they said last. What was said before stands in the journal."""

    __tablename__ = "address_answer"
    __table_args__ = (
        sa.UniqueConstraint("consignment_id"),
        sa.Index("ix_address_answer_round_id", "round_id"),
        sa.CheckConstraint("(answered_at IS NULL) = (said IS NULL)", name="answered_with_words"),
    )

    round_id: int = Field(foreign_key="address_round.id")
    consignment_id: int = Field(foreign_key="consignment.id")
    said: AddressSaid | None = Field(default=None, sa_column=sa.Column(state_type(AddressSaid, "said"), nullable=True))
    said_via: SaidVia | None = Field(default=None, sa_column=sa.Column(state_type(SaidVia, "said_via"), nullable=True))
    answered_at: datetime | None = None
    recorded_by: str | None = Field(default=None, max_length=64)
