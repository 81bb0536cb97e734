"""What members took part in."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field


class TookPart(StrEnum):
    """How a member took part."""

    in_person = "in_person"
    online = "online"
    by_post = "by_post"


class Participation(Row, table=True):
    """One member at one activity on one day."""

    __tablename__ = "participation"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "held_on", "activity"),
        # Of the few that came from the study programme: one item is studied once.
        sa.Index(
            "uq_participation_study",
            "study_item_id",
            "member_id",
            unique=True,
            sqlite_where=sa.text("study_item_id IS NOT NULL"),
            postgresql_where=sa.text("study_item_id IS NOT NULL"),
        ),
    )

    member_id: int = Field(foreign_key="member.id")
    activity: str = Field(max_length=100)
    held_on: date
    how: TookPart = state_field(TookPart, "how", TookPart.in_person)
    source: str = Field(max_length=100, description="Where it was reported: a file and row, or a form.")
    recorded_by: str = Field(max_length=64)
    recorded_at: datetime
    study_item_id: int | None = Field(
        default=None, foreign_key="study_item.id", description="What of the study programme the member studied."
    )
