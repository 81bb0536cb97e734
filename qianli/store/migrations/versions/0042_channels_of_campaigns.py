"""Campaigns by message and by telephone: no kit, accounts, whom the ledger knows no contact of, who was not told."""

import sqlalchemy as sa
from alembic import op

from qianli.store.reshaping import add_state, drop_state, extend, nullable, withdraw

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

CHANNELS = ("post", "message", "phone")


def upgrade() -> None:
    add_state("campaign", "channel", CHANNELS, default="post")
    nullable("campaign", "kit_id", yes=True)
    op.add_column("campaign", sa.Column("telling", sa.JSON(), nullable=False, server_default="{}"))
    extend("hold", "reason", "no_contact")
    extend("case_record", "reason", "not_told")


def downgrade() -> None:
    """Refused where a campaign has no kit, or somebody could not be told."""
    without = sa.text("SELECT 1 FROM campaign WHERE kit_id IS NULL LIMIT 1")
    if op.get_bind().execute(without).first():
        raise NotImplementedError("campaign.kit_id is null in rows that the earlier schema does not know")
    withdraw("case_record", "reason", "not_told")
    withdraw("hold", "reason", "no_contact")
    op.drop_column("campaign", "telling")
    nullable("campaign", "kit_id", yes=False)
    drop_state("campaign", "channel", CHANNELS)
