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
    __table_args__ = (sa.UniqueConstraint("member_id", "held_on", "activity"),)

    member_id: int = Field(foreign_key="member.id")
    activity: str = Field(max_length=100)
    held_on: date
    how: TookPart = state_field(TookPart, "how", TookPart.in_person)
    source: str = Field(max_length=100, description="Where it was reported: a file and row, or a form.")
    recorded_by: str = Field(max_length=64)
    recorded_at: datetime
