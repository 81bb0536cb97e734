"""Cases about bookings, and about parcels whose consignees moved while they are under way."""

from qianli.store.reshaping import allow

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

REASONS = (
    "something_missing", "damaged", "not_received", "failed_attempt", "refused", "returned", "lost", "not_moving",
    "conflicting_reports", "one_sided_report", "waiting", "return_near", "returning", "has_moved", "call_me",
    "do_not_contact", "delete_data", "no_answer",
)  # fmt: skip
OF_BOOKINGS = ("cancel_refused", "undecided", "moved_on_the_way")


def upgrade() -> None:
    allow("case_record", "reason", was=REASONS, now=(*REASONS, *OF_BOOKINGS))


def downgrade() -> None:
    allow("case_record", "reason", was=(*REASONS, *OF_BOOKINGS), now=REASONS)
