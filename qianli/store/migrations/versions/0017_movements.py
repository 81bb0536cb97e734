"""Movements reported by home and host, and cases about them, which belong to no campaign."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import add_reference, allow, drop_reference, nullable, require

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

REASONS = (
    "something_missing", "damaged", "not_received", "failed_attempt", "refused", "returned", "lost", "not_moving",
)  # fmt: skip
NEW = ("conflicting_reports", "one_sided_report")
WAS = "(parcel_id IS NULL) <> (consignment_id IS NULL)"
NOW = (
    "(movement_id IS NULL AND campaign_id IS NOT NULL AND (parcel_id IS NULL) <> (consignment_id IS NULL))"
    " OR (movement_id IS NOT NULL AND campaign_id IS NULL AND parcel_id IS NULL AND consignment_id IS NULL)"
)
OPEN = sa.text("resolved_at IS NULL AND movement_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("side", _word("side", "home", "host"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("written", _text(300), nullable=False),
        sa.Column("province", _text(32), nullable=True),
        sa.Column("city", _text(32), nullable=True),
        sa.Column("district", _text(32), nullable=True),
        sa.Column("detail", _text(300), nullable=False),
        sa.Column("postcode", _text(6), nullable=True),
        sa.Column("status", _word("status", "exact", "ambiguous", "incomplete"), nullable=False),
        sa.Column("other_organisation", _text(100), nullable=False),
        sa.Column("reason", _text(100), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("fingerprint", _text(64), nullable=False),
        sa.Column("source", _text(100), nullable=False),
        sa.Column("recorded_by", _text(64), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("paired_with_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("settled_by", _text(64), nullable=True),
        sa.Column("outcome", _word("outcome", "accepted", "dismissed", "corrected"), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_movement_settled_with_outcome")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_movement_member_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_movement_organisation_id")),
        sa.ForeignKeyConstraint(["paired_with_id"], ["movement.id"], name=op.f("fk_movement_paired_with_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint(
            "member_id",
            "side",
            "organisation_id",
            "fingerprint",
            name=op.f("uq_movement_member_id_side_organisation_id_fingerprint"),
        ),
    )
    op.create_index("ix_movement_paired_with_id", "movement", ["paired_with_id"])
    op.create_index("ix_movement_settled_at", "movement", ["settled_at"])
    allow("case_record", "reason", was=REASONS, now=(*REASONS, *NEW))
    nullable("case_record", "campaign_id", yes=True)
    add_reference("case_record", "movement_id", "movement")
    require("case_record", "ck_case_record_one_subject", was=WAS, now=NOW)
    where = {"sqlite_where": OPEN, "postgresql_where": OPEN}
    op.create_index("uq_case_record_open_movement", "case_record", ["movement_id", "reason"], unique=True, **where)


def downgrade() -> None:
    """Cases about movements go with them; the earlier schema has no place for either."""
    op.execute("DELETE FROM case_record WHERE movement_id IS NOT NULL")
    op.drop_index("uq_case_record_open_movement", table_name="case_record")
    require("case_record", "ck_case_record_one_subject", was=NOW, now=WAS)
    drop_reference("case_record", "movement_id", "movement")
    nullable("case_record", "campaign_id", yes=False)
    allow("case_record", "reason", was=(*REASONS, *NEW), now=REASONS)
    op.drop_table("movement")


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
