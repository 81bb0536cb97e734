"""What deleted rows leave behind: pages that are free and still hold what was written on them."""

import sqlite3

from qianli.store.personal import TABLES
from qianli.store.session import BUSY_TIMEOUT_MS, engine

READERS_MS = 2_000  # how long to wait for those who read an older state


def forget_freed_pages(url: str) -> bool:
    """Leave nothing of what was emptied or deleted in the database's files; False if somebody reads an older state.

    SQLite is written anew without its free pages, and the write-ahead log, which holds pages as they were, is cut to
    nothing. PostgreSQL is told to give the dead rows' room free; see `docs/privacy.md` for what that means there.
    """
    if engine(url).dialect.name == "sqlite":
        return _rewrite_sqlite(url)
    with engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM {', '.join(_personal_tables())}")
    return True


def _rewrite_sqlite(url: str) -> bool:
    """Outside any transaction, so past SQLAlchemy, which would begin one."""
    raw = engine(url).raw_connection()
    cursor = raw.cursor()
    try:
        cursor.execute("VACUUM")
        cursor.execute(f"PRAGMA busy_timeout = {READERS_MS}")
        (busy, _, _) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:  # somebody writes, and goes on writing
        return False
    else:
        return not busy
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        raw.close()


def _personal_tables() -> list[str]:
    return [name for name, columns in TABLES.items() if columns.emptied or columns.passing]
