"""Which process holds a claim."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None
CLAIMED = ("print_run", "booking")


def upgrade() -> None:
    for table in CLAIMED:
        op.add_column(table, sa.Column("worker", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=True))


def downgrade() -> None:
    for table in CLAIMED:
        op.drop_column(table, "worker")
