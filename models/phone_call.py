"""Calls to make: whom, about what, by whom, when next, and what came of it."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field, state_type


class CallPurpose(StrEnum):
    """What a call is about."""

    follow_up = "follow_up"
    reminder = "reminder"
    address_check = "address_check"
    study = "study"
    notice = "notice"


class CallEnd(StrEnum):
    """Why there is no call to make any more."""

    confirmed = "confirmed"
    told = "told"
    took_part = "took_part"
    still_here = "still_here"
    moved = "moved"
    unsure = "unsure"
    no_answer = "no_answer"
    wrong_number = "wrong_number"
    do_not_contact = "do_not_contact"
    overtaken = "overtaken"


OPEN_CALL = "ended_at IS NULL"


class PhoneCall(Row, table=True):
    """A member to be called. Of a parcel, what to say follows from how things stand; else it is written here."""

    __tablename__ = "phone_call"
    __table_args__ = (
        sa.UniqueConstraint("call_key"),
        sa.Index(
            "ix_phone_call_open",
            "organisation_id",
            "due_at",
            sqlite_where=sa.text(OPEN_CALL),
            postgresql_where=sa.text(OPEN_CALL),
        ),
        sa.Index("ix_phone_call_consignment_id", "consignment_id"),
        sa.Index("ix_phone_call_member_id", "member_id"),
        sa.Index("ix_phone_call_campaign_id", "campaign_id"),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_outcome"),
    )

    call_key: str = Field(max_length=64, description="What it is about, so that it is written down once.")
    purpose: CallPurpose = state_field(CallPurpose, "purpose", CallPurpose.follow_up)
    organisation_id: int = Field(foreign_key="organisation.id", description="The member's home, whose work it is.")
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    consignment_id: int | None = Field(default=None, foreign_key="consignment.id")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    programme_id: int | None = Field(default=None, foreign_key="programme.id", description="Of a call about studying.")
    study_month: date | None = Field(default=None, description="The first day of the month it is about.")
    branch_only: bool = Field(default=False, description="Nobody above the branch sees it: who was silent is its own.")
    caller_id: int | None = Field(default=None, foreign_key="user_account.id")
    words: str = Field(default="", max_length=300, description="What to say, if no parcel says it. Names nobody.")
    added_at: datetime
    due_at: datetime = Field(description="When to call, or to call again.")
    tries: int = Field(default=0, description="How often nobody answered.")
    tried_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: CallEnd | None = Field(default=None, sa_column=sa.Column(state_type(CallEnd, "outcome"), nullable=True))
