"""`qianli member`, as people and programs use it."""

import json
from pathlib import Path

import pytest

from qianli.cli import member
from qianli.errors import BadInput, NotFound
from qianli.ledger.out import write_xlsx
from qianli.settings import ROOT
from qianli.stages.members import list_members

LETTERS = ROOT / "examples/qianli-letter/ledger.xlsx"
ORGANISATION = ["--organisation", "青石街道云岭社区党委"]


def run(*words: str) -> None:
    member.app(list(words), standalone_mode=False)


def test_import_as_json_is_one_object(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "名册.xlsx"
    ledger.write_bytes(write_xlsx([("名册", ["姓名", "出生日期"], [["张伟", "1985-03-12"], ["李娜", "去年"]])]))
    run("import", str(ledger), *ORGANISATION, "--json")
    said = json.loads(capsys.readouterr().out)
    assert list(said) == ["added", "changed", "unchanged", "rejected", "notices", "fix_file"]
    assert (said["added"], said["changed"], said["unchanged"]) == (1, 0, 0)
    [rejected] = said["rejected"]
    assert rejected == {"sheet": "名册", "row": 3, "column": "出生日期", "reason": rejected["reason"]}
    assert Path(said["fix_file"]).exists()


def test_import_for_people(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("import", str(LETTERS), *ORGANISATION, "--dry-run")
    assert "没有写入" in capsys.readouterr().out
    assert list_members() == []
    run("import", str(LETTERS), *ORGANISATION)
    said = capsys.readouterr().out
    assert "导入结果" in said
    assert "9 人" in said
    assert "请留意" in said


def test_list_masks_phones(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("import", str(LETTERS), *ORGANISATION, "--json")
    capsys.readouterr()
    run("list", "--json")
    members = json.loads(capsys.readouterr().out)
    assert len(members) == 9
    assert members[0]["phone"] == "139******01"
    assert "13900001201" not in str(members)
    run("list", *ORGANISATION)
    said = capsys.readouterr().out
    assert "党员（9 人）" in said
    assert "13900001201" not in said


def test_bad_files_and_unknown_organisations(place: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="找不到文件"):
        run("import", str(tmp_path / "没有.xlsx"), *ORGANISATION)
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(BadInput, match="打不开"):
        run("import", str(tmp_path / "坏.xlsx"), *ORGANISATION)
    with pytest.raises(NotFound):
        run("list", "--organisation", "没有这个组织")


def test_export_says_that_it_holds_personal_data(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", str(LETTERS), *ORGANISATION, "--json")
    capsys.readouterr()
    out = tmp_path / "导出.csv"
    run("export", str(out), *ORGANISATION)
    said = capsys.readouterr().out
    assert "9 人" in said
    assert "个人信息" in said
    assert f"qianli member import {out} --organisation {ORGANISATION[1]}" in said
    assert "个人信息" in out.read_text(encoding="utf-8-sig").splitlines()[0]
    run("export", str(out), *ORGANISATION, "--json")
    assert json.loads(capsys.readouterr().out) == {"organisation": ORGANISATION[1], "members": 9, "path": str(out)}
    with pytest.raises(NotFound):
        run("export", str(out), "--organisation", "没有这个组织")
