"""More sizes of labels, and sheets of labels that are partly used."""

import sqlalchemy as sa
from alembic import op

from qianli.store.reshaping import allow

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAS = ("roll_100x150", "a4_sheet")
NOW = (*WAS, "roll_76x130", "roll_100x180")


def upgrade() -> None:
    allow("campaign", "label_layout", was=WAS, now=NOW)
    op.add_column("campaign", sa.Column("from_label", sa.Integer(), nullable=True))
    op.add_column("print_run", sa.Column("from_label", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Refused where a campaign has labels of a size that the earlier schema does not know."""
    allow("campaign", "label_layout", was=NOW, now=WAS)
    op.drop_column("campaign", "from_label")
    op.drop_column("print_run", "from_label")
