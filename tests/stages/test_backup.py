"""A backup restored into an empty place is the same, row by row and file by file, whichever the two databases."""

import json
import stat
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import sqlalchemy as sa

from models import ArtefactKind, Member, Organisation
from qianli import faults
from qianli.cli import main
from qianli.errors import BadInput, RuleBroken
from qianli.settings import settings
from qianli.stages import artefacts
from qianli.stages.backup import backup
from qianli.stages.restore import restore
from qianli.stages.unit import reading, writing
from qianli.store import dump
from qianli.store.version import HEAD
from qianli.testing import NOW, World, make_world, workspace
from tests.stages.every_table import BY, fill_what_is_empty, rows_of_all_tables

pytestmark = pytest.mark.slow

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


@pytest.fixture
def world(place: Path) -> World:
    """Rows in every table, and three files."""
    with writing(BY) as session:
        made = make_world(session, members=3)
    for number in range(3):
        artefacts.publish_artefact(
            kind=ArtefactKind.letter, path=f"TEST-2027/00{number}.pdf", content=f"第 {number} 封".encode() * 1000,
            campaign_id=made.campaign, by=BY,
        )  # fmt: skip
    rows_of_all_tables(made)
    fill_what_is_empty()
    return made


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as Python sees it."""
    with reading() as session:
        return {
            name: [dict(row) for row in session.execute(sa.select(table).order_by(table.c.id)).mappings()]
            for name, table in dump.TABLES.items()
        }


def files() -> dict[str, bytes]:
    root = Path(settings().documents_url.removeprefix("file://"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def elsewhere(tmp_path: Path, database: str) -> Callable[..., AbstractContextManager[Path]]:
    """An empty place on the same kind of database, or on the other."""

    def make(*, other: bool = False) -> AbstractContextManager[Path]:
        root = tmp_path / "elsewhere"
        root.mkdir(exist_ok=True)
        return workspace(root, fresh=False, database=OTHER[database] if other else database)

    return make


@pytest.mark.parametrize("other", [False, True])
def test_restored_it_is_the_same(world: World, tmp_path: Path, elsewhere: Callable, *, other: bool) -> None:
    rows, papers = everything(), files()
    assert [name for name, found in rows.items() if not found] == []
    assert len(papers) == 3
    done = backup(tmp_path / "b.zip")
    assert (done.rows, done.documents, done.missing) == (sum(map(len, rows.values())), 3, [])
    with elsewhere(other=other):
        back = restore(tmp_path / "b.zip")
        assert (back.rows, back.documents) == (done.rows, 3)
        assert everything() == rows
        assert files() == papers
        with writing(BY) as session:  # ids go on after the last
            session.add(Member(organisation_id=world.organisation, name="新来", created_at=NOW, updated_at=NOW))
        backup(tmp_path / "c.zip")
    assert max(world.members) < max(row["id"] for row in rows_in(tmp_path / "c.zip", "member"))


def rows_in(path: Path, table: str) -> list[dict[str, Any]]:
    with ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read(f"tables/{table}.jsonl").splitlines()]


def test_it_is_one_file_for_the_owner_alone_without_the_secret(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(folder / "b.zip")
    assert [path.name for path in folder.iterdir()] == ["b.zip"]
    assert stat.S_IMODE((folder / "b.zip").stat().st_mode) == 0o600
    with ZipFile(folder / "b.zip") as archive:
        assert not [name for name in archive.namelist() if b"test-secret" in archive.read(name)]
    with pytest.raises(BadInput, match="不会覆盖"):
        backup(folder / "b.zip")


def test_what_changes_meanwhile_is_not_in_it(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody imports and publishes while tables are written: the backup is the moment it began."""
    rows = everything()
    real = dump.lines

    def lines(session: Any, *, table: str) -> Any:
        if table == "letter_text":
            with writing(BY) as other:
                other.add(Organisation(name="新支部"))
            artefacts.publish_artefact(kind=ArtefactKind.fix_file, path="fix/new.xlsx", content=b"x", by=BY)
        return real(session, table=table)

    monkeypatch.setattr(dump, "lines", lines)
    assert next(iter(dump.TABLES)) != "letter_text"
    done = backup(tmp_path / "b.zip")
    assert len(rows_in(tmp_path / "b.zip", "organisation")) == len(rows["organisation"])
    assert (done.rows, done.documents, done.missing) == (sum(map(len, rows.values())), 3, [])


