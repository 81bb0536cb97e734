"""What couriers sent us unasked, as it came."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row


class CourierPush(Row, table=True):
    """The body of an authentic push, stored before anybody reads it. Unread while `read_at` is empty.

    No headers are kept but the content type: none of the couriers' formats needs another to be read.
    """

    __tablename__ = "courier_push"
    __table_args__ = (
        sa.Index(
            "ix_courier_push_unread",
            "id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    account: str = Field(max_length=40)
    received_at: datetime
    content_type: str = Field(default="", max_length=100)
    body: bytes = Field(sa_column=sa.Column(sa.LargeBinary, nullable=False))
    read_at: datetime | None = None
    said: int | None = Field(default=None, description="How many things it said.")
    problem: str = Field(default="", max_length=200, description="Why it, or a part of it, could not be read.")
