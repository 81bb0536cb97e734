"""No two main residences of one member that are not superseded overlap."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OVERLAP = """
    SELECT RAISE(ABORT, 'residences overlap') WHERE NEW.kind = 'main' AND NEW.superseded_at IS NULL AND EXISTS (
        SELECT 1 FROM residence other
        WHERE other.member_id = NEW.member_id AND other.id IS NOT NEW.id
          AND other.kind = 'main' AND other.superseded_at IS NULL
          AND (other.until IS NULL OR NEW.since IS NULL OR NEW.since < other.until)
          AND (NEW.until IS NULL OR other.since IS NULL OR other.since < NEW.until));
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for when in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER residence_no_overlap_{when.lower()} BEFORE {when} ON residence BEGIN {OVERLAP} END"
            )
    else:
        op.execute("""
            ALTER TABLE residence ADD CONSTRAINT residence_no_overlap EXCLUDE USING gist (
                int8range(member_id, member_id, '[]') WITH &&, daterange(since, until) WITH &&
            ) WHERE (kind = 'main' AND superseded_at IS NULL)
        """)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER residence_no_overlap_insert")
        op.execute("DROP TRIGGER residence_no_overlap_update")
    else:
        op.execute("ALTER TABLE residence DROP CONSTRAINT residence_no_overlap")
