"""A whole list of movements taken back: as if it had never come in, or told what depends on it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import CampaignState, JournalEntry, Member, Movement, MovementImport, Organisation, ReportSide
from qianli.cli import main
from qianli.errors import NotFound, RuleBroken
from qianli.ledger.out import write_xlsx
from qianli.stages import movement_reports, movements
from qianli.stages.undoing_movements import MOVEMENTS
from qianli.stages.unit import reading, today, writing
from qianli.store.scope import Scope
from qianli.testing import World, make_world

BY, HOME, HOST = "user:test", "青石镇党委", "科技园党委"
BORN = date(1985, 3, 12)
OUT = ["姓名", "出生日期", "外出流向", "流出时间"]
IN = ["姓名", "出生日期", "流入地址", "流入时间", "流出组织名称"]
LEFT = today() - timedelta(days=60)
EXACT = "广东省深圳市南山区科技园1号"


@pytest.fixture
def world(place: Path) -> World:
    with writing(BY) as session:
        world = make_world(session, members=2, state=CampaignState.prepared, stage=None)
        session.execute(sa.update(Member).values(born_on=BORN, away_since=None))
        session.add(Organisation(name=HOST))
    return world


def left(to: str = "广东深圳", on: date = LEFT) -> int:
    """The home's list of departures; how many reports were new."""
    content = write_xlsx([("名单", OUT, [["张伟", str(BORN), to, str(on)]])])
    return movement_reports.import_movements(
        content, filename="外出.xlsx", organisation=HOME, side=ReportSide.home, by=BY
    ).added


def came() -> int:
    """The host's list of arrivals."""
    content = write_xlsx([("名单", IN, [["张伟", str(BORN), EXACT, str(LEFT + timedelta(days=3)), HOME]])])
    return movement_reports.import_movements(
        content, filename="到来.xlsx", organisation=HOST, side=ReportSide.host, by=BY
    ).added


def reports() -> int:
    with reading() as session:
        return len(session.exec(select(Movement)).all())


def test_it_is_as_if_it_had_never_come_and_can_come_again(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert (left(), left(), reports()) == (1, 0, 1)
    [made] = MOVEMENTS.list_imports()  # what brought nothing new left no trace
    assert (made.organisation, made.filename, made.added, made.depends) == (HOME, "外出.xlsx", 1, ())
    with pytest.raises(NotFound, match="movement imports"):
        MOVEMENTS.look(Scope(world.organisation + 1), made.id)
    assert main.execute(["movement", "imports"]) == 0
    assert main.execute(["movement", "undo", str(made.id)]) == 0
    assert "撤下 1 份报告" in capsys.readouterr().out
    assert MOVEMENTS.undo(made.id, by=BY).already
    assert (reports(), MOVEMENTS.list_imports()[0].undone_at is not None) == (0, True)
    with reading() as session:
        told = [one.subject for one in session.exec(select(JournalEntry)) if one.what == "movement import undone"]
    assert sorted(told) == ["member", "organisation"]
    assert (left(), reports()) == (1, 1)


def test_what_the_other_side_reports_too_stays(world: World) -> None:
    assert (left(to=EXACT), came()) == (1, 1)
    for one in MOVEMENTS.list_imports():
        with pytest.raises(RuleBroken, match=r"1 份报告已经定下.*1 份报告已与另一方的对上"):
            MOVEMENTS.undo(one.id, by=BY)
    assert reports() == 2


def test_what_was_corrected_or_put_aside_stays(world: World) -> None:
    assert (left(), left(to="广东广州")) == (1, 1)
    newer, older = MOVEMENTS.list_imports()
    assert MOVEMENTS.look(Scope(None), newer.id).depends == ("1 份以前的报告因它作了更正",)
    assert MOVEMENTS.look(Scope(None), older.id).depends == ("1 份报告已经定下或作了更正",)
    with reading() as session:
        last = session.exec(select(Movement).where(Movement.import_id == newer.id)).one().key
    movements.dismiss(last, by=BY)
    with pytest.raises(RuleBroken, match="请逐份采用或不采用"):
        MOVEMENTS.undo(newer.id, by=BY)
    with reading() as session:
        assert [one.undone_at for one in session.exec(select(MovementImport))] == [None, None]
