"""A fortnight of a study programme through the real flows: told once, by day, over an outage, and reported."""

import asyncio
import gc
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from models import CallEnd, Case, Member, Message, StudyState
from qianli.channels.connected import MODULES
from qianli.channels.live import To
from qianli.settings import settings
from qianli.stages import (
    call_ends,
    discussions,
    phone_calls,
    programmes,
    study_calls,
    study_importing,
    study_items,
    study_links,
    study_lists,
    study_months,
    study_telling,
    studying,
    unit,
)
from qianli.stages.unit import local, reading, writing
from qianli.stand_ins.phones import Screens
from qianli.stand_ins.serving import serving
from qianli.store.scope import Scope
from qianli.testing import World, make_world, workspace

BY, CODE, TOWN = "user:李主任", "WSDZB", "青石镇党委"
MONDAY = date(2027, 1, 4)
DAYS = 14
AWAY = range(5, 9)  # nothing runs on these days: the machine is off
PROGRAMME = """
code: WSDZB
name: 网上党支部
columns:
  - {name: 天天读, rhythm: daily}
  - {name: 每周一课, rhythm: weekly, holidays: skip}
  - {name: 季度讨论, rhythm: quarterly, discussion: true}
"""
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(datetime):
    """The clock of the installation: it stands until a test moves it."""

    at = datetime(2027, 1, 4, tzinfo=UTC)

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return cls.at.astimezone(tz)

    @classmethod
    def put(cls, day: date, hour: int, minute: int) -> None:
        cls.at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def items() -> bytes:
    lines = ["栏目,标题,正文,计划日期"]
    lines += [f"天天读,第{n + 1}天,读一读,{MONDAY + timedelta(days=n)}" for n in range(DAYS)]
    lines += [f"每周一课,第{n + 1}课,听一听,{MONDAY + timedelta(days=7 * n)}" for n in range(2)]
    return "\n".join([*lines, f"季度讨论,我为家乡做件事,谈谈您的想法,{MONDAY}"]).encode()


