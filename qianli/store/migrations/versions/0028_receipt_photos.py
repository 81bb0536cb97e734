"""Pictures that members send with what they say."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import allow

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KINDS = (
    "letter", "contact_card", "reader", "label", "packing_slip", "pick_list", "manifest", "rehearsal", "report",
    "fix_file", "ledger_review", "call_sheet", "courier_claim",
)  # fmt: skip
PHOTO = "receipt_photo"


def upgrade() -> None:
    moment = sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "receipt_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consignment_id", sa.Integer(), nullable=False),
        sa.Column("artefact_id", sa.Integer(), nullable=False),
        sa.Column("added_at", moment(), nullable=False),
        sa.Column("removed_at", moment(), nullable=True),
        sa.ForeignKeyConstraint(["artefact_id"], ["artefact.id"], name=op.f("fk_receipt_photo_artefact_id")),
        sa.ForeignKeyConstraint(["consignment_id"], ["consignment.id"], name=op.f("fk_receipt_photo_consignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_photo")),
        sa.UniqueConstraint("artefact_id", name=op.f("uq_receipt_photo_artefact_id")),
    )
    op.create_index("ix_receipt_photo_consignment_id", "receipt_photo", ["consignment_id"])
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=KINDS, now=(*KINDS, PHOTO))


def downgrade() -> None:
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=(*KINDS, PHOTO), now=KINDS)
    op.drop_table("receipt_photo")
