"""Ledgers that were imported: what each made of whom, so that a whole import can be taken back."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field


class LedgerImport(Row, table=True):
    """One file that changed something. What it recorded bears the same instant as `imported_at`."""

    __tablename__ = "ledger_import"

    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    filename: str = Field(max_length=120)
    imported_at: datetime
    imported_by: str = Field(max_length=64)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    highest_member_id: int = Field(default=0, description="Of the members it made: no later one gets their ids.")
    undone_at: datetime | None = None
    undone_by: str | None = Field(default=None, max_length=64)


class LedgerImportMember(Row, table=True):
    """One member that an import made or changed. `before` holds the columns it changed, as they were."""

    __tablename__ = "ledger_import_member"
    __table_args__ = (sa.Index("ix_ledger_import_member_import_id", "import_id"),)

    import_id: int = Field(foreign_key="ledger_import.id")
    member_id: int = Field(description="No foreign key: a member that was taken back is not there any more.")
    made: bool
    version: int = Field(description="The member's, after the import.")
    before: dict[str, Any] = json_field()
    verified: dict[str, Any] = json_field()
