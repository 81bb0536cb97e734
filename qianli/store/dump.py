"""Whole tables in and out as lines of JSON, one row a line, the same from SQLite and PostgreSQL.

Values are written in one canonical way, so that equal rows are equal bytes and one checksum compares a table.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from models.base import metadata

ROWS_AT_ONCE = 500
TABLES: dict[str, sa.Table] = {table.name: table for table in metadata.sorted_tables}  # what is pointed at comes first


def lines(session: Session, *, table: str) -> Iterator[bytes]:
    """Every row of a table, by id, as it is in this transaction; never the whole table in memory."""
    query = sa.select(TABLES[table]).order_by(TABLES[table].c.id).execution_options(yield_per=ROWS_AT_ONCE)
    for row in session.execute(query).mappings():
        values = {name: _plain(value) for name, value in row.items()}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value


def checksum(session: Session, *, table: str) -> str:
    """One hash over all rows of a table."""
    digest = hashlib.sha256()
    for line in lines(session, table=table):
        digest.update(line)
    return digest.hexdigest()


def load(session: Session, *, table: str, lines: Iterable[bytes]) -> None:
    """Insert the rows of these lines, so many a statement; what points at a later row of its own table does so last."""
    readers = {column.name: _reader(column) for column in TABLES[table].columns}
    within = [
        one.name for one in TABLES[table].columns if any(key.column.table.name == table for key in one.foreign_keys)
    ]
    later: list[dict[str, Any]] = []
    rows = (_read(line, readers) for line in lines)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        later += [pointer for row in some for name in within if (pointer := _taken_out(row, name))]
        session.execute(sa.insert(TABLES[table]), some)
    for pointer in later:
        session.execute(sa.update(TABLES[table]).where(TABLES[table].c.id == pointer.pop("id")).values(pointer))


def _taken_out(row: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The row's pointer to one that is not there yet, which it loses until then."""
    if row[name] is None or row[name] <= row["id"]:
        return None
    pointer = {"id": row["id"], name: row[name]}
    row[name] = None
    return pointer


def _read(line: bytes, readers: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else readers[name](value) for name, value in json.loads(line).items()}


def _reader(column: sa.Column[Any]) -> Callable[[Any], Any]:
    """How a value of this column is read back."""
    if isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat
    if isinstance(column.type, sa.LargeBinary):
        return b64decode
    if isinstance(column.type, sa.Date):
        return date.fromisoformat
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def prepare(session: Session) -> None:
    """SQLite looks at keys at the end; PostgreSQL looks at each statement, and rows come in an order it accepts."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))


def count_on(session: Session) -> None:
    """New rows get ids after those that were loaded: PostgreSQL's counters know nothing of them yet."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for name in TABLES:
        session.execute(
            sa.text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"  # noqa: S608 - our own names
                f" WHERE EXISTS (SELECT 1 FROM {name})"
            )
        )


def is_empty(session: Session) -> bool:
    """Whether no table has a row."""
    return not any(session.execute(sa.select(table.c.id).limit(1)).first() for table in TABLES.values())
