"""Links of couriers to their manifests, signatures of hand-over, and why a parcel was left."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import add_state, allow, drop_state

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KINDS = (
    "letter", "contact_card", "reader", "label", "packing_slip", "pick_list", "manifest", "rehearsal", "report",
    "fix_file", "ledger_review", "call_sheet", "courier_claim", "receipt_photo",
)  # fmt: skip
REASONS = ("not_there", "damaged", "label_unreadable", "not_accepted", "no_room", "other")
LIVE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "manifest_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manifest_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("key_id", _text(40), nullable=False),
        sa.Column("token_hash", _text(64), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("expires_at", moment(), nullable=True),
        sa.Column("revoked_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["manifest_id"], ["manifest.id"], name=op.f("fk_manifest_link_manifest_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manifest_link")),
        sa.UniqueConstraint("manifest_id", "generation", name=op.f("uq_manifest_link_manifest_id_generation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_manifest_link_token_hash")),
    )
    op.create_index(
        "uq_manifest_link_live", "manifest_link", ["manifest_id"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.add_column("handover", sa.Column("signed_name", _text(40), nullable=True))
    op.add_column("handover", sa.Column("signature", sa.Text(), nullable=True))
    add_state("manifest_line", "left_reason", REASONS)
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=KINDS, now=(*KINDS, "handover_record"))


def downgrade() -> None:
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=(*KINDS, "handover_record"), now=KINDS)
    drop_state("manifest_line", "left_reason", REASONS)
    op.drop_column("handover", "signature")
    op.drop_column("handover", "signed_name")
    op.drop_table("manifest_link")


def _text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)
