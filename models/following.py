"""How parcels are followed: whom we ask about them, and when."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from models.base import Row


class Following(Row, table=True):
    """One parcel that an account of ours can be asked about. At an end `next_at` is null."""

    __tablename__ = "following"
    __table_args__ = (sa.Index("ix_following_account_next_at", "account", "next_at"),)

    parcel_id: int = Field(foreign_key="parcel.id", unique=True)
    account: str = Field(max_length=40, description="The account's code in settings.")
    courier: str = Field(max_length=20, description="The courier as the account is told; a tracker may correct it.")
    asked_at: datetime | None = None
    next_at: datetime | None = None
    subscribed_at: datetime | None = Field(default=None, description="Since when a tracker follows it for us.")
