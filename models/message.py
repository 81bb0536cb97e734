"""Messages to members and groups: what is to be sent, what was asked of a channel, what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field, state_field, state_type


class MessagePurpose(StrEnum):
    """What a message is for."""

    follow_up = "follow_up"
    address_check = "address_check"
    notice = "notice"
    study = "study"
    call_notice = "call_notice"


class MessageEnd(StrEnum):
    """Why a message was not sent after all: it was looked at again before."""

    confirmed = "confirmed"
    do_not_contact = "do_not_contact"
    gone = "gone"
    no_number = "no_number"
    number_changed = "number_changed"
    not_named = "not_named"
    over = "over"
    withdrawn = "withdrawn"


WAITING = "answered_at IS NULL AND failed_at IS NULL AND cancelled_at IS NULL AND unclear_at IS NULL"


class Message(Row, table=True):
    """One text to one member or one group, sent once. `asked_at` is committed before the channel is called.

    What it says and to whom is worked out when it is sent, from the member and the text; neither is stored. One
    that was asked for and has no answer may have been sent: where the channel cannot tell, it is unclear, and a case.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("sending_key"),
        sa.Index(
            "ix_message_waiting",
            "channel",
            "due_at",
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        ),
        sa.Index("ix_message_channel_provider_id", "channel", "provider_id"),
        sa.Index("ix_message_member_id", "member_id"),
        sa.Index("ix_message_consignment_id", "consignment_id"),
        sa.Index("ix_message_campaign_id", "campaign_id"),
        sa.CheckConstraint("(cancelled_at IS NULL) = (cancel_reason IS NULL)", name="cancelled_with_reason"),
    )

    sending_key: str = Field(max_length=64, description="Our idempotency key towards the channel.")
    purpose: MessagePurpose = state_field(MessagePurpose, "purpose", MessagePurpose.notice)
    organisation_id: int = Field(foreign_key="organisation.id", description="Whose it is: the group's, or the home.")
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    consignment_id: int | None = Field(default=None, foreign_key="consignment.id")
    member_id: int | None = Field(default=None, foreign_key="member.id", description="None: to the group.")
    channel: str = Field(max_length=40, description="Our account with the channel, by code; `file` is by hand.")
    text_code: str = Field(max_length=40)
    details: dict[str, Any] = json_field()
    working_days: bool = False
    due_at: datetime
    queued_at: datetime
    attempt: int = 0
    started_at: datetime | None = None
    lease_until: datetime | None = None
    asked_at: datetime | None = None
    receiver_hash: str | None = Field(default=None, max_length=64, description="Keyed hash of whom it was asked for.")
    answered_at: datetime | None = None
    provider_id: str = Field(default="", max_length=128)
    artefact_id: int | None = Field(default=None, foreign_key="artefact.id", description="The sheet it stands on.")
    delivered_at: datetime | None = None
    failed_at: datetime | None = None
    failure_kind: str = Field(default="", max_length=20)
    failure_words: str = Field(default="", max_length=300, description="The channel's own words; they may name people.")
    unclear_at: datetime | None = Field(default=None, description="Since when nobody knows whether it was sent.")
    cancelled_at: datetime | None = None
    cancel_reason: MessageEnd | None = Field(
        default=None, sa_column=sa.Column(state_type(MessageEnd, "cancel_reason"), nullable=True)
    )
