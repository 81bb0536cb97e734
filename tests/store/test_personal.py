"""Every column and every kind of file is classed: a new one fails here until somebody has decided."""

import re

import pytest

from models import ArtefactKind
from models.base import metadata
from qianli.settings import ROOT
from qianli.store import personal, purging
from qianli.store.personal import TABLES


@pytest.fixture
def database() -> str:
    """Nothing here asks a database."""
    return "sqlite"


def test_every_column_is_classed_once_and_exists() -> None:
    there = {table.name: sorted(column.name for column in table.columns) for table in metadata.sorted_tables}
    assert {name: sorted(columns.names()) for name, columns in TABLES.items()} == there


def test_every_kind_of_file_is_classed_once() -> None:
    assert sorted([*personal.WITH_CAMPAIGN, *personal.WITH_AGE, *personal.KEPT]) == sorted(ArtefactKind)
    assert personal.COUNTS_ONLY.keys() <= personal.WITH_CAMPAIGN | personal.WITH_AGE


def test_every_emptied_column_is_reached_by_a_purge() -> None:
    assert purging.scopes(1).keys() == {name for name, columns in TABLES.items() if columns.emptied}


def test_what_a_column_is_emptied_to_is_allowed_there() -> None:
    for name, columns in TABLES.items():
        for column, value in columns.emptied.items():
            assert value is not None or metadata.tables[name].columns[column].nullable, f"{name}.{column}"


@pytest.mark.parametrize("name", [name for name, one in TABLES.items() if one.emptied or one.ledger or one.passing])
def test_the_readme_names_every_personal_column(name: str) -> None:
    one = TABLES[name]
    row = re.search(rf"^\| `{name}` \| ([^|]+) \| [^|]+ \|$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert row, "no row in README.md"
    assert sorted(re.findall(r"`(\w+)`", row[1])) == sorted([*one.emptied, *one.ledger.split(), *one.passing.split()])
