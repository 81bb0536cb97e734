"""More reasons why a consignment cannot go."""

from qianli.store.reshaping import allow

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAS = (
    "no_address", "incomplete_address", "ambiguous_address", "stale_address", "no_phone", "bad_phone", "do_not_contact",
    "missing_value", "glyph_missing", "too_heavy", "out_of_stock", "over_approval", "taken_back",
)  # fmt: skip
NEW = (
    "conflicting_reports", "suspect_after_return", "not_served_by_courier", "deceased", "duplicate_person",
    "does_not_fit", "refused_by_courier",
)  # fmt: skip


def upgrade() -> None:
    allow("hold", "reason", was=WAS, now=(*WAS, *NEW))


def downgrade() -> None:
    allow("hold", "reason", was=(*WAS, *NEW), now=WAS)
