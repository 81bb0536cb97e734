"""Stray events: what couriers told over the wire of parcels we do not know."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TRACKING = (
    "unknown", "accepted", "in_transit", "out_for_delivery", "failed_attempt", "awaiting_pickup", "delivered",
    "refused", "returning", "returned", "lost",
)  # fmt: skip
DELIVERED_TO = ("member", "other_person", "reception", "village_committee", "left_at_door", "unknown")


def upgrade() -> None:
    op.create_table(
        "stray_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("courier", _text(20), nullable=False),
        sa.Column("event_key", _text(64), nullable=False),
        sa.Column("waybill_number", _text(40), nullable=False),
        sa.Column("reference", _text(40), nullable=False),
        sa.Column("code", _text(40), nullable=False),
        sa.Column("tracking", _word("tracking", *TRACKING), nullable=False),
        sa.Column("delivered_to", _word("delivered_to", *DELIVERED_TO), nullable=True),
        sa.Column("returned_for", _word("returned_for", "moved", "unknown_person", "wrong_address"), nullable=True),
        sa.Column("cancels", sa.Boolean(), nullable=False),
        sa.Column("happened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("text", _text(300), nullable=False),
        sa.Column("place", _text(100), nullable=False),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("reason", _text(100), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_event")),
        sa.UniqueConstraint("event_key", name=op.f("uq_stray_event_event_key")),
    )
    op.create_index("ix_stray_event_waybill_number", "stray_event", ["waybill_number"])


def downgrade() -> None:
    op.drop_table("stray_event")


def _text(length: int) -> sa.types.TypeEngine[str]:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
