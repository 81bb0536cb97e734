"""Creating and migrating the database."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from qianli.errors import ConfigurationError
from qianli.store.session import engine, reachable, understood
from qianli.store.version import ANOTHER_VERSION, HEAD, NEVER_MADE

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(url: str) -> Config:
    """What Alembic needs to work on this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> str:
    """Create or migrate the database; the answer is the revision it is at."""
    bound = understood(url)
    if bound.get_backend_name() == "sqlite" and bound.database:
        Path(bound.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(configuration(url), "head")
    return revision(url) or ""


def require_current(url: str) -> None:
    """Refuse a database that was never initialised, or that another version of the program made."""
    found = None if _missing_file(url) else revision(url)
    if found is None:
        raise ConfigurationError(NEVER_MADE)
    if found != HEAD:
        raise ConfigurationError(ANOTHER_VERSION)


def _missing_file(url: str) -> bool:
    """Whether it is an SQLite file that does not exist: connecting would create it."""
    where = understood(url)
    return where.get_backend_name() == "sqlite" and bool(where.database) and not Path(str(where.database)).exists()


def revision(url: str) -> str | None:
    """The revision the database is at; None for one that was never initialised."""
    with reachable(), engine(url).connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
