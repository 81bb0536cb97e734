"""Which face outside our own served which characters of a print run."""

import sqlalchemy as sa
from alembic import op

<<<<<<<< HEAD:qianli/store/migrations/versions/0010_faces.py
revision = "0010"
down_revision = "0009"
========
revision = "0009"
down_revision = "0008"
>>>>>>>> 1a9285e (Number migrations after those that came first):qianli/store/migrations/versions/0009_faces.py
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("print_run", sa.Column("faces", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("print_run", "faces")
