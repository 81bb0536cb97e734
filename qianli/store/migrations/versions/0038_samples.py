"""Random samples of members, whom a branch calls or visits."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

FINDINGS = ("has_complete", "has_part", "has_not", "not_reached")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("margin_percent", sa.Integer(), nullable=False),
        sa.Column("confidence_percent", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("drawn_at", moment(), nullable=False),
        sa.Column("drawn_by", text(length=64), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_sample_campaign_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_sample_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_sample_campaign_id_number")),
    )
    op.create_table(
        "sample_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stratum", _words("stratum", "confirmed", "unconfirmed", "not_yet_said"), nullable=False),
        sa.Column("believed", _words("believed", *FINDINGS), nullable=True),
        sa.Column("finding", _words("finding", *FINDINGS), nullable=True),
        sa.Column("found_at", moment(), nullable=True),
        sa.Column("found_by", text(length=64), nullable=True),
        sa.CheckConstraint("(found_at IS NULL) = (finding IS NULL)", name=op.f("ck_sample_member_found_with_words")),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sample_member_sample_id")),
        sa.ForeignKeyConstraint(["consignment_id"], ["consignment.id"], name=op.f("fk_sample_member_consignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_member")),
        sa.UniqueConstraint("sample_id", "consignment_id", name=op.f("uq_sample_member_sample_id_consignment_id")),
    )
    op.create_index("ix_sample_member_consignment_id", "sample_member", ["consignment_id"])


def downgrade() -> None:
    op.drop_table("sample_member")
    op.drop_table("sample")
