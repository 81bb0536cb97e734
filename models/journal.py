"""Who did what, when and why."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field


class Subject(StrEnum):
    """What a journal entry is about."""

    organisation = "organisation"
    member = "member"
    item = "item"
    kit = "kit"
    campaign = "campaign"
    consignment = "consignment"
    parcel = "parcel"
    manifest = "manifest"
    case = "case"
    user = "user"
    programme = "programme"
    message = "message"


class JournalEntry(Row, table=True):
    """One change of business state, written in the same transaction. No personal data in `what` and `why`."""

    __tablename__ = "journal_entry"
    __table_args__ = (sa.Index("ix_journal_entry_subject_subject_id", "subject", "subject_id"),)

    subject: Subject = state_field(Subject, "subject", Subject.campaign)
    subject_id: int
    what: str = Field(max_length=64, description="A verb, or the state it went to.")
    was: str | None = Field(default=None, max_length=64)
    why: str = Field(default="", max_length=300)
    actor: str = Field(max_length=64)
    at: datetime
