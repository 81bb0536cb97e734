"""`parcel`, `manifest` and `consignment` as a person types them: words, JSON, exit codes."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from models import ParcelStage
from qianli.cli import consignment, manifest, parcel
from qianli.errors import BadInput
from qianli.stages import sealing
from qianli.stages.unit import writing
from qianli.testing import make_world

REFERENCES = ["T-00001-X", "T-00002-X", "T-00003-X"]


@pytest.fixture(autouse=True)
def _printed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three printed parcels; papers of manifests have tests of their own."""
    monkeypatch.setattr(sealing, "publish_manifest", lambda *_, **__: None)
    with writing("system") as session:
        make_world(session, stage=ParcelStage.printed)


def _run(app: typer.Typer, *words: str) -> Result:
    """An error that is not an exit code comes through, as `run()` in main expects it."""
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_a_day_at_the_packing_table() -> None:
    assert "已装箱 2 件" in _run(parcel.app, "pack", *REFERENCES[:2]).stdout
    assert "已装箱 1 件，另有 2 件之前已装箱" in _run(parcel.app, "pack", "--all", "TEST-2027").stdout
    sealed = json.loads(_run(manifest.app, "seal", "TEST-2027", "--json").stdout)
    assert [(one["courier"], one["parcels"], one["new"]) for one in sealed] == [("china_post", 3, True)]
    number = sealed[0]["number"]
    told = _run(manifest.app, "seal", "TEST-2027").stdout
    assert f"hand-over {number} --count 3" in told
    done = _run(manifest.app, "hand-over", number, "--count", "2", "--left", REFERENCES[1])
    assert f"留下 1 件：{REFERENCES[1]}" in done.stdout
    assert "已交接过" in _run(manifest.app, "hand-over", number, "--count", "2", "--left", REFERENCES[1]).stdout
    listed = json.loads(_run(manifest.app, "list", "TEST-2027", "--json").stdout)
    assert (listed[0]["state"], listed[0]["handed_over"], listed[0]["left"]) == ("handed_over", 2, 1)
    assert "campaign fulfil TEST-2027" in _run(parcel.app, "replace", "TEST-2027-0001", "--sku", "book").stdout
    assert "没有重复登记" in _run(parcel.app, "replace", "TEST-2027-0001", "--sku", "book").stdout
    back = _run(parcel.app, "take-back", REFERENCES[2], "--put-back").stdout
    assert "TEST-2027-0003" in back
    assert "请注意" in back
    assert "TEST-2027-0002 已取消" in _run(consignment.app, "cancel", "TEST-2027-0002").stdout
    rows = json.loads(_run(parcel.app, "list", "TEST-2027", "--json").stdout)
    assert [row["stage"] for row in rows] == ["handed_over", "voided", "taken_back"]
    assert set(rows[0]) == {
        "reference",
        "sequence",
        "stage",
        "tracking",
        "waybill",
        "courier",
        "promised_on",
        "provisional",
        "news_at",
        "asked_next_at",
    }


def test_a_refused_parcel_is_exit_1_and_the_others_are_packed() -> None:
    result = _run(parcel.app, "pack", REFERENCES[0], "T-00009-X")
    assert result.exit_code == 1
    assert "已装箱 1 件" in result.stdout
    assert "T-00009-X" in result.stderr
    assert json.loads(_run(parcel.app, "pack", REFERENCES[0], "--json").stdout)["already"] == [REFERENCES[0]]


@pytest.mark.parametrize(
    "words",
    [
        ("pack",),
        ("pack", REFERENCES[0], "--all", "TEST-2027"),
        ("take-back", REFERENCES[0]),
        ("take-back", REFERENCES[0], "--put-back", "--write-off"),
    ],
)
def test_unclear_commands_are_bad_input(words: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match=r"选一个|两者选一"):
        _run(parcel.app, *words)


def test_what_is_left_out_is_asked_for() -> None:
    with pytest.raises(BadInput, match=r"--sku 写明补寄什么.*badge（党徽）"):
        _run(parcel.app, "replace", "TEST-2027-0001")
    with pytest.raises(BadInput, match="--count"):
        _run(manifest.app, "hand-over", "33-J001")
