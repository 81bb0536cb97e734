"""Booking with SF by real processes: one is killed in the middle, two share a limit. Counted at the stand-in."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models import Booking, CaseReason, Parcel, ParcelStage
from qianli.cli import main
from qianli.couriers import sf
from qianli.couriers.sf_payloads import BOOK
from qianli.errors import QuotaUsedUp
from qianli.interfaces.wire import Limit
from qianli.stages import booking, cases, tracking
from qianli.stages.unit import reading, writing
from qianli.stand_ins.faults import Fault
from qianli.stand_ins.serving import serving
from qianli.stand_ins.sf import Express
from qianli.testing import make_world, workspace
from qianli.testing_story import ended, in_child, start_child

pytestmark = pytest.mark.slow
MANY, KILLED_AT, A_DAY, APART_S = 40, 20, 25, 0.1


@dataclass
class Counter:
    """SF, and a campaign in a workspace that is connected to it."""

    express: Express = field(default_factory=Express)
    campaign: int = 0

    def numbers(self) -> dict[str, str | None]:
        with reading() as session:
            return {one.reference: one.waybill_number for one in session.exec(select(Parcel))}

    def booked(self) -> dict[str, str]:
        return {reference: one.waybill_number for reference, one in self.express.bookings.items()}


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter()
    with serving(made.express.app()) as url:
        values = {f"COURIERS__SF__{key.upper()}": value for key, value in made.express.values.items()}
        with workspace(tmp_path, **values, COURIERS__SF__URL=f"{url}/std/service"):
            with writing("user:李主任") as session:
                made.campaign = make_world(session, members=MANY, stage=ParcelStage.planned).campaign
                session.execute(sa.update(Parcel).values(courier="sf", account="sf"))
            yield made


def test_killed_in_the_middle_and_run_again_each_is_booked_once(counter: Counter) -> None:
    """What it was asking for when it died is found, not booked again; nobody is told of the campaign."""
    running: list[int] = []

    def killed(request: int) -> Fault | None:
        if request == KILLED_AT:
            os.kill(running[0], signal.SIGKILL)
        return None

    counter.express.faults.plan = killed
    counter.express.by_hand = ("浙江省",)
    running.append(start_child(lambda: main.execute(["parcel", "book", "TEST-2027"])))
    assert ended(running[0]) == -signal.SIGKILL
    with reading() as session:
        unheard = session.exec(select(Booking).where(Booking.asked_at.is_not(None), Booking.answered_at.is_(None)))
        assert len(unheard.all()) == 1
    assert in_child(lambda: main.execute(["parcel", "book", "TEST-2027"])) == 0
    assert counter.numbers() == counter.booked()
    assert len(set(counter.booked().values())) == counter.express.calls[BOOK] == MANY
    told = str([one.order for one in counter.express.bookings.values()])
    assert "青石镇便民服务中心" in told
    assert not [word for word in ("党委", "千里传书", "TEST-2027", "党徽", "章程", "家书") if word in told]
    _undecided_until_it_is_collected(counter)


def _undecided_until_it_is_collected(counter: Counter) -> None:
    """A booking that SF decides by hand is somebody's to look at, until SF took the parcel."""
    by_hand = {reference for reference, one in counter.express.bookings.items() if one.filter_result == 1}
    found = cases.list_cases()
    assert {one.reason for one in found} == {CaseReason.undecided}
    assert {one.reference for one in found} == by_hand
    rows = "".join(f"{reference},揽收,2027-01-09 09:00\n" for reference in by_hand)
    tracking.import_events(f"包裹编号,状态,时间\n{rows}".encode(), filename="a.csv", by="user:李主任")
    assert cases.list_cases() == []


def test_two_processes_keep_a_limit_together(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many calls as a day has, no more, and as far apart as the limit says."""
    monkeypatch.setitem(sf.LIMITS, BOOK, Limit("sf_book", per_minute=round(60 / APART_S), per_day=A_DAY))
    counter.express.per_day = A_DAY
    began, (shard,) = time.monotonic(), booking.shards(counter.campaign)

    def work() -> None:
        with suppress(QuotaUsedUp):
            booking.run(shard)

    for process in [start_child(work), start_child(work)]:
        ended(process)
    assert time.monotonic() - began > (A_DAY - 1) * APART_S
    assert len(counter.express.bookings) == counter.express.calls[BOOK] == A_DAY
    numbers = counter.numbers()
    assert {reference: numbers[reference] for reference in counter.booked()} == counter.booked()