@pytest.fixture
def screens(tmp_path: Path, prefect_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    """A robot in the town's group, and a provider of short messages; the installation's clock can be moved."""
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415 - every worker collects this file

    monkeypatch.setattr(unit, "datetime", Clock)
    monkeypatch.setattr("prefect.testing.utilities.mkdtemp", lambda: _migrated(prefect_home))
    found = Screens()
    found.tencent.templates = {"2001": "您好，新到学习内容{1}篇，请看 qianli.example/s/{2}"}
    found.tencent.pauses = False
    with (
        serving(found.app()) as url,
        workspace(tmp_path, CHANNELS=_written(found, url)),
        prefect_test_harness(server_startup_timeout=240),
    ):
        yield found


def _migrated(home: Path) -> str:
    """A folder for the harness, which removes it; the harness finds its server's database there."""
    folder = mkdtemp(prefix="qianli-prefect-")
    shutil.copy(home / "prefect.db", f"{folder}/prefect-test.db")
    return folder


def _written(screens: Screens, url: str) -> str:
    told = screens.settings(url, {"template_study_items": "2001:count,code"})
    return json.dumps({name: told[name] for name in ("tencent_sms", "wecom_robot")})


def people() -> World:
    """Three members of the town; the third has no smartphone."""
    with writing(BY) as session:
        world = make_world(session)
        session.get_one(Member, world.members[2]).details = {"smartphone": "否"}
    return world


@pytest.fixture
def run() -> Iterator[Callable[[str], None]]:
    """Runs a flow in this process, by its name; all of them share a loop."""
    with asyncio.Runner() as runner:
        yield lambda name: runner.run(getattr(import_module(f"flows.{name}"), name)())
    gc.collect()  # what Prefect's clients leave open is told of here, not in another test


def sent() -> list[Message]:
    with reading() as session:
        found = list(session.exec(select(Message).order_by("id")))
        session.expunge_all()
    return found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_fortnight_of_a_programme(screens: Screens, run: Callable[[str], None]) -> None:
    assert {name for name in ("tencent_sms", "wecom_robot") if MODULES[name].TO is To.group} == {"wecom_robot"}
    world = people()
    me, other, by_call = world.members
    Clock.put(MONDAY, 7, 0)
    programmes.add(PROGRAMME.encode(), organisation=TOWN, by=BY)
    assert study_importing.import_items(CODE, items(), filename="items.csv", by=BY).accepted == DAYS + 3
    study_links.open_page(CODE, TOWN, by=BY)
    study_telling.members_through(CODE, "tencent_sms", by=BY)
    study_telling.group_through(CODE, TOWN, "wecom_robot", by=BY)
    study_telling.note_wanted(CODE, [str(me), str(by_call)], wanted=True, by=BY)
    told_on = list[date]()
    for number in range(DAYS):
        day = MONDAY + timedelta(days=number)
        if number in AWAY:
            continue
        Clock.put(day, 7, 30)
        run("publish_items")
        if number == 0:  # still quiet
            count = len(screens.received())
            run("send_messages")
            run("publish_items")
            assert len(screens.received()) == count
        Clock.put(day, 8, 10)
        run("send_messages")
        if number == DAYS - 1:
            run("chase_receipts")
        told_on += [day] * (len(screens.group.inbox) - len(told_on))
    every = programmes.items(CODE)
    assert {one.state for one in every} == {StudyState.published}
    announced = sum(one.announce for one in every)
    assert announced == DAYS - len(AWAY) + 3  # of what fell into the outage the newest only, each column's
    assert told_on == [MONDAY + timedelta(days=number) for number in range(DAYS) if number not in AWAY]
    rows = sent()
    assert all(8 <= local(one.asked_at).hour < 21 for one in rows if one.asked_at)
    to_group = [one for one in rows if one.member_id is None]
    assert sum(one.details["count"] for one in to_group) == announced
    assert all(one.answered_at for one in to_group)
    mine = [one for one in rows if one.member_id is not None]
    assert {one.member_id for one in mine} == {me}  # who did not ask is not told, who has no smartphone is called
    assert [local(one.asked_at).day for one in mine if one.asked_at] == [4, 13]
    assert sum(one.details["count"] for one in mine) == announced
    assert screens.tencent.inbox[0].text.startswith("【千里传书】您好，新到学习内容3篇，请看 ")
    assert len(screens.tencent.inbox) == 2
    with reading() as session:
        assert not [one for one in session.exec(select(Case)) if one.message_id]
    _takes_part(screens, other)
    found = study_months.report(CODE, MONDAY, by=BY)
    ((_, town),) = found.branches
    assert (found.published, town.members, town.by_page, town.by_call, town.took_part) == (DAYS + 3, 3, 2, 1, 1)
    assert (town.studied, town.contributed) == (1, 1)
    assert [one.member for one in study_calls.calls(CODE, MONDAY, TOWN).people] == [by_call]


def _is_called() -> None:
    """Who has no smartphone has the month read out to them."""
    assert study_calls.list_calls(CODE, MONDAY, TOWN, by=BY) == 1
    (call,) = phone_calls.listed(Scope(None))
    call_ends.note(Scope(None), call.id, CallEnd.told, by=BY)


def _takes_part(screens: Screens, other: int) -> None:
    """The member of the short message opens its link, studies, takes one mark back and contributes."""
    _is_called()
    code = screens.tencent.inbox[-1].text.rpartition("/")[2]
    _, token, own = study_links.page_of(code, address="1.2.3.4").strip("/").split("/")
    visitor = study_links.visitor(token, own, address="1.2.3.4")
    page = study_lists.list_page(visitor)
    assert page.notices is True
    first, second = (line.id for line in page.columns[0].lines[:2])
    for _ in range(2):
        studying.mark_studied(visitor, first)
    studying.mark_studied(visitor, second)
    studying.take_back(visitor, second)
    talk = page.columns[2].lines[0].id
    discussions.contribute(visitor, talk, "想给村小捐书")
    (said,) = discussions.contributions(CODE, TOWN)
    discussions.release(CODE, TOWN, {said.id: said.version}, by=BY)
    _, token, own = next(one.url for one in study_links.own_links(CODE, TOWN, by=BY) if one.member == other).rsplit(
        "/", 2
    )
    neighbour = study_links.visitor(token, own, address="1.2.3.4")
    assert [one.text for one in study_items.item_page(neighbour, talk).voices] == ["想给村小捐书"]
    studying.wish_notices(visitor, wanted=False)
    assert study_lists.list_page(visitor).notices is False
    assert settings().public_url in study_links.open_page(CODE, TOWN, by=BY).url
