"""What a person says a courier's code means, where no module knows it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row, state_field, state_type
from models.parcel import DeliveredTo, Tracking


class CodeMapping(Row, table=True):
    """One reading of one code. It applies when events are folded, which stay as they came; a later one replaces it."""

    __tablename__ = "code_mapping"
    __table_args__ = (
        sa.Index(
            "uq_code_mapping_live",
            "courier",
            "code",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
    )

    courier: str = Field(max_length=20)
    code: str = Field(max_length=40)
    tracking: Tracking = state_field(Tracking, "tracking", Tracking.unknown)
    delivered_to: DeliveredTo | None = Field(
        default=None, sa_column=sa.Column(state_type(DeliveredTo, "delivered_to"), nullable=True)
    )
    mapped_by: str = Field(max_length=64)
    mapped_at: datetime
    replaced_at: datetime | None = None
