"""Files of the monthly review."""

from qianli.store.reshaping import allow

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WAS = (
    "letter", "contact_card", "reader", "label", "packing_slip", "pick_list", "manifest", "rehearsal", "report",
    "fix_file",
)  # fmt: skip
NOW = (*WAS, "ledger_review")


def upgrade() -> None:
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=WAS, now=NOW)


def downgrade() -> None:
    """Refused while a review is kept."""
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=NOW, now=WAS)
