"""Migrations with data in the tables: down to each earlier schema and up again, nothing is lost."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from models import Campaign
from models.base import metadata
from qianli.cli import main
from qianli.settings import settings
from qianli.stages.unit import writing
from qianli.store import schema
from qianli.store.session import engine
from qianli.store.version import HEAD
from qianli.testing import DATABASES, make_world, workspace

REVISIONS = [one.revision for one in ScriptDirectory(str(schema.MIGRATIONS)).walk_revisions()][1:]
#: Each way down goes through all that are newer: the newest and the first, and with the long tests some between.
EARLIER = [REVISIONS[0], REVISIONS[-1], *(pytest.param(one, marks=pytest.mark.slow) for one in REVISIONS[1:-1:10])]


def rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Table → its rows, read without our models: they know the newest schema only."""
    with engine(url).connect() as connection:
        there = sa.MetaData()
        there.reflect(connection)
        return {
            name: [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
            for name, table in there.tables.items()
            if name != "alembic_version"
        }


def in_columns_of(old: dict[str, list[dict[str, Any]]], new: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What the new rows say in the tables and columns of the old ones."""
    return {name: [{key: row[key] for key in some[0]} for row in new[name]] for name, some in old.items() if some}


def filled(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: some for name, some in tables.items() if some}


@pytest.mark.parametrize("revision", EARLIER)
def test_up_from_an_earlier_schema_with_data_in_it(place: Path, revision: str) -> None:
    url = settings().database_url
    with writing("user:test") as session:
        make_world(session, members=3)
    command.downgrade(schema.configuration(url), revision)
    earlier = rows(url)
    assert len(earlier["parcel_line"]) == 9
    assert main.execute(["init"]) == 0
    again = rows(url)
    assert in_columns_of(earlier, again) == filled(earlier)
    assert again.keys() == {table.name for table in metadata.sorted_tables}
    command.check(schema.configuration(url))
    with writing("user:test") as session:
        assert session.get_one(Campaign, 1).code == "TEST-2027"


@pytest.mark.slow
@pytest.mark.parametrize("database", DATABASES)
def test_up_from_nothing_by_two_at_once(tmp_path: Path, database: str) -> None:
    with workspace(tmp_path, database=database, fresh=False):
        both = [subprocess.Popen([sys.executable, "-m", "qianli", "init"], stdout=subprocess.DEVNULL) for _ in "ab"]
        assert [one.wait(120) for one in both] == [0, 0]
        assert schema.revision(settings().database_url) == HEAD
        command.check(schema.configuration(settings().database_url))
