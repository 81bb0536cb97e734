"""The group robot over real HTTP: 20 a minute, bytes counted before, no key and no report."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from qianli.channels.live import Finds, Outgoing, Reports, Sends
from qianli.errors import ChannelUnavailable, SendingRejected
from qianli.stand_ins.serving import serving
from qianli.stand_ins.wecom_robot import Group

from .conftest import Clock

Make = Callable[..., Outgoing]


@pytest.fixture
def group(clock: Clock) -> Iterator[tuple[Group, str]]:
    group = Group(now=clock)
    with serving(group.app()) as url:
        yield group, url


def test_it_speaks_into_its_group_twenty_times_a_minute(
    group: tuple[Group, str], connected: Callable[..., Any], one: Make, clock: Clock
) -> None:
    there, url = group
    robot = connected("wecom_robot", there.values(url))
    assert isinstance(robot, Sends) and not isinstance(robot, Finds | Reports)  # noqa: PT018
    for _ in range(20):
        assert robot.send(one(to="")).provider_id == ""
    with pytest.raises(ChannelUnavailable, match="45009") as busy:
        robot.send(one(to=""))
    assert busy.value.is_untouched
    clock.at += timedelta(minutes=1)
    robot.send(one(to="", url="https://kit.example/g/1"))
    assert len(there.inbox) == 21
    assert there.inbox[-1].text.endswith("\nhttps://kit.example/g/1")


@pytest.mark.parametrize(("msgtype", "most"), [("text", 2048), ("markdown", 4096)])
def test_what_is_too_long_is_said_before_and_refused_there(
    group: tuple[Group, str], connected: Callable[..., Any], one: Make, msgtype: str, most: int
) -> None:
    there, url = group
    robot = connected("wecom_robot", there.values(url) | {"format": msgtype})
    fits, over = one(text="字" * (most // 3)), one(text="字" * (most // 3 + 1))
    assert (robot.check(fits), f"最多收{most}字节" in robot.check(over)) == ("", True)
    robot.send(fits)
    with pytest.raises(SendingRejected) as refused:
        robot.send(over)
    assert (refused.value.kind, len(there.inbox)) == ("content", 1)
    assert robot.check(one(text=" ")) == "消息没有内容。"


def test_a_robot_that_was_removed_is_the_accounts_matter(
    group: tuple[Group, str], connected: Callable[..., Any], one: Make
) -> None:
    there, url = group
    robot = connected("wecom_robot", there.values(url) | {"key": "another", "format": "card"})
    assert "format" in robot.check(one())
    with pytest.raises(SendingRejected) as refused:
        connected("wecom_robot", there.values(url) | {"key": "another"}).send(one())
    assert refused.value.kind == "account"
