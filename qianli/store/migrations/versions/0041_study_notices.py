"""Who is told of a study programme's items, and through which account."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

ACCOUNT = 40


def upgrade() -> None:
    for table in ("programme", "study_group"):
        op.add_column(table, sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=ACCOUNT), nullable=True))
    op.add_column("study_pass", sa.Column("wants_since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("study_pass", "wants_since")
    for table in ("study_group", "programme"):
        op.drop_column(table, "channel")
