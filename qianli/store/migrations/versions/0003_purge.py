"""Purging: its record, when files were erased, and consignments that no longer lead to their member."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import rewrite_sqlite

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LEADS_TO_A_MEMBER = ("consignment", "snapshot")
NOT_NULL, NULLABLE = "member_id INTEGER NOT NULL", "member_id INTEGER"
BESIDE = "CONSTRAINT fk_artefact_campaign_id"
KEY = "CONSTRAINT fk_artefact_purge_id FOREIGN KEY(purge_id) REFERENCES purge_record (id)"


def upgrade() -> None:
    op.create_table(
        "purge_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("files_checksum", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("finished_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_purge_record_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_record")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_purge_record_campaign_id")),
    )
    op.add_column("campaign", sa.Column("purged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("artefact", sa.Column("deleted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("artefact", sa.Column("purge_id", sa.Integer(), nullable=True))
    op.create_index("ix_snapshot_residence_id", "snapshot", ["residence_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite("artefact", BESIDE, f"{KEY}, {BESIDE}")
        for table in LEADS_TO_A_MEMBER:
            rewrite_sqlite(table, NOT_NULL, NULLABLE)
    else:
        op.create_foreign_key("fk_artefact_purge_id", "artefact", "purge_record", ["purge_id"], ["id"])
        for table in LEADS_TO_A_MEMBER:
            op.alter_column(table, "member_id", nullable=True)


def downgrade() -> None:
    """Refused once something was purged: it does not come back."""
    for table in LEADS_TO_A_MEMBER:
        if op.get_bind().exec_driver_sql(f"SELECT 1 FROM {table} WHERE member_id IS NULL").first():  # noqa: S608 - ours
            raise NotImplementedError("what was purged does not come back: restore a backup made before")
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite("artefact", f"{KEY}, {BESIDE}", BESIDE)
        for table in LEADS_TO_A_MEMBER:
            rewrite_sqlite(table, NULLABLE, NOT_NULL)
    else:
        op.drop_constraint("fk_artefact_purge_id", "artefact")
        for table in LEADS_TO_A_MEMBER:
            op.alter_column(table, "member_id", nullable=False)
    op.drop_index("ix_snapshot_residence_id", table_name="snapshot")
    op.drop_column("artefact", "purge_id")
    op.drop_column("artefact", "deleted_at")
    op.drop_column("campaign", "purged_at")
    op.drop_table("purge_record")
