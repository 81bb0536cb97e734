"""Users: the staff who sign in to the console, and their sessions."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from models.base import Row, state_field


class Role(StrEnum):
    """What somebody may do. Each may look; nobody but the administrator may do everything."""

    reader = "reader"
    packer = "packer"
    organiser = "organiser"
    approver = "approver"
    administrator = "administrator"


class User(Row, table=True):
    """Somebody of the staff. Never deleted, since the journal names them; disabled when they leave."""

    __tablename__ = "user_account"

    login: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=40)
    role: Role = state_field(Role, "role", Role.reader)
    organisation_id: int | None = Field(
        default=None, foreign_key="organisation.id", description="Whose tree they see; none: all there are."
    )
    password_hash: str = Field(max_length=200)
    totp_secret: str | None = Field(default=None, max_length=64)
    totp_used: int = Field(default=0, description="The last half-minute whose one-time password was taken.")
    failed_count: int = 0
    locked_until: datetime | None = None
    disabled_at: datetime | None = None
    created_at: datetime
    version: int = 1


class UserSession(Row, table=True):
    """A browser that is signed in. The token itself is kept by the browser alone."""

    __tablename__ = "user_session"

    user_id: int = Field(foreign_key="user_account.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
