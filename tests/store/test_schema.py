"""The schema: migrated, compared with the models, and required by every command."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from qianli.cli import main
from qianli.errors import ConfigurationError
from qianli.store import schema
from qianli.testing import workspace


def test_the_migrations_make_what_the_models_say(place: Path) -> None:
    command.check(schema.configuration(f"sqlite:///{place}/qianli.db"))


def test_the_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_current_head() == schema.HEAD


def test_a_database_that_was_never_made_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with workspace(tmp_path, fresh=False):
        assert main.execute(["campaign", "list"]) == 1
        assert "qianli init" in capfd.readouterr().err
        assert not (tmp_path / "qianli.db").exists()
        assert main.execute(["init"]) == 0
        assert main.execute(["campaign", "list"]) == 0


def test_another_version_is_said(place: Path) -> None:
    with sqlite3.connect(place / "qianli.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    with pytest.raises(ConfigurationError, match="版本不一致"):
        schema.require_current(f"sqlite:///{place}/qianli.db")


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        ((None, None), (None, None), True),
        (("2026-01-01", None), (None, "2026-01-02"), True),
        (("2026-01-01", None), (None, "2026-01-01"), False),
        (("2026-01-01", "2026-06-01"), ("2026-06-01", None), False),
    ],
)
def test_main_residences_of_one_member_do_not_overlap(
    place: Path, one: tuple[str | None, str | None], other: tuple[str | None, str | None], *, refused: bool
) -> None:
    insert = (
        "INSERT INTO residence (member_id, kind, since, until, written, detail, status, source, reported_on,"
        " recorded_at) VALUES (1, 'main', ?, ?, '', '', 'exact', 'test', '2026-01-01', '2026-01-01')"
    )
    connection = sqlite3.connect(place / "qianli.db")
    connection.execute(insert, one)
    try:
        if refused:
            with pytest.raises(sqlite3.IntegrityError, match="residences overlap"):
                connection.execute(insert, other)
        else:
            connection.execute(insert, other)
    finally:
        connection.close()
