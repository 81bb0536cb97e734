"""A letter on which the process that lays out ends every time is held."""

from qianli.store.reshaping import allow

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BEFORE = (
    "no_address", "incomplete_address", "ambiguous_address", "stale_address", "no_phone", "bad_phone", "do_not_contact",
    "missing_value", "glyph_missing", "too_heavy", "out_of_stock", "over_approval", "taken_back", "moved_since",
    "conflicting_reports", "suspect_after_return", "not_served_by_courier", "deceased", "duplicate_person",
    "does_not_fit", "refused_by_courier",
)  # fmt: skip
AFTER = (*BEFORE, "layout_failed")


def upgrade() -> None:
    allow("hold", "reason", was=BEFORE, now=AFTER)


def downgrade() -> None:
    allow("hold", "reason", was=AFTER, now=BEFORE)
