"""Where a member lives, written down by hand and told with both clocks."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from models import CampaignState, JournalEntry, Member, Residence
from qianli.cli import main
from qianli.errors import BadInput, Conflict, NotFound, RuleBroken
from qianli.stages import addresses, unit
from qianli.stages.address_history import history
from qianli.stages.addresses import correct, move, verify
from qianli.stages.unit import reading, writing
from qianli.testing import make_world

BY = "user:周主任"
YIWU, NANSHAN, HUAXI = (
    "浙江省义乌市稠江街道贝村路 88 号",
    "广东省深圳市南山区科技路 6 号",
    "贵州省贵阳市花溪区清溪路 1 号",
)


class Clock:
    """A day one can turn to; noon of it."""

    def __init__(self) -> None:
        self.on = date(2027, 1, 5)

    def now(self) -> datetime:
        return datetime(self.on.year, self.on.month, self.on.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

    def today(self) -> date:
        return self.on


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    it = Clock()
    monkeypatch.setattr(addresses, "now", it.now)
    monkeypatch.setattr(addresses, "today", it.today)
    monkeypatch.setattr(unit, "now", it.now)
    return it


@pytest.fixture
def member(place: Path) -> int:
    with writing(BY) as session:
        return make_world(session, members=1, state=CampaignState.draft, stage=None).members[0]


def there(member: int, on: str, known: str | None = None) -> str | None:
    found = history(member, on=date.fromisoformat(on), known=date.fromisoformat(known) if known else None, whole=True)
    lived = [one.address for one in found.residences if one.in_force]
    assert len(lived) <= 1
    return lived[0] if lived else None


def noted(member: int) -> list[str]:
    with reading() as session:
        return [
            one.what for one in session.exec(select(JournalEntry).order_by(JournalEntry.id)) if one.subject == "member"
        ]


def test_the_address_for_a_day_as_known_on_another(member: int, clock: Clock) -> None:
    home = there(member, "2027-01-20")
    clock.on = date(2027, 1, 6)
    assert move(member, address=YIWU, since=date(2027, 1, 15), by=BY).what == "moved"
    clock.on = date(2027, 1, 18)
    move(member, address=NANSHAN, since=date(2027, 1, 19), until=date(2027, 1, 21), temporary=True, by=BY)
    assert [there(member, "2027-01-20", known) for known in ("2027-01-05", "2027-01-06", "2027-01-17", "2027-01-18")] \
        == [home, YIWU, YIWU, NANSHAN]  # fmt: skip
    days = ("2027-01-14", "2027-01-15", "2027-01-18", "2027-01-19", "2027-01-21")
    assert [there(member, on) for on in days] == [home, YIWU, YIWU, NANSHAN, YIWU]
    assert there(member, "2027-01-20", "2027-01-03") is None  # nothing had been recorded yet


def test_a_correction_after_the_fact_changes_what_is_known_and_not_what_was(member: int, clock: Clock) -> None:
    home = there(member, "2027-01-20")
    move(member, address=YIWU, since=date(2026, 12, 31), by=BY)
    clock.on = date(2027, 1, 10)
    [wrong] = [one.residence for one in history(member).residences if one.address.startswith("浙江") and not one.until]
    assert correct(wrong, since=date(2027, 1, 1), by=BY).what == "corrected"
    assert correct(wrong + 1, since=date(2027, 1, 1), by=BY).what == "nothing"
    assert there(member, "2026-12-31") is None
    assert there(member, "2026-12-31", "2027-01-05") == YIWU
    assert there(member, "2026-12-30") == home
    with pytest.raises(RuleBroken, match="已经不算数"):
        correct(wrong, address=HUAXI, by=BY)
    with pytest.raises(Conflict, match="重叠"):
        correct(wrong + 1, since=date(2026, 12, 1), by=BY)
    assert correct(wrong + 1, remove=True, by=BY).what == "corrected"
    assert there(member, "2027-01-20") is None
    assert noted(member) == ["moved", "corrected", "corrected"]


def test_once_more_changes_nothing_and_a_stale_edit_is_refused(member: int, clock: Clock) -> None:
    first = move(member, address=YIWU, version=1, by=BY)
    assert (first.what, first.version, first.division) == ("moved", 2, "浙江省金华市义乌市")
    assert move(member, address=YIWU, by=BY).what == "nothing"
    for act in (
        lambda: move(member, address=NANSHAN, version=1, by=BY),
        lambda: verify([member], version=1, by=BY),
        lambda: correct(1, remove=True, version=1, by=BY),
    ):
        with pytest.raises(Conflict, match="被别人改过"):
            act()
    away: dict[str, Any] = {"since": date(2027, 2, 1), "until": date(2027, 3, 1), "temporary": True}
    assert [move(member, address=NANSHAN, by=BY, **away).what for _ in "ab"] == ["moved", "nothing"]
    assert [verify([member], by=BY)[0].what for _ in "ab"] == ["verified", "nothing"]
    with reading() as session:
        assert session.get_one(Member, member).version == 4
    assert noted(member) == ["moved", "moved", "verified"]


def test_what_cannot_be_meant_is_refused_in_a_sentence(member: int, clock: Clock) -> None:
    for act, said in [
        (lambda: move(member, address="  ", by=BY), "没有写地址"),
        (lambda: move(member, address=YIWU, temporary=True, by=BY), "住到哪一天"),
        (lambda: move(member, address=YIWU, until=date(2027, 2, 1), by=BY), "只有临时"),
        (lambda: move(member, address=YIWU, temporary=True, until=date(2027, 1, 5), by=BY), "之后"),
        (lambda: verify([member], on=date(2027, 1, 6), by=BY), "今天之后"),
        (lambda: correct(1, by=BY), "更正什么"),
        (lambda: correct(1, remove=True, since=date(2027, 1, 1), by=BY), "作废"),
        (lambda: correct(1, since=date(2027, 1, 2), until=date(2027, 1, 1), by=BY), "之后"),
    ]:
        with pytest.raises(BadInput, match=said):
            act()
    for act in (
        lambda: move(99, address=YIWU, by=BY),
        lambda: verify([99], by=BY),
        lambda: correct(99, remove=True, by=BY),
    ):
        with pytest.raises(NotFound, match="没有编号为 99"):
            act()
    assert noted(member) == []


def test_a_move_to_come_was_told_today(member: int, clock: Clock) -> None:
    move(member, address=YIWU, since=date(2027, 6, 1), by=BY)
    with reading() as session:
        newest = session.exec(select(Residence).order_by(Residence.id.desc())).first()
        assert (newest.since, newest.reported_on, newest.source) == (date(2027, 6, 1), date(2027, 1, 5), "手工登记")


def test_the_commands_mask_what_they_show(member: int, capsys: pytest.CaptureFixture[str]) -> None:
    later = str(unit.today() + timedelta(days=30))
    assert main.execute(["member", "move", str(member), "--address", YIWU, "--since", later]) == 0
    assert main.execute(["member", "verify", str(member)]) == 0
    assert "核实" in capsys.readouterr().out
    assert main.execute(["member", "addresses", str(member), "--on", later]) == 0
    said = capsys.readouterr().out
    assert "贝村" not in said
    assert "张伟" not in said
    assert main.execute(["member", "addresses", str(member), "--on", later, "--show", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["address"] for one in told["residences"] if one["in_force"]] == [YIWU]
    assert main.execute(["member", "correct", str(told["residences"][-1]["residence"]), "--remove"]) == 0
    assert main.execute(["member", "addresses", str(member), "--on", "2027-13-01"]) == 2
