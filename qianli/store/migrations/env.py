"""Alembic's entry: runs the migrations on the engine of the store."""

from alembic import context

import models  # noqa: F401 - registers the tables
from models.base import metadata
from qianli.store.session import engine
from qianli.store.version import lock_for_migration


def run() -> None:
    with engine(context.config.attributes["url"]).execution_options(writing=True).connect() as connection:
        lock_for_migration(connection)
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=False,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
