"""Channels that forget our keys, or prove nothing by finding nothing: asked again only where that is safe."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
import sqlalchemy as sa

from models import Case, Member
from qianli.channels.live import Accepted, Outgoing
from qianli.errors import ChannelUnavailable
from qianli.stages import message_desk
from qianli.stages.unit import writing
from qianli.stand_ins.faults import Fault
from qianli.stand_ins.plain_channel import Finding, Keyed
from tests.stages.sending_desk import Desk, open_desk, speaks


@pytest.fixture
def desk(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with open_desk(tmp_path, database, monkeypatch) as it:
        yield it


class Forgetting(Keyed):
    key_kept_s = 60


@pytest.mark.parametrize(("later_s", "cases"), [(50, 0), (61, 1)])
def test_a_channel_that_forgets_our_keys_is_asked_again_only_so_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, later_s: int, cases: int
) -> None:
    speaks(monkeypatch, Forgetting)
    desk.people(1)
    desk.faults.plan = lambda _request: Fault.broken_after
    for _ in range(2):
        desk.send()
        desk.at += timedelta(seconds=later_s / 2)  # counted from the first time, not from the last
    desk.faults.plan = lambda _request: None
    desk.send()
    assert (len(desk.phones.sent), len(desk.rows(Case))) == (1, cases)


class Silent(Finding):
    absent_after_s = None


@pytest.mark.parametrize(("fault", "cases"), [(Fault.lost_after, 0), (Fault.lost_before, 1)])
def test_where_that_nothing_is_found_proves_nothing_it_is_a_case(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: Fault, cases: int
) -> None:
    speaks(monkeypatch, Silent)
    desk.people(1)
    desk.faults.arm(fault)
    desk.send()
    desk.at += timedelta(days=1)
    desk.send()
    assert (len(desk.phones.sent), len(desk.rows(Case))) == (1 - cases, cases)


class Unreached(Keyed):
    """Nobody is there at first; once it was reached, it answers nothing, and forgets keys."""

    key_kept_s = 60
    said: ClassVar[list[ChannelUnavailable]] = []

    def send(self, one: Outgoing) -> Accepted:
        if not self.said:
            return super().send(one)
        error = self.said.pop(0)
        if not error.is_untouched:
            super().send(one)
        raise error


@pytest.mark.parametrize(("reached", "sent_to", "cases"), [([], "+8613800000000", 0), ([1], "+8613912340001", 1)])
def test_a_number_that_changed_is_asked_anew_where_the_first_try_surely_never_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, reached: list[int], sent_to: str, cases: int
) -> None:
    speaks(monkeypatch, Unreached)
    desk.people(1)
    tries = [ChannelUnavailable("", is_untouched=place not in reached) for place in range(message_desk.TRIES)]
    monkeypatch.setattr(Unreached, "said", tries)
    desk.send()
    with writing("user:李主任") as session:
        session.execute(sa.update(Member).values(phone="+8613800000000"))
    desk.send()
    assert [one["to"] for one in desk.phones.sent] == [sent_to]
    assert len(desk.rows(Case)) == cases
