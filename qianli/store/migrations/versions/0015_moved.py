"""What is decided about members who moved after they were prepared."""

import sqlalchemy as sa
from alembic import op

from qianli.store.reshaping import allow, rewrite_sqlite

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BEFORE = (
    "no_address", "incomplete_address", "ambiguous_address", "stale_address", "no_phone", "bad_phone", "do_not_contact",
    "missing_value", "glyph_missing", "too_heavy", "out_of_stock", "over_approval", "taken_back",
)  # fmt: skip
AFTER = (
    "conflicting_reports", "suspect_after_return", "not_served_by_courier", "deceased", "duplicate_person",
    "does_not_fit", "refused_by_courier",
)  # fmt: skip
BESIDE = "CONSTRAINT fk_consignment_campaign_id"
KEY = "CONSTRAINT fk_consignment_passed_over_id FOREIGN KEY(passed_over_id) REFERENCES residence (id)"


def upgrade() -> None:
    op.add_column("consignment", sa.Column("passed_over_id", sa.Integer(), nullable=True))
    allow("hold", "reason", was=(*BEFORE, *AFTER), now=(*BEFORE, "moved_since", *AFTER))
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite("consignment", BESIDE, f"{KEY}, {BESIDE}")
    else:
        op.create_foreign_key("fk_consignment_passed_over_id", "consignment", "residence", ["passed_over_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite("consignment", f"{KEY}, {BESIDE}", BESIDE)
    else:
        op.drop_constraint("fk_consignment_passed_over_id", "consignment")
    op.drop_column("consignment", "passed_over_id")
    allow("hold", "reason", was=(*BEFORE, "moved_since", *AFTER), now=(*BEFORE, *AFTER))
