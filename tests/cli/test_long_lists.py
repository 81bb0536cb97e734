"""Lists of thousands: counted by reason, the first few, and where the whole is."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import CampaignState, Hold
from qianli.cli import main
from qianli.documents.forms import Rehearsal
from qianli.stages.rehearse import MOST_TOLD, _held_sentences
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading, writing
from qianli.testing import add_member, make_world

MANY = 25


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.execute(list(words)) == 0
    return "".join(capsys.readouterr().out.split())


def test_refused_rows(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = place / "ledger.csv"
    ledger.write_text("姓名\n" + "".join(f"党员{number}\n" for number in range(MANY)), encoding="utf-8")
    told = said(capsys, "member", "import", str(ledger), "--organisation", "青石镇党委")
    assert f"这里只列前20行，共{MANY}行；全部在待改表里。" in told
    assert "按原因" in told
    assert "fix/members" in told


def test_who_is_held(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with writing("user:test") as session:
        world = make_world(session, members=0, state=CampaignState.draft, stage=None)
        for number in range(1, MANY + 1):
            add_member(session, world, number, phone=None)
    run_inline("prepare_campaign", world.campaign)
    with reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(Hold)).scalar() == MANY
    held = said(capsys, "campaign", "holds", "TEST-2027")
    assert f"这里只列前20行，共{MANY}行；全部请加--xlsx存成表格" in held
    assert f"TEST-2027-00{MANY}" not in held
    status = said(capsys, "campaign", "status", "TEST-2027")
    assert "这里只列前20份" in status


def test_what_a_rehearsal_says_of_them() -> None:
    sample = Rehearsal.sample()
    many = tuple(replace(sample.held[0], number=f"T-{number:04d}") for number in range(150))
    told = _held_sentences(replace(sample, held=many))
    assert told[:2] == ["暂缓 150 人：", f"　{sample.held[0].reason}150 份。"]
    assert "campaign holds QLCS-2027 --xlsx" in told[2]
    assert len(told) == 3 + MOST_TOLD
    assert _held_sentences(sample)[0] == "暂缓 3 人："
    assert _held_sentences(replace(sample, held=())) == ["没有人暂缓。"]
    assert len(replace(sample, held=many).listed) == 100
