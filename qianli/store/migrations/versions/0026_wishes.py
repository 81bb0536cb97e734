"""Cases that members open on their page."""

from qianli.store.reshaping import allow

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REASONS = (
    "something_missing", "damaged", "not_received", "failed_attempt", "refused", "returned", "lost", "not_moving",
    "conflicting_reports", "one_sided_report", "waiting", "return_near", "returning",
)  # fmt: skip
WISHES = ("has_moved", "call_me", "do_not_contact", "delete_data")


def upgrade() -> None:
    allow("case_record", "reason", was=REASONS, now=(*REASONS, *WISHES))


def downgrade() -> None:
    allow("case_record", "reason", was=(*REASONS, *WISHES), now=REASONS)
