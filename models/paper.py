"""Print runs, the sheets in them, and every file that was ever published."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field


class ArtefactKind(StrEnum):
    """What a file is."""

    letter = "letter"
    contact_card = "contact_card"
    reader = "reader"
    label = "label"
    packing_slip = "packing_slip"
    pick_list = "pick_list"
    manifest = "manifest"
    rehearsal = "rehearsal"
    report = "report"
    fix_file = "fix_file"
    ledger_review = "ledger_review"
    call_sheet = "call_sheet"
    courier_claim = "courier_claim"
    receipt_photo = "receipt_photo"
    handover_record = "handover_record"
    message_sheet = "message_sheet"
    study_picture = "study_picture"


class Artefact(Row, table=True):
    """A file; its row exists before it is published."""

    __tablename__ = "artefact"

    kind: ArtefactKind = state_field(ArtefactKind, "kind", ArtefactKind.letter)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id", index=True)
    path: str = Field(max_length=200, unique=True, description="Relative to the document store.")
    pages: int | None = None
    sha256: str | None = Field(default=None, max_length=64)
    created_at: datetime
    published_at: datetime | None = None
    purge_id: int | None = Field(default=None, foreign_key="purge_record.id", description="What erases the file.")
    deleted_at: datetime | None = Field(default=None, description="When the file was erased; its checksum stays.")


class PrintRun(Row, table=True):
    """Which pages are in which file. A claim while being made."""

    __tablename__ = "print_run"
    __table_args__ = (sa.UniqueConstraint("campaign_id", "number"),)

    campaign_id: int = Field(foreign_key="campaign.id")
    number: int
    kind: ArtefactKind = state_field(ArtefactKind, "kind", ArtefactKind.letter)
    artefact_id: int = Field(foreign_key="artefact.id")
    manifest_id: int | None = Field(default=None, foreign_key="manifest.id")
    from_label: int | None = Field(default=None, description="On which label of its first sheet it begins, from 1.")
    attempt: int = 0
    started_at: datetime | None = None
    lease_until: datetime | None = None
    worker: str | None = Field(default=None, max_length=100, description="The process that claimed it last, host:pid.")
    made_at: datetime | None = None
    printed_at: datetime | None = Field(default=None, description="When it came out of the printer, as a person says.")
    printed_by: str | None = Field(default=None, max_length=64)
    faces: dict[str, str] | None = Field(
        default=None,
        sa_column=sa.Column(sa.JSON(none_as_null=True), nullable=True),
        description="Family → the characters it served, where our own faces lacked them.",
    )


class Sheet(Row, table=True):
    """One piece of a print run: a letter, a label, a slip, a line of a pick list or manifest."""

    __tablename__ = "sheet"
    __table_args__ = (
        sa.UniqueConstraint("print_run_id", "position"),
        sa.Index("ix_sheet_parcel_id", "parcel_id"),
    )

    print_run_id: int = Field(foreign_key="print_run.id")
    position: int
    parcel_id: int = Field(foreign_key="parcel.id")
    consignment_id: int | None = Field(
        default=None, foreign_key="consignment.id", description="For what is each member's own."
    )
    first_page: int | None = None
    pages: int | None = None
    voided_at: datetime | None = None


class Spoilage(Row, table=True):
    """A sheet that was spoiled after it was made (jammed, smudged, torn), and the sheet that takes its place."""

    __tablename__ = "spoilage"

    sheet_id: int = Field(foreign_key="sheet.id", unique=True)
    reason: str = Field(max_length=60)
    recorded_by: str = Field(max_length=64)
    at: datetime
    reprint_sheet_id: int | None = Field(default=None, foreign_key="sheet.id", unique=True)
