"""What members said, and the cases that follow."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field


class Said(StrEnum):
    """What a member can say about a parcel."""

    all_here = "all_here"
    something_missing = "something_missing"
    damaged = "damaged"
    not_received = "not_received"


class SaidVia(StrEnum):
    """How it reached us."""

    page = "page"
    phone = "phone"
    visit = "visit"


class ItemProblem(StrEnum):
    """What is wrong with one item."""

    missing = "missing"
    damaged = "damaged"


class CaseReason(StrEnum):
    """What went wrong after hand-over, or two reports that differ."""

    something_missing = "something_missing"
    damaged = "damaged"
    not_received = "not_received"
    failed_attempt = "failed_attempt"
    refused = "refused"
    returned = "returned"
    lost = "lost"
    not_moving = "not_moving"
    conflicting_reports = "conflicting_reports"
    one_sided_report = "one_sided_report"
    waiting = "waiting"
    return_near = "return_near"
    returning = "returning"
    has_moved = "has_moved"
    call_me = "call_me"
    do_not_contact = "do_not_contact"
    delete_data = "delete_data"
    no_answer = "no_answer"
    cancel_refused = "cancel_refused"
    undecided = "undecided"
    moved_on_the_way = "moved_on_the_way"
    message_unclear = "message_unclear"
    not_told = "not_told"


class CaseOutcome(StrEnum):
    """How a case ended."""

    replaced = "replaced"
    found = "found"
    taken_back = "taken_back"
    written_off = "written_off"
    later_receipt = "later_receipt"
    no_action = "no_action"
    home_was_right = "home_was_right"
    host_was_right = "host_was_right"
    neither_was_right = "neither_was_right"
    accepted = "accepted"
    reported_by_both = "reported_by_both"
    corrected = "corrected"
    overtaken = "overtaken"
    withdrawn = "withdrawn"
    settled = "settled"


class Receipt(Row, table=True):
    """What the member said; a correction supersedes it and keeps it."""

    __tablename__ = "receipt"
    __table_args__ = (
        sa.Index(
            "uq_receipt_current",
            "consignment_id",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
    )

    consignment_id: int = Field(foreign_key="consignment.id")
    said: Said = state_field(Said, "said", Said.all_here)
    said_via: SaidVia = state_field(SaidVia, "said_via", SaidVia.page)
    note: str = Field(default="", max_length=500)
    recorded_by: str = Field(max_length=64)
    recorded_at: datetime
    superseded_at: datetime | None = None


class ReceiptItem(Row, table=True):
    """One item of a receipt that is missing or damaged."""

    __tablename__ = "receipt_item"
    __table_args__ = (sa.UniqueConstraint("receipt_id", "kit_item_id"),)

    receipt_id: int = Field(foreign_key="receipt.id")
    kit_item_id: int = Field(foreign_key="kit_item.id")
    problem: ItemProblem = state_field(ItemProblem, "problem", ItemProblem.missing)


class ReceiptPhoto(Row, table=True):
    """A picture a member sent with what they said, drawn anew and without what cameras write into it."""

    __tablename__ = "receipt_photo"
    __table_args__ = (sa.UniqueConstraint("artefact_id"),)

    consignment_id: int = Field(foreign_key="consignment.id", index=True)
    artefact_id: int = Field(foreign_key="artefact.id")
    added_at: datetime
    removed_at: datetime | None = Field(default=None, description="When the member took it back.")


#: A parcel or a consignment, of a campaign; a movement, of none; or a message, of either.
ONE_SUBJECT = (
    "(message_id IS NULL AND movement_id IS NULL AND campaign_id IS NOT NULL"
    " AND (parcel_id IS NULL) <> (consignment_id IS NULL))"
    " OR (message_id IS NULL AND movement_id IS NOT NULL AND campaign_id IS NULL AND parcel_id IS NULL"
    " AND consignment_id IS NULL)"
    " OR (message_id IS NOT NULL AND movement_id IS NULL AND parcel_id IS NULL AND consignment_id IS NULL)"
)


class Case(Row, table=True):
    """A piece of work with an owner and the next step prepared. One open case per subject and reason."""

    __tablename__ = "case_record"
    __table_args__ = (
        sa.Index(
            "uq_case_record_open_parcel",
            "parcel_id",
            "reason",
            unique=True,
            sqlite_where=sa.text("resolved_at IS NULL AND parcel_id IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NULL AND parcel_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_case_record_open_consignment",
            "consignment_id",
            "reason",
            unique=True,
            sqlite_where=sa.text("resolved_at IS NULL AND consignment_id IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NULL AND consignment_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_case_record_open_movement",
            "movement_id",
            "reason",
            unique=True,
            sqlite_where=sa.text("resolved_at IS NULL AND movement_id IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NULL AND movement_id IS NOT NULL"),
        ),
        sa.Index(
            "uq_case_record_open_message",
            "message_id",
            "reason",
            unique=True,
            sqlite_where=sa.text("resolved_at IS NULL AND message_id IS NOT NULL"),
            postgresql_where=sa.text("resolved_at IS NULL AND message_id IS NOT NULL"),
        ),
        sa.CheckConstraint(ONE_SUBJECT, name="one_subject"),
    )

    campaign_id: int | None = Field(default=None, foreign_key="campaign.id", index=True)
    movement_id: int | None = Field(default=None, foreign_key="movement.id")
    consignment_id: int | None = Field(default=None, foreign_key="consignment.id")
    parcel_id: int | None = Field(default=None, foreign_key="parcel.id")
    receipt_id: int | None = Field(default=None, foreign_key="receipt.id")
    message_id: int | None = Field(default=None, foreign_key="message.id")
    reason: CaseReason = state_field(CaseReason, "reason", CaseReason.not_received)
    sentence: str = Field(max_length=300)
    next_step: str = Field(max_length=300)
    owner: str = Field(max_length=64, description="Whose business it is: an organisation's name.")
    assignee_id: int | None = Field(
        default=None, foreign_key="user_account.id", description="Who of the staff sees to it; none yet: nobody."
    )
    opened_at: datetime
    resolved_at: datetime | None = None
    outcome: str | None = Field(default=None, max_length=32)
    resolved_by: str | None = Field(default=None, max_length=64)


class FailedCode(Row, table=True):
    """Failed codes per address (a keyed hash of it) and minute: what the rate limit counts."""

    __tablename__ = "failed_code"
    __table_args__ = (sa.UniqueConstraint("address_hash", "window_at"),)

    address_hash: str = Field(max_length=64)
    window_at: datetime
    count: int = 0
