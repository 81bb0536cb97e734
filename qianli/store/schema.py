"""Creating and migrating the database."""

from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from qianli import private
from qianli.errors import ConfigurationError
from qianli.store.session import engine, reachable, understood
from qianli.store.version import ANOTHER_VERSION, HEAD, NEVER_MADE

TRIES = 3
MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(url: str) -> Config:
    """What Alembic needs to work on this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> str:
    """Create or migrate the database; the answer is the revision it is at."""
    if (file := _file(url)) is not None:
        with suppress(OSError):  # SQLite says better what is the matter with it
            private.file(file)
    _upgrade(url, tries=TRIES if file else 1)
    return revision(url) or ""


def _upgrade(url: str, *, tries: int) -> None:
    """A migration is done whole or not at all, so it can be begun again.

    SQLite prepares a statement anew when the schema changed under it, also where another process only looks on; an
    ALTER TABLE begun like that fails on its own first half.
    """
    for left in range(tries - 1, -1, -1):
        try:
            command.upgrade(configuration(url), "head")
        except sa.exc.OperationalError:
            if not left:
                raise
        else:
            return


def require_current(url: str) -> None:
    """Refuse a database that was never initialised, or that another version of the program made."""
    found = None if _missing_file(url) else revision(url)
    if found is None:
        raise ConfigurationError(NEVER_MADE)
    if found != HEAD:
        raise ConfigurationError(ANOTHER_VERSION)


def tables(url: str) -> list[str]:
    """Names of all tables there are, ours or not; an SQLite file that does not exist is not made."""
    if _missing_file(url):
        return []
    with reachable(), engine(url).connect() as connection:
        return sa.inspect(connection).get_table_names()


def _missing_file(url: str) -> bool:
    """Whether it is an SQLite file that does not exist: connecting would create it."""
    file = _file(url)
    return file is not None and not file.exists()


def _file(url: str) -> Path | None:
    """Where an SQLite database lies; None for one in memory, and for PostgreSQL."""
    where = understood(url)
    if where.get_backend_name() != "sqlite" or not where.database or where.database.startswith((":", "file:")):
        return None
    return Path(where.database)


def revision(url: str) -> str | None:
    """The revision the database is at; None for one that was never initialised."""
    with reachable(), engine(url).connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
