"""What was erased after its time, told in counts and checksums only."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field


class PurgeRecord(Row, table=True):
    """One purge: of a campaign, or of what belongs to none. Its files are the artefacts that name it."""

    __tablename__ = "purge_record"
    __table_args__ = (sa.UniqueConstraint("campaign_id"),)

    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")
    at: datetime
    by: str = Field(max_length=64)
    why: str = Field(default="", max_length=200)
    counts: dict[str, Any] = json_field()
    files: int = 0
    files_checksum: str | None = Field(default=None, max_length=64, description="Over the files' own checksums.")
    finished_at: datetime | None = Field(default=None, description="When no file and no freed page was left.")
