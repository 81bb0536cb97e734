"""Creating and migrating the database."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from qianli.store.session import engine

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> str:
    """Create or migrate the database; the answer is the revision it is at."""
    bound = sa.make_url(url)
    if bound.get_backend_name() == "sqlite" and bound.database:
        Path(bound.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(_config(url), "head")
    return revision(url) or ""


def revision(url: str) -> str | None:
    """The revision the database is at; None for one that was never initialised."""
    with engine(url).connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
