"""What became of parcels: what was said against an address, and outcomes that outlive a purge."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

AGAINST = ("moved", "unknown_person", "wrong_address")
KINDS = ("confirmed", "delivered", "returned", "denied", "lost")


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime()
    for table in ("parcel", "tracking_event"):
        # Written out: the check belongs to the column, so that SQLite can take both away again.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN returned_for VARCHAR(32)"
            f" CONSTRAINT ck_{table}_returned_for CHECK (returned_for IN {AGAINST})"
        )
    op.add_column("parcel", sa.Column("returned_at", moment, nullable=True))
    op.create_index("ix_parcel_consignee_snapshot_id", "parcel", ["consignee_snapshot_id"], unique=False)
    op.create_index("ix_consignment_member_id", "consignment", ["member_id"], unique=False)
    text = sqlmodel.sql.sqltypes.AutoString
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("residence_id", sa.Integer(), nullable=True),
        sa.Column("courier", text(length=20), nullable=False),
        sa.Column("province", text(length=32), nullable=True),
        sa.Column("city", text(length=32), nullable=True),
        sa.Column("district", text(length=32), nullable=True),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column(
            "returned_for",
            sa.Enum(*AGAINST, name="returned_for", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("returned_at", moment, nullable=True),
        sa.Column("sent_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["residence_id"], ["residence.id"], name=op.f("fk_outcome_residence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index("ix_outcome_residence_id", "outcome", ["residence_id"], unique=False)


def downgrade() -> None:
    op.drop_table("outcome")
    op.drop_index("ix_consignment_member_id", table_name="consignment")
    op.drop_index("ix_parcel_consignee_snapshot_id", table_name="parcel")
    op.drop_column("parcel", "returned_at")
    for table in ("tracking_event", "parcel"):
        op.drop_column(table, "returned_for")
