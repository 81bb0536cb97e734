"""Our account with the courier on parcels and manifests; the year a waybill number was given in."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import rewrite_sqlite

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NUMBERED = sa.text("waybill_number IS NOT NULL")


def upgrade() -> None:
    """What there is belongs to the account called like its courier, and was booked in the year it was planned."""
    for table in ("parcel", "manifest"):
        text = sqlmodel.sql.sqltypes.AutoString(length=40)
        op.add_column(table, sa.Column("account", text, nullable=False, server_default=""))
        rows = sa.table(table, sa.column("account"), sa.column("courier"))
        op.execute(rows.update().values(account=rows.c.courier))
        _without_default(table)
    op.add_column("parcel", sa.Column("booked_year", sa.Integer(), nullable=True))
    rows = sa.table("parcel", *map(sa.column, ("booked_year", "waybill_number")), sa.column("created_at", sa.DateTime))
    numbered = rows.update().where(rows.c.waybill_number.is_not(None))
    op.execute(numbered.values(booked_year=sa.cast(sa.extract("year", rows.c.created_at), sa.Integer)))
    _index("courier", "booked_year", "waybill_number")


def downgrade() -> None:
    """Refused where one number was given to two parcels in different years."""
    _index("courier", "waybill_number")
    op.drop_column("parcel", "booked_year")
    for table in ("parcel", "manifest"):
        op.drop_column(table, "account")


def _without_default(table: str) -> None:
    """Who forgets the account is told so from now on."""
    if op.get_context().dialect.name == "postgresql":
        op.alter_column(table, "account", server_default=None)
    else:
        rewrite_sqlite(table, "account VARCHAR(40) DEFAULT '' NOT NULL", "account VARCHAR(40) NOT NULL")


def _index(*columns: str) -> None:
    op.drop_index("uq_parcel_waybill", table_name="parcel")
    where = {"sqlite_where": NUMBERED, "postgresql_where": NUMBERED}
    op.create_index("uq_parcel_waybill", "parcel", list(columns), unique=True, **where)