def test_a_file_that_is_missing_or_altered_is_named(world: World, tmp_path: Path, elsewhere: Callable) -> None:
    root = Path(settings().documents_url.removeprefix("file://"))
    (root / "TEST-2027/001.pdf").unlink()
    (root / "TEST-2027/002.pdf").write_bytes(b"altered")
    missing = ["TEST-2027/001.pdf", "TEST-2027/002.pdf"]
    assert backup(tmp_path / "b.zip").missing == missing
    with elsewhere():
        assert restore(tmp_path / "b.zip").missing == missing
        assert list(files()) == ["TEST-2027/000.pdf"]


def test_only_into_an_empty_place(world: World, tmp_path: Path, elsewhere: Callable) -> None:
    backup(tmp_path / "b.zip")
    rows = everything()
    with pytest.raises(RuleBroken, match="已经有数据"):
        restore(tmp_path / "b.zip")
    assert everything() == rows
    with elsewhere() as root:
        (root / "documents").mkdir()
        (root / "documents/mine.txt").write_text("mine")
        with pytest.raises(RuleBroken, match="1 个别的文件"):
            restore(tmp_path / "b.zip")
        assert list(files()) == ["mine.txt"]
        (root / "documents/mine.txt").rename(root / "documents/.001.pdf~host~1~x")  # half-written by a killed restore
        assert main.execute(["init"]) == 0  # made, and still empty
        assert main.execute(["restore", str(tmp_path / "b.zip")]) == 0


def altered(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same backup with some entries changed or left out."""
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, old: old.replace("张伟".encode(), "张三".encode()) if "/member" in name else old, "已损坏"),
        (lambda name, old: b"other" if name.endswith("001.pdf") else old, "已损坏"),
        (lambda name, old: None if name.endswith("001.pdf") else old, "已损坏"),
        (lambda name, old: None if name == "manifest.json" else old, "不完整"),
        (lambda name, old: old.replace(f'"{HEAD}"'.encode(), b'"0002"') if name == "manifest.json" else old, "0002"),
        (lambda name, old: old.replace(b'"format": 1', b'"format": 9') if name == "manifest.json" else old, "格式是 9"),
    ],
)
def test_what_is_wrong_with_a_backup_is_said_and_nothing_is_written(
    world: World, tmp_path: Path, elsewhere: Callable, change: Callable[[str, bytes], bytes | None], said: str
) -> None:
    backup(tmp_path / "b.zip")
    bad = altered(tmp_path / "b.zip", tmp_path / "bad.zip", change)
    with elsewhere(), pytest.raises((BadInput, RuleBroken), match=said):
        restore(bad)
    assert not (tmp_path / "elsewhere/documents").exists()


@pytest.mark.parametrize("content", [b"", b"PK", b"no backup at all"])
def test_no_backup_at_all(place: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(BadInput, match="不是千里传书的备份"):
        restore(tmp_path / "b.zip")
    with pytest.raises(BadInput, match="找不到"):
        restore(tmp_path / "none.zip")


class CutOffError(Exception):
    """What stands for a killed process."""


def test_cut_off_anywhere_and_run_again_it_is_whole(world: World, tmp_path: Path, elsewhere: Callable) -> None:
    rows, papers = everything(), files()
    backup(tmp_path / "b.zip")
    with elsewhere():
        for number in range(1, 100):
            seen = 0

            def cut(point: str, *, at: int = number) -> None:
                nonlocal seen
                seen += 1
                if seen == at and point != "after commit":
                    raise CutOffError(point)

            faults.arm(cut)
            with ExitStack() as stack:
                stack.callback(faults.arm, None)
                try:
                    restore(tmp_path / "b.zip")
                except CutOffError:
                    continue
                break
        assert number > 6
        assert everything() == rows
        assert files() == papers


def test_commands(world: World, tmp_path: Path, elsewhere: Callable, capfd: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["backup", str(tmp_path / "b.zip"), "--json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["documents"], told["missing"], told["bytes"]) == (3, [], (tmp_path / "b.zip").stat().st_size)
    assert main.execute(["backup", str(tmp_path / "nowhere/b.zip")]) == 2
    with elsewhere():
        assert main.execute(["restore", str(tmp_path / "b.zip")]) == 0
        assert "QIANLI_SECRET" in capfd.readouterr().out
        assert main.execute(["campaign", "status", "TEST-2027"]) == 0
