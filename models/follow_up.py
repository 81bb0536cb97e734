"""Steps of a campaign's ladder that were taken: what was done for a member who said nothing yet."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field


class FollowUpDo(StrEnum):
    """What a step of the ladder does."""

    message = "message"
    call = "call"
    case = "case"


class FollowUp(Row, table=True):
    """One step taken for one consignment, once. `passed_over`: a later message was due by then and went instead."""

    __tablename__ = "follow_up"
    __table_args__ = (sa.UniqueConstraint("consignment_id", "step"),)

    consignment_id: int = Field(foreign_key="consignment.id")
    step: int = Field(description="Its place on the ladder, from 1.")
    does: FollowUpDo = state_field(FollowUpDo, "does", FollowUpDo.message)
    passed_over: bool = False
    taken_at: datetime
