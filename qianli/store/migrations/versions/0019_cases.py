"""Cases about parcels that wait too long or are on their way back, and the papers that cases need."""

from qianli.store.reshaping import allow

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REASONS = (
    "something_missing", "damaged", "not_received", "failed_attempt", "refused", "returned", "lost", "not_moving",
    "conflicting_reports", "one_sided_report",
)  # fmt: skip
NEW_REASONS = ("waiting", "return_near", "returning")
KINDS = (
    "letter", "contact_card", "reader", "label", "packing_slip", "pick_list", "manifest", "rehearsal", "report",
    "fix_file", "ledger_review",
)  # fmt: skip
NEW_KINDS = ("call_sheet", "courier_claim")


def upgrade() -> None:
    allow("case_record", "reason", was=REASONS, now=(*REASONS, *NEW_REASONS))
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=KINDS, now=(*KINDS, *NEW_KINDS))


def downgrade() -> None:
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=(*KINDS, *NEW_KINDS), now=KINDS)
    allow("case_record", "reason", was=(*REASONS, *NEW_REASONS), now=REASONS)
