"""Rounds that ask members whether they still live there, and who is held for not having said so."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import allow

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

HOLDS = (
    "no_address", "incomplete_address", "ambiguous_address", "stale_address", "no_phone", "bad_phone", "do_not_contact",
    "missing_value", "glyph_missing", "too_heavy", "out_of_stock", "over_approval", "taken_back", "moved_since",
    "conflicting_reports", "suspect_after_return", "not_served_by_courier", "deceased", "duplicate_person",
    "does_not_fit", "refused_by_courier", "layout_failed",
)  # fmt: skip


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    text, moment = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "address_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", moment(), nullable=False),
        sa.Column("opened_by", text(length=64), nullable=False),
        sa.Column("cut_off_on", sa.Date(), nullable=False),
        sa.Column("rule", _words("rule", "keep", "hold", "host_decides"), nullable=False),
        sa.Column("closed_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_address_round_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_round")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_address_round_campaign_id")),
    )
    op.create_table(
        "address_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Integer(), nullable=False),
        sa.Column("said", _words("said", "still_here", "moved", "unsure"), nullable=True),
        sa.Column("said_via", _words("said_via", "page", "phone", "visit"), nullable=True),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("recorded_by", text(length=64), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (said IS NULL)", name=op.f("ck_address_answer_answered_with_words")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["address_round.id"], name=op.f("fk_address_answer_round_id")),
        sa.ForeignKeyConstraint(["consignment_id"], ["consignment.id"], name=op.f("fk_address_answer_consignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_answer")),
        sa.UniqueConstraint("consignment_id", name=op.f("uq_address_answer_consignment_id")),
    )
    op.create_index("ix_address_answer_round_id", "address_answer", ["round_id"])
    allow("hold", "reason", was=HOLDS, now=(*HOLDS, "address_unanswered"))


def downgrade() -> None:
    allow("hold", "reason", was=(*HOLDS, "address_unanswered"), now=HOLDS)
    op.drop_table("address_answer")
    op.drop_table("address_round")
