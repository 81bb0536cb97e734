"""How parcels are followed: the account that is asked, when it was and when it will be."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "following",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("account", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("courier", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("next_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("subscribed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcel.id"], name=op.f("fk_following_parcel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_following")),
        sa.UniqueConstraint("parcel_id", name=op.f("uq_following_parcel_id")),
    )
    op.create_index("ix_following_account_next_at", "following", ["account", "next_at"])


def downgrade() -> None:
    op.drop_table("following")
