"""Calls about a study programme: of which, about which month, and what members say on the telephone."""

import sqlalchemy as sa
from alembic import op

from qianli.store.reshaping import add_reference, drop_reference, extend, withdraw

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_reference("phone_call", "programme_id", "programme")
    op.add_column("phone_call", sa.Column("study_month", sa.Date(), nullable=True))
    op.add_column("phone_call", sa.Column("branch_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    extend("phone_call", "outcome", "took_part")


def downgrade() -> None:
    """Refused where somebody took part by telephone."""
    withdraw("phone_call", "outcome", "took_part")
    op.drop_column("phone_call", "branch_only")
    op.drop_column("phone_call", "study_month")
    drop_reference("phone_call", "programme_id", "programme")
