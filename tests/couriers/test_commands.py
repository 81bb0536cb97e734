import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models import CaseOutcome, CaseReason, ParcelStage
from qianli import state_words
from qianli.cli.main import app
from qianli.errors import BadInput, NotFound
from qianli.stages.unit import writing
from qianli.testing import make_world

run = CliRunner().invoke


@pytest.fixture
def folder(place: Path) -> Path:
    with writing("system") as session:
        make_world(session, stage=ParcelStage.handed_over)
    return place


def write(folder: Path, text: str) -> str:
    path = folder / "快递.csv"
    path.write_text(text, encoding="gb18030")
    return str(path)


def test_waybills(folder: Path) -> None:
    file = write(
        folder, "包裹编号,运单号\nT-00001-X,9812345678901\nT-00002-X,9812345678902\n29-00001-9,9812345678903\n"
    )
    said = json.loads(run(app, ["parcel", "waybills", file, "--json"]).stdout)
    assert (said["accepted"], said["unchanged"], said["notices"]) == (2, 0, [])
    assert said["rejected"] == [
        {"sheet": "快递", "row": 4, "column": "包裹编号", "reason": "包裹编号写错了（校验位不符），请对照面单核对。"}
    ]
    assert Path(said["fix_file"]).exists()
    shown = run(app, ["parcel", "waybills", file]).stdout
    for words in ("登记 0 行，早已登记 2 行，退回 1 行。", "退回的行", "待改表"):
        assert words in shown


def test_events_and_cases(folder: Path) -> None:
    file = write(folder, "包裹编号,状态,时间\nT-00001-X,拒收,2026-11-20 10:00\nT-00002-X,已飞走,2026-11-20 10:00\n")
    said = run(app, ["parcel", "events", file])
    assert "登记 2 行" in said.stdout
    assert "不认识这个状态" in said.stdout
    (case,) = json.loads(run(app, ["case", "list", "--campaign", "TEST-2027", "--json"]).stdout)
    assert (case["reason"], case["reference"], case["owner"], case["age_days"]) == (
        "refused",
        "T-00001-X",
        "青石镇党委",
        0,
    )
    assert "qianli parcel take-back T-00001-X" in run(app, ["case", "list"]).stdout
    settle = ["case", "resolve", str(case["id"]), "--outcome"]
    assert "已办结：不需处理" in run(app, [*settle, "no_action"]).stdout
    assert json.loads(run(app, [*settle, "no_action", "--json"]).stdout)["changed"] is False
    assert run(app, [*settle, "wrong"]).exit_code == 2
    assert "无" in run(app, ["case", "list"]).stdout


def test_what_cannot_be_read(folder: Path) -> None:
    assert isinstance(run(app, ["parcel", "events", str(folder / "没有.csv")]).exception, BadInput)
    assert isinstance(run(app, ["parcel", "waybills", write(folder, "姓名,电话\n张伟,1\n")]).exception, BadInput)
    assert isinstance(run(app, ["case", "resolve", "7", "--outcome", "found"]).exception, NotFound)


def test_every_state_has_words() -> None:
    for words in vars(state_words).values():
        if isinstance(words, dict) and words and hasattr(next(iter(words)), "value"):
            assert set(words) == set(type(next(iter(words))))
    assert set(state_words.REASON) == set(CaseReason)
    assert set(state_words.OUTCOME) == set(CaseOutcome)
