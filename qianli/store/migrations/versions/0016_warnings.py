"""Whether it was said beforehand that something may not arrive."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Written out: the check belongs to the column, so that SQLite can take both away again.
    op.execute(
        "ALTER TABLE consignment ADD COLUMN warning VARCHAR(32)"
        " CONSTRAINT ck_consignment_warning CHECK (warning IN ('returned_before', 'poor_district'))"
    )


def downgrade() -> None:
    op.drop_column("consignment", "warning")
