"""A furnished database to type commands at, furnished once."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from qianli.cli.main import execute
from qianli.testing import workspace
from tests.cli.office import EXAMPLE, LEDGER, ORGANISATION, Office


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two members, a kit and a campaign."""
    root = tmp_path_factory.mktemp("furnished")
    ledger, copy = root / "名册.csv", root / "copy.db"
    ledger.write_text(LEDGER, encoding="utf-8")
    with workspace(root):
        assert execute(["member", "import", str(ledger), "--organisation", ORGANISATION]) == 0
        assert execute(["kit", "add", str(EXAMPLE / "kit.yaml")]) == 0
        assert execute(["campaign", "new", str(EXAMPLE / "campaign.yaml")]) == 0
        with closing(sqlite3.connect(root / "qianli.db")) as made, closing(sqlite3.connect(copy)) as target:
            made.backup(target)
    return copy


@pytest.fixture
def office(furnished: Path, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """A desk with a letter on it, and a furnished database of its own."""
    shutil.copy(furnished, place / "qianli.db")
    desk = Office(tmp_path / "desk", capsys, place / "qianli.db")
    desk.folder.mkdir()
    desk.write("letter.txt", (EXAMPLE / "letter.txt").read_bytes())
    return desk
