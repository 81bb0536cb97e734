"""What migrations share: changing the constraints of a table that holds rows, on both databases."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def allow(table: str, column: str, *, was: Sequence[str], now: Sequence[str]) -> None:
    """Let a state column take other values than before; refused while a row holds one that goes away."""
    gone = sorted({*was} - {*now})
    rows = sa.table(table, sa.column(column))
    if gone and op.get_bind().execute(sa.select(rows).where(rows.c[column].in_(gone)).limit(1)).first():
        raise NotImplementedError(f"{table}.{column} holds values that the earlier schema does not know: {gone}")
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite(table, _condition(column, was), _condition(column, now))
    else:
        op.drop_constraint(f"ck_{table}_{column}", table)
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, _condition(column, now))


def extend(table: str, column: str, *more: str) -> None:
    """Let a state column take these values as well as those it takes now."""
    was = _allowed(table, column)
    allow(table, column, was=was, now=(*was, *more))


def withdraw(table: str, column: str, *gone: str) -> None:
    """Let it take these no more; refused while a row holds one."""
    was = _allowed(table, column)
    allow(table, column, was=was, now=[one for one in was if one not in gone])


def _allowed(table: str, column: str) -> list[str]:
    checks = sa.inspect(op.get_bind()).get_check_constraints(table)
    text = next(str(one["sqltext"]) for one in checks if one["name"] == f"ck_{table}_{column}")
    return re.findall(r"'([^']+)'", text)


def _condition(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in values)})"


def rewrite_sqlite(table: str, was: str, to: str) -> None:
    """SQLite's own short way to change a table's constraints (Making Other Kinds Of Table Schema Changes).

    No row is touched and no table copied, so that keys pointing here, triggers and checks stay as they are.
    """
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    rewrite = "UPDATE sqlite_master SET sql = replace(sql, :was, :to) WHERE type = 'table' AND name = :table"
    connection.execute(sa.text(rewrite), {"was": was, "to": to, "table": table})
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")
    # Whatever is asked next reads the schema anew. Were it ALTER TABLE, it could be begun twice: "duplicate column".
    connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").all()


def require(table: str, name: str, *, was: str, now: str) -> None:
    """Another condition under the same name."""
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite(table, f"CONSTRAINT {name} CHECK ({was})", f"CONSTRAINT {name} CHECK ({now})")
    else:
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, now)


def nullable(table: str, column: str, *, yes: bool) -> None:
    """Whether a column of integers may be null."""
    if op.get_bind().dialect.name == "sqlite":
        bound, free = f"\t{column} INTEGER NOT NULL, ", f"\t{column} INTEGER, "
        rewrite_sqlite(table, *((bound, free) if yes else (free, bound)))
    else:
        op.alter_column(table, column, nullable=yes)


def add_reference(table: str, column: str, to: str) -> None:
    """A nullable column that points to another table by a named key."""
    op.add_column(table, sa.Column(column, sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite(table, _primary(table), f"{_key(table, column, to)}, {_primary(table)}")
    else:
        op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, to, [column], ["id"])


def add_state(table: str, column: str, values: Sequence[str], *, default: str | None = None) -> None:
    """A column that holds one of these values; nullable, unless it is said what rows that are there have."""
    kind = sa.String(length=32)
    op.add_column(table, sa.Column(column, kind, nullable=default is None, server_default=default))
    condition = _condition(column, values)
    if op.get_bind().dialect.name == "sqlite":
        check = f"CONSTRAINT ck_{table}_{column} CHECK ({condition}), "
        rewrite_sqlite(table, _primary(table), check + _primary(table))
    else:
        op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, condition)


def drop_state(table: str, column: str, values: Sequence[str]) -> None:
    """Without it again."""
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite(table, f"CONSTRAINT ck_{table}_{column} CHECK ({_condition(column, values)}), ", "")
    else:
        op.drop_constraint(op.f(f"ck_{table}_{column}"), table, type_="check")
    op.drop_column(table, column)


def drop_reference(table: str, column: str, to: str) -> None:
    """Without it again."""
    if op.get_bind().dialect.name == "sqlite":
        rewrite_sqlite(table, f"{_key(table, column, to)}, ", "")
    else:
        op.drop_constraint(op.f(f"fk_{table}_{column}"), table, type_="foreignkey")
    op.drop_column(table, column)


def _key(table: str, column: str, to: str) -> str:
    return f"CONSTRAINT fk_{table}_{column} FOREIGN KEY({column}) REFERENCES {to} (id)"


def _primary(table: str) -> str:
    """Where the constraints of a table begin."""
    return f"CONSTRAINT pk_{table} "
