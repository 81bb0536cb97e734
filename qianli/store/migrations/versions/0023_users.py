"""Users of the console, their sessions, and journal entries about them."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import allow

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SUBJECTS = (
    "organisation", "member", "item", "kit", "campaign", "consignment", "parcel", "manifest", "case",
)  # fmt: skip
ROLES = ("reader", "packer", "organiser", "approver", "administrator")


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", _text(40), nullable=False),
        sa.Column("name", _text(40), nullable=False),
        sa.Column(
            "role",
            sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", _text(200), nullable=False),
        sa.Column("totp_secret", _text(64), nullable=True),
        sa.Column("totp_used", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("locked_until", moment(), nullable=True),
        sa.Column("disabled_at", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_user_account_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login", name=op.f("uq_user_account_login")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", _text(64), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("last_seen_at", moment(), nullable=False),
        sa.Column("expires_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])
    allow("journal_entry", "subject", was=SUBJECTS, now=(*SUBJECTS, "user"))


def downgrade() -> None:
    """The earlier schema has no users, and no place for what was noted about them."""
    op.execute("DELETE FROM journal_entry WHERE subject = 'user'")
    allow("journal_entry", "subject", was=(*SUBJECTS, "user"), now=SUBJECTS)
    op.drop_table("user_session")
    op.drop_table("user_account")


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)
