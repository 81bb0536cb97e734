"""What became of made sheets: came out of the printer, spoiled, printed again."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spoilage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("reprint_sheet_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_spoilage_sheet_id")),
        sa.ForeignKeyConstraint(["reprint_sheet_id"], ["sheet.id"], name=op.f("fk_spoilage_reprint_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spoilage")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_spoilage_sheet_id")),
        sa.UniqueConstraint("reprint_sheet_id", name=op.f("uq_spoilage_reprint_sheet_id")),
    )
    op.add_column("print_run", sa.Column("printed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("print_run", sa.Column("printed_by", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("print_run", "printed_by")
    op.drop_column("print_run", "printed_at")
    op.drop_table("spoilage")
