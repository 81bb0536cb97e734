"""Which channels a campaign's messages may go through."""

import sqlalchemy as sa
from alembic import op

from qianli.store.reshaping import extend, withdraw

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("messages", sa.JSON(), nullable=False, server_default="[]"))
    extend("message", "cancel_reason", "not_named")


def downgrade() -> None:
    """A message that was not sent for this is one that was taken back."""
    op.execute("UPDATE message SET cancel_reason = 'withdrawn' WHERE cancel_reason = 'not_named'")
    withdraw("message", "cancel_reason", "not_named")
    op.drop_column("campaign", "messages")
