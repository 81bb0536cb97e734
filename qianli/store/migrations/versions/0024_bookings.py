"""Bookings with couriers' systems, and what is used of their limits."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

LIVE = sa.text("cancelled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("account", _text(40), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _moment("started_at"),
        _moment("lease_until"),
        _moment("asked_at"),
        _moment("answered_at"),
        sa.Column("waybill_number", _text(40), nullable=True),
        sa.Column("route", sa.JSON(), nullable=False),
        _moment("refused_at"),
        sa.Column("refused_kind", _text(20), nullable=False),
        sa.Column("refused_words", _text(300), nullable=False),
        _moment("cancelled_at"),
        _moment("cancel_refused_at"),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcel.id"], name=op.f("fk_booking_parcel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index("ix_booking_batch_id", "booking", ["batch_id"])
    op.create_index("uq_booking_live", "booking", ["parcel_id"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_table(
        "courier_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", _text(40), nullable=False),
        sa.Column("limit_name", _text(60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courier_quota")),
        sa.UniqueConstraint("account", "limit_name", name=op.f("uq_courier_quota_account_limit_name")),
    )


def downgrade() -> None:
    op.drop_table("courier_quota")
    op.drop_table("booking")


def _text(length: int) -> sa.String:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
