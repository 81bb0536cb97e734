"""Imported lists of movements, and which list a report came with."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import add_reference, drop_reference

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    side = sa.Enum("home", "host", name="side", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "movement_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("side", side, nullable=False),
        sa.Column("filename", text(length=120), nullable=False),
        sa.Column("imported_at", moment(), nullable=False),
        sa.Column("imported_by", text(length=64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("added", "unchanged", "corrected", "rejected")),
        sa.Column("undone_at", moment(), nullable=True),
        sa.Column("undone_by", text(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_movement_import_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement_import")),
    )
    op.create_index("ix_movement_import_organisation_id", "movement_import", ["organisation_id"])
    add_reference("movement", "import_id", "movement_import")
    op.create_index("ix_movement_import_id", "movement", ["import_id"])


def downgrade() -> None:
    op.drop_index("ix_movement_import_id", "movement")
    drop_reference("movement", "import_id", "movement_import")
    op.drop_table("movement_import")
