"""Seals and hand-written signatures of organisations."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field


class ImprintKind(StrEnum):
    """What stands beside or over the name of who writes."""

    seal = "seal"
    signature = "signature"


class Imprint(Row, table=True):
    """A picture that an organisation puts under its letters. Never changed: another one takes its place."""

    __tablename__ = "imprint"
    __table_args__ = (
        sa.Index(
            "uq_imprint_live",
            "organisation_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    kind: ImprintKind = state_field(ImprintKind, "kind", ImprintKind.seal)
    content: str = Field(description="A PNG of ours, in base64.")
    sha256: str = Field(max_length=64)
    width_mm: int
    added_by: str = Field(max_length=64)
    added_at: datetime
    withdrawn_by: str | None = Field(default=None, max_length=64)
    withdrawn_at: datetime | None = None
