"""A ladder for each campaign, the steps of it that were taken, and calls to make."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")
ENDS = (
    "confirmed", "told", "still_here", "moved", "unsure", "no_answer", "wrong_number", "do_not_contact", "overtaken",
)  # fmt: skip
POINTS_TO = (
    ("organisation_id", "organisation"), ("campaign_id", "campaign"), ("consignment_id", "consignment"),
    ("member_id", "member"), ("caller_id", "user_account"),
)  # fmt: skip


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.add_column("campaign", sa.Column("follow_up", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("member", sa.Column("wrong_phone", _text(32), nullable=True))
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("does", _word("does", "message", "call", "case"), nullable=False),
        sa.Column("passed_over", sa.Boolean(), nullable=False),
        sa.Column("taken_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["consignment_id"], ["consignment.id"], name=op.f("fk_follow_up_consignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("consignment_id", "step", name=op.f("uq_follow_up_consignment_id_step")),
    )
    op.create_table(
        "phone_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_key", _text(64), nullable=False),
        sa.Column(
            "purpose", _word("purpose", "follow_up", "reminder", "address_check", "study", "notice"), nullable=False
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name, _ in POINTS_TO[1:]),
        sa.Column("words", _text(300), nullable=False),
        sa.Column("added_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", moment(), nullable=True),
        sa.Column("ended_at", moment(), nullable=True),
        sa.Column("outcome", _word("outcome", *ENDS), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_phone_call_ended_with_outcome")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_phone_call_{name}"))
            for name, table in POINTS_TO
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_call")),
        sa.UniqueConstraint("call_key", name=op.f("uq_phone_call_call_key")),
    )
    op.create_index(
        "ix_phone_call_open",
        "phone_call",
        ["organisation_id", "due_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    for name in ("campaign_id", "consignment_id", "member_id"):
        op.create_index(f"ix_phone_call_{name}", "phone_call", [name])


def downgrade() -> None:
    op.drop_table("phone_call")
    op.drop_table("follow_up")
    op.drop_column("member", "wrong_phone")
    op.drop_column("campaign", "follow_up")
