"""Which face outside our own served which characters of a print run."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("print_run", sa.Column("faces", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("print_run", "faces")
