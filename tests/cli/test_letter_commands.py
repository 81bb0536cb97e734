"""`qianli letter`: what organisers see of their texts."""

import json
from pathlib import Path

import pytest
from PIL import Image

from qianli.cli.main import execute
from qianli.stages import letter_preview
from qianli.stages.unit import writing
from qianli.testing import make_world

TEXT = "{姓名}{称谓}：\n您离开家乡{离乡时长}了，**{姓名}，请保重**。\n"


@pytest.fixture
def world(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(letter_preview, "try_design", lambda _design: None)  # a trial of its own: tests/files
    with writing("user:test") as session:
        make_world(session)
    (place / "text.txt").write_text(TEXT, encoding="utf-8")
    return place


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = execute(["letter", *words])
    seen = capsys.readouterr()
    return code, seen.out + seen.err


def test_placeholders_and_versions_are_listed(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(capsys, "placeholders", "--json")
    assert code == 0
    assert {"placeholder": "{姓名}", "label": "收信人姓名", "sample": "张伟"} in json.loads(said)
    assert {"official_letter", "family_letter", "notice", "red_letter", "bilingual"} == {
        one["design"] for one in json.loads(told(capsys, "designs", "--json")[1])
    }
    for words in (["list"], ["versions", "t"]):
        (line,) = json.loads(told(capsys, *words, "--json")[1])
        assert (line["code"], line["version"], line["campaigns"]) == ("t", 1, ["TEST-2027"])
    code, said = told(capsys, "versions", "nothing")
    assert code == 2
    assert "letter list" in said


def test_a_file_is_shown_as_a_member_would_get_it(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = world / "样张.png"
    code, said = told(capsys, "preview", str(world / "text.txt"), "--member", "1", "--out", str(out), "--json")
    assert code == 0, said
    data = json.loads(said)
    assert (data["files"], data["pages"], data["missing"]) == ([str(out)], 1, [])
    assert out.stat().st_mode & 0o777 == 0o600
    with Image.open(out) as picture:
        assert picture.size == (1241, 1754)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["text.txt", "--member", "99"], "没有编号为 99 的党员"),
        (["text.txt", "--out", "x.doc"], ".pdf 或 .png"),
        (["text.txt", "--design", "blue"], "没有名为“blue”的书信版式"),
        (["nothing.txt"], "找不到文件"),
        (["nothing"], "没有代码为“nothing”的书信"),
        (["t@9"], "第 9 版"),
        (["t@x"], "版本写法不对"),
    ],
)
def test_what_is_not_there_is_told(
    world: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str], says: str
) -> None:
    monkeypatch.chdir(world)
    code, said = told(capsys, "preview", *words)
    assert code == 2
    assert says in said
