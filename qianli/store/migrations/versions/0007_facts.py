"""Dues and the activity certificate become columns, and what members took part in a table."""

import re
from calendar import monthrange
from datetime import date

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: What earlier versions kept among the details of a member → its column.
LIFTED = {
    "dues_paid_to": "dues_paid_until",
    "certificate_number": "certificate_number",
    "certificate_on": "certificate_issued_on",
}
MONTH = re.compile(r"(\d{4})[-年./](\d{1,2})(?:月份?|[-./月](\d{1,2})日?)?")
LONGEST = 32
member = sa.table(
    "member",
    sa.column("id", sa.Integer),
    sa.column("details", sa.JSON),
    sa.column("dues_paid_until", sa.Date),
    sa.column("certificate_number", sa.String),
    sa.column("certificate_issued_on", sa.Date),
)


def upgrade() -> None:
    op.add_column("member", sa.Column("dues_paid_until", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("certificate_number", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=True))
    op.add_column("member", sa.Column("certificate_issued_on", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("certificate_checked_on", sa.Date(), nullable=True))
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("activity", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "how",
            sa.Enum("in_person", "online", "by_post", name="how", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.Column("recorded_by", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_participation_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "member_id", "held_on", "activity", name=op.f("uq_participation_member_id_held_on_activity")
        ),
    )
    for id_, details in _with_details():
        if values := _lifted(details):
            kept = {name: said for name, said in details.items() if LIFTED.get(name) not in values}
            op.get_bind().execute(sa.update(member).where(member.c.id == id_).values(details=kept, **values))


def downgrade() -> None:
    """Facts go back among the details; what members took part in has no place there and is lost."""
    back = {column: name for name, column in LIFTED.items()}
    query = sa.select(member).where(sa.or_(*(member.c[column].is_not(None) for column in back)))
    for row in op.get_bind().execute(query).mappings().all():
        found = {name: str(row[column]) for column, name in back.items() if row[column] is not None}
        changed = sa.update(member).where(member.c.id == row["id"]).values(details=row["details"] | found)
        op.get_bind().execute(changed)
    op.drop_table("participation")
    for column in ("certificate_checked_on", "certificate_issued_on", "certificate_number", "dues_paid_until"):
        op.drop_column("member", column)


def _with_details() -> list[tuple[int, dict[str, str]]]:
    """Members that may have something to lift."""
    written = sa.cast(member.c.details, sa.Text)
    query = sa.select(member.c.id, member.c.details).where(
        sa.or_(written.like("%certificate%"), written.like("%dues%"))
    )
    return [(id_, details) for id_, details in op.get_bind().execute(query)]


def _lifted(details: dict[str, str]) -> dict[str, object]:
    """What can be a column: a number that is short enough, days as they are, of a month paid for its last day."""
    values: dict[str, object] = {}
    if (number := details.get("certificate_number", "")) and len(number) <= LONGEST:
        values["certificate_number"] = number
    if issued := details.get("certificate_on"):
        values["certificate_issued_on"] = date.fromisoformat(issued)
    if found := MONTH.fullmatch(details.get("dues_paid_to", "")):
        year, month = int(found[1]), int(found[2])
        if 1 <= month <= 12 and 1900 <= year <= 2100:  # noqa: PLR2004 - months and years
            last = monthrange(year, month)[1]
            values["dues_paid_until"] = date(year, month, min(int(found[3] or last), last) or last)
    return values
