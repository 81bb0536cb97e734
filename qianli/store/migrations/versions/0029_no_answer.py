"""Cases about members who say nothing although the courier says delivered."""

from qianli.store.reshaping import allow

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

REASONS = (
    "something_missing", "damaged", "not_received", "failed_attempt", "refused", "returned", "lost", "not_moving",
    "conflicting_reports", "one_sided_report", "waiting", "return_near", "returning", "has_moved", "call_me",
    "do_not_contact", "delete_data",
)  # fmt: skip
SILENCE = ("no_answer",)


def upgrade() -> None:
    allow("case_record", "reason", was=REASONS, now=(*REASONS, *SILENCE))


def downgrade() -> None:
    allow("case_record", "reason", was=(*REASONS, *SILENCE), now=REASONS)
