"""The schema: migrated, compared with the models, and required by every command."""

import os
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

from models import Member, Residence
from qianli.cli import main
from qianli.errors import ConfigurationError
from qianli.settings import settings
from qianli.stages.unit import writing
from qianli.store import organisations, schema
from qianli.store.session import engine
from qianli.store.version import HEAD
from qianli.testing import NOW, make_world, workspace


def test_the_migrations_make_what_the_models_say(place: Path) -> None:
    command.check(schema.configuration(settings().database_url))


def test_the_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(schema.MIGRATIONS)).get_current_head() == HEAD


def test_a_database_that_was_never_made_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with workspace(tmp_path, fresh=False):
        assert main.execute(["campaign", "list"]) == 1
        assert "qianli init" in capfd.readouterr().err
        assert not (tmp_path / "qianli.db").exists()
        assert main.execute(["init"]) == 0
        assert main.execute(["campaign", "list"]) == 0


def test_another_version_is_said(place: Path) -> None:
    with engine(settings().database_url).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(ConfigurationError, match="版本不一致"):
        schema.require_current(settings().database_url)


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
    """Refused by the database itself, whoever writes."""
    with writing("user:test") as session:
        home = organisations.find_or_add(session, path="甲支部")
        row = Member(organisation_id=home.key, name="张伟", created_at=NOW, updated_at=NOW)
        session.add(row)
        session.flush()
        member = row.key
    with engine(settings().database_url).begin() as connection:
        connection.execute(residence(member, *one))
    with engine(settings().database_url).connect() as connection:
        if refused:
            with pytest.raises(IntegrityError, match=r"residences overlap|residence_no_overlap"):
                connection.execute(residence(member, *other))
        else:
            connection.execute(residence(member, *other))


def residence(member: int, *span: str | None) -> sa.Insert:
    since, until = (date.fromisoformat(day) if day else None for day in span)
    day = date(2026, 1, 1)
    return sa.insert(Residence).values(
        member_id=member, kind="main", since=since, until=until, written="", detail="", status="exact", source="test",
        reported_on=day, recorded_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column"),
    [("campaign", "state"), ("consignment", "state"), ("parcel", "stage"), ("parcel", "tracking"), ("item", "kind")],
)
def test_a_state_that_is_none_is_refused_by_the_database(place: Path, table: str, column: str) -> None:
    with writing("user:test") as session:
        make_world(session, members=1)
    for wrong in ("none", None):
        nonsense = sa.update(sa.table(table, sa.column(column))).values({column: wrong})
        with engine(settings().database_url).connect() as connection, pytest.raises(IntegrityError):
            connection.execute(nonsense)


def constraints(url: str) -> dict[str, set[str]]:
    """Table → its unique, partial unique, foreign and check constraints by name, as the database tells them."""
    found = sa.inspect(engine(url))
    return {
        table: {
            str(one["name"])
            for one in [
                *found.get_unique_constraints(table),
                *(index for index in found.get_indexes(table) if not index.get("duplicates_constraint")),
                *found.get_foreign_keys(table),
                *found.get_check_constraints(table),
            ]
        }
        for table in found.get_table_names()
    }


@pytest.mark.slow  # starts a PostgreSQL
def test_both_databases_keep_the_same_constraints(tmp_path: Path) -> None:
    with workspace(tmp_path, database="sqlite"):
        on_sqlite = constraints(settings().database_url)
    with workspace(tmp_path, database="postgresql"):
        on_postgresql = constraints(settings().database_url)
    assert on_sqlite == on_postgresql
    assert "uq_parcel_line_live_original" in on_sqlite["parcel_line"]
    assert sum(map(len, on_sqlite.values())) > 100


@pytest.mark.parametrize("wrong", ["qianli.db", "mysql://localhost/qianli", "postgresql+psycopg2:///qianli", "x:y:z"])
def test_what_is_no_database_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str], wrong: str) -> None:
    with workspace(tmp_path, fresh=False):
        os.environ["QIANLI_DATABASE_URL"] = wrong
        settings.cache_clear()
        assert main.execute(["campaign", "list"]) == 1
        assert "QIANLI_DATABASE_URL" in capfd.readouterr().err
