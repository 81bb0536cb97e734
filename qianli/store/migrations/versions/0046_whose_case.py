"""Cases that somebody of the staff sees to, by name, beside the organisation whose business they are."""

from qianli.store.reshaping import add_reference, drop_reference

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_reference("case_record", "assignee_id", "user_account")


def downgrade() -> None:
    drop_reference("case_record", "assignee_id", "user_account")
