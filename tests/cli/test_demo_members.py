"""A province in small: every step through its command, in a directory of its own, and never over anything."""

import os
from pathlib import Path

import pytest

from qianli.cli import demo_members, main
from qianli.cli.demo_files import CODE
from qianli.settings import Settings, settings
from qianli.stages.campaigns import documents
from qianli.stages.status import status
from qianli.store import schema
from qianli.testing import workspace

pytestmark = pytest.mark.slow


def test_thirty_members_with_all_their_papers(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = dict(os.environ)
    folder = place / "thirty"
    assert main.execute(["demo", "--members", "30", "--seed", "3", "--to", str(folder)]) == 0
    told = capsys.readouterr().out
    assert f"$ qianli campaign fulfil {CODE} --inline" in told
    assert "退回" in told or "新增 30 人" in told
    assert "用时" in told
    assert dict(os.environ) == before
    assert Settings(_env_file=None).database_url == settings().database_url  # the database configured is as it was
    own = Settings(_env_file=folder / ".env", _env_prefix="QIANLI_").model_fields_set
    assert {"database_url", "documents_url"} <= own
    with workspace(folder, fresh=False):
        counts = status(CODE)["consignments"]
        assert counts["under_way"] > 20
        assert counts["held"] > 0
        assert {"letter", "label", "packing_slip", "pick_list", "manifest"} <= {
            str(one["kind"]) for one in documents(CODE)
        }


def test_a_larger_number_is_left_undrawn_and_told_how_to_go_on(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_members, "DRAW_AT_MOST", 20)
    monkeypatch.setattr(demo_members, "REHEARSE_AT_MOST", 20)
    monkeypatch.setattr(demo_members, "ROWS_A_LEDGER", 40)
    folder = place / "many"
    assert main.execute(["demo", "--members", "100", "--to", str(folder)]) == 0
    told = capsys.readouterr().out
    assert told.count("$ qianli member import") == 3
    assert "campaign rehearse" not in told
    assert f"qianli campaign fulfil {CODE} --inline" in told.split("要接着出")[1]
    with workspace(folder, fresh=False):
        assert "under_way" not in status(CODE)["consignments"]


def test_nothing_is_written_over(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = place / "mine"
    folder.mkdir()
    (folder / "qianli.db").write_bytes(b"mine")
    assert main.execute(["demo", "--members", "5", "--to", str(folder)]) == 1
    assert "不会覆盖" in capsys.readouterr().err
    assert [one.name for one in folder.iterdir()] == ["qianli.db"]
    assert (folder / "qianli.db").read_bytes() == b"mine"
    assert schema.revision(settings().database_url) is not None


def test_what_cannot_be_is_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "file").write_text("x")
    assert main.execute(["demo", "--members", "5", "--to", str(place / "file")]) == 2
    assert "用不了" in capsys.readouterr().err
    assert main.execute(["demo", "--to", str(place / "there")]) == 2
    assert "--members" in capsys.readouterr().err
