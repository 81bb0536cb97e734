"""The study programme: its columns, what is published in them, to whom, and what members contribute."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, json_list_field, state_field


class Rhythm(StrEnum):
    """How often a column has something."""

    daily = "daily"
    weekly = "weekly"
    monthly = "monthly"
    quarterly = "quarterly"


class HolidayRule(StrEnum):
    """What a column does on a day off: goes on, or waits for the next working day."""

    publish = "publish"
    skip = "skip"


class StudyState(StrEnum):
    """Where an item is."""

    planned = "planned"
    published = "published"
    withdrawn = "withdrawn"


class Programme(Row, table=True):
    """What an organisation publishes for its members, in columns."""

    __tablename__ = "programme"

    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=50)
    created_at: datetime
    channel: str | None = Field(
        default=None, max_length=40, description="Our account that tells members who want to be told; none: nobody is."
    )


class StudyColumn(Row, table=True):
    """One column of a programme."""

    __tablename__ = "study_column"
    __table_args__ = (sa.UniqueConstraint("programme_id", "name"),)

    programme_id: int = Field(foreign_key="programme.id")
    position: int
    name: str = Field(max_length=20)
    rhythm: Rhythm = state_field(Rhythm, "rhythm", Rhythm.daily)
    holidays: HolidayRule = state_field(HolidayRule, "holidays", HolidayRule.publish)
    discussion: bool = Field(default=False, description="Whether members contribute to its items.")
    at_once: int = Field(default=1, description="How many items at most are made known at one time.")


class StudyItem(Row, table=True):
    """Something to read, listen to or discuss. One title once in a column."""

    __tablename__ = "study_item"
    __table_args__ = (
        sa.UniqueConstraint("column_id", "title"),
        sa.Index("ix_study_item_state_planned_on", "state", "planned_on"),
    )

    column_id: int = Field(foreign_key="study_column.id")
    title: str = Field(max_length=30)
    text: str = ""
    link: str | None = Field(default=None, max_length=300)
    picture: str | None = Field(
        default=None, max_length=300, description="The picture's file with us, or where it is on the net."
    )
    audio: str | None = Field(default=None, max_length=300, description="Where the recording is on the net.")
    planned_on: date
    state: StudyState = state_field(StudyState, "state", StudyState.planned)
    published_at: datetime | None = None
    announce: bool = Field(default=False, description="Whether groups and members are told; False of what caught up.")


class StudyGroup(Row, table=True):
    """An organisation's page of a programme, behind a link. The token follows from a key; only its hash is kept."""

    __tablename__ = "study_group"
    __table_args__ = (
        sa.Index(
            "uq_study_group_live",
            "programme_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        sa.UniqueConstraint("programme_id", "organisation_id", "generation"),
    )

    programme_id: int = Field(foreign_key="programme.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    generation: int = 1
    key_id: str = Field(max_length=40)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    revoked_at: datetime | None = None
    channel: str | None = Field(default=None, max_length=40, description="Our account with the group's robot, if any.")


class StudyPass(Row, table=True):
    """A member's own code on the pages of a programme; only its hash is kept."""

    __tablename__ = "study_pass"
    __table_args__ = (sa.UniqueConstraint("programme_id", "member_id"),)

    programme_id: int = Field(foreign_key="programme.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    generation: int = 1
    key_id: str = Field(max_length=40)
    code_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    wants_since: datetime | None = Field(default=None, description="Since when the member wants to be told of items.")


class StudyOpening(Row, table=True):
    """How often an item was opened on a day, by whomever: a statistic, no state of anything."""

    __tablename__ = "study_opening"
    __table_args__ = (sa.UniqueConstraint("item_id", "opened_on"),)

    item_id: int = Field(foreign_key="study_item.id")
    opened_on: date
    count: int = 0


class ClosedMonth(Row, table=True):
    """A programme's month that is over, in numbers: they change no more, whoever comes, leaves or is called later."""

    __tablename__ = "closed_month"
    __table_args__ = (sa.UniqueConstraint("programme_id", "begins_on"),)

    programme_id: int = Field(foreign_key="programme.id")
    begins_on: date
    published: int
    openings: int
    branches: list[dict[str, Any]] = json_list_field()
    closed_at: datetime


class Contribution(Row, table=True):
    """What one member says to one discussion. Others see it when the branch has released it."""

    __tablename__ = "contribution"
    __table_args__ = (
        sa.UniqueConstraint("item_id", "member_id"),
        sa.Index("ix_contribution_member_id", "member_id"),
    )

    item_id: int = Field(foreign_key="study_item.id")
    member_id: int = Field(foreign_key="member.id")
    text: str = Field(max_length=1000)
    written_at: datetime
    released_at: datetime | None = None
    released_by: str | None = Field(default=None, max_length=64)
