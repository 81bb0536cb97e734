"""Code mappings: what a person says a courier's code means."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TRACKING = (
    "unknown", "accepted", "in_transit", "out_for_delivery", "failed_attempt", "awaiting_pickup", "delivered",
    "refused", "returning", "returned", "lost",
)  # fmt: skip
DELIVERED_TO = ("member", "other_person", "reception", "village_committee", "left_at_door", "unknown")
LIVE = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "code_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("courier", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("tracking", _word("tracking", *TRACKING), nullable=False),
        sa.Column("delivered_to", _word("delivered_to", *DELIVERED_TO), nullable=True),
        sa.Column("mapped_by", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("mapped_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("replaced_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_mapping")),
    )
    op.create_index(
        "uq_code_mapping_live",
        "code_mapping",
        ["courier", "code"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    op.drop_table("code_mapping")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
