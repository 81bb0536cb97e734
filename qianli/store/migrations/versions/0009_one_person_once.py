"""One person once: merged records, pairs that are two people, members who have died."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import add_reference, drop_reference

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_member_name_born_on": ["name", "born_on"],
    "ix_member_name_joined_on": ["name", "joined_on"],
    "ix_member_phone": ["phone"],
}


def upgrade() -> None:
    op.add_column("member", sa.Column("deceased_on", sa.Date(), nullable=True))
    add_reference("member", "merged_into_id", "member")
    for name, columns in INDEXES.items():
        op.create_index(name, "member", columns, unique=False)
    op.create_index(
        "ix_member_merged_into_id",
        "member",
        ["merged_into_id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NOT NULL"),
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_table(
        "member_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("merged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("merged_by", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["member.id"], name=op.f("fk_member_merge_kept_id")),
        sa.ForeignKeyConstraint(["gone_id"], ["member.id"], name=op.f("fk_member_merge_gone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_merge")),
    )
    op.create_index("ix_member_merge_kept_id", "member_merge", ["kept_id"], unique=False)
    op.create_index(
        "uq_member_merge_gone",
        "member_merge",
        ["gone_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "distinct_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_distinct_members_in_order")),
        sa.ForeignKeyConstraint(["first_id"], ["member.id"], name=op.f("fk_distinct_members_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["member.id"], name=op.f("fk_distinct_members_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_members")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_distinct_members_first_id_second_id")),
    )
    op.create_index("ix_distinct_members_second_id", "distinct_members", ["second_id"], unique=False)


def downgrade() -> None:
    """Refused while somebody's two records are one: both would be written to again."""
    if op.get_bind().exec_driver_sql("SELECT 1 FROM member WHERE merged_into_id IS NOT NULL").first():
        raise NotImplementedError("undo the merges first (qianli member unmerge)")
    op.drop_table("distinct_members")
    op.drop_table("member_merge")
    for name in (*INDEXES, "ix_member_merged_into_id"):
        op.drop_index(name, table_name="member")
    drop_reference("member", "merged_into_id", "member")
    op.drop_column("member", "deceased_on")
