"""One person in the ledger twice: records put together by a person, and pairs a person found to be two people."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_field


class MemberMerge(Row, table=True):
    """Two records of one person put together. The one that is gone keeps its row, and leads to the one kept.

    `changed` says by id and column name what it changed, so that it can be undone; it holds no values of anybody's.
    """

    __tablename__ = "member_merge"
    __table_args__ = (
        sa.Index(
            "uq_member_merge_gone",
            "gone_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.Index("ix_member_merge_kept_id", "kept_id"),
    )

    kept_id: int = Field(foreign_key="member.id")
    gone_id: int = Field(foreign_key="member.id")
    changed: dict[str, Any] = json_field()
    merged_at: datetime
    merged_by: str = Field(max_length=64)
    undone_at: datetime | None = None


class DistinctMembers(Row, table=True):
    """Two records that look like one person, and are two people: somebody asked them."""

    __tablename__ = "distinct_members"
    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="in_order"),
        sa.Index("ix_distinct_members_second_id", "second_id"),
    )

    first_id: int = Field(foreign_key="member.id")
    second_id: int = Field(foreign_key="member.id")
    decided_at: datetime
    decided_by: str = Field(max_length=64)
