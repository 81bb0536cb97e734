"""What lies in var/ names people: only its owner may enter, whoever made it and whatever the umask."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from qianli import artefacts, private
from qianli.cli import main
from qianli.launch import children
from qianli.stages import campaigns
from qianli.store import schema
from qianli.testing import workspace


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """A umask that hides nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def boom() -> None:
    raise ValueError("张伟")


def open_to_others(root: Path) -> list[str]:
    """Directories that others may enter, from the first one below `root` on."""
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_dir() and mode(path) != 0o700]


@pytest.mark.parametrize("first", ["database", "documents", "prefect", "errors", "demo"])
def test_whoever_comes_first_makes_it_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    var = tmp_path / "var"
    place = {"DATABASE_URL": f"sqlite:///{var}/qianli.db", "PREFECT_HOME": f"{var}/prefect"}
    with workspace(tmp_path, fresh=False, **place):
        if first == "database":
            schema.upgrade(place["DATABASE_URL"])
            assert mode(var / "qianli.db") == 0o600
        elif first == "documents":
            artefacts.publish(f"file://{var}/documents", "CODE/001-letter.pdf", b"x")
        elif first == "prefect":
            child = children.start_web()
            child.stop()
            assert mode(child.log) == 0o600
        elif first == "errors":
            monkeypatch.setattr(main, "VAR", var)
            monkeypatch.setattr(main, "ROOT", tmp_path)
            monkeypatch.setattr(campaigns, "list_campaigns", boom)
            schema.upgrade(place["DATABASE_URL"])
            assert main.execute(["campaign", "list"]) == 1
            assert mode(var / "errors.log") == 0o600
            assert "张伟" not in (var / "errors.log").read_text()
        else:
            private.folder(var / "demo")
    assert var.is_dir()
    assert open_to_others(tmp_path) == []


def test_one_that_is_open_is_shut_by_the_next_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    monkeypatch.setattr(main, "VAR", var)
    with workspace(tmp_path):
        assert main.execute(["campaign", "list"]) == 0
    assert mode(var) == 0o700
    private.tighten(tmp_path / "not there")


def test_what_is_there_and_not_ours_to_judge_is_left(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    private.file(shared / "mine" / "file.db")
    assert [mode(shared), mode(shared / "mine"), mode(shared / "mine/file.db")] == [0o755, 0o700, 0o600]
