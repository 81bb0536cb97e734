"""Due parcels are asked about over real HTTP, and no sooner or oftener than the rule says."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select
from typer.testing import CliRunner

from models import Approval, Campaign, CampaignState, Following, Parcel, Tracking
from qianli import faults
from qianli.cli.main import app
from qianli.couriers import china_post
from qianli.couriers.china_post_payloads import TRACK
from qianli.couriers.kuaidi100 import Kuaidi100
from qianli.couriers.live import Said, Told
from qianli.interfaces.accounts import Account
from qianli.interfaces.wire import Acquire, Limit, at_once
from qianli.settings import settings
from qianli.stages import call_limits, courier_visit, following, pushes, saying, tracking, tracking_cases
from qianli.stages.unit import reading, writing
from qianli.stand_ins.china_post import Post
from qianli.stand_ins.kuaidi100 import Tracker
from qianli.stand_ins.serving import serving
from qianli.store import transitions
from qianli.store.tracking import set_waybills
from qianli.testing import NOW, World, at_point, make_world
from qianli.web.testing import serving as serving_ours

T = Tracking
POST = Account("china_post", "china_post", {})
NUMBERS = [f"981234567890{place}" for place in range(4)]


class Clock:
    """The time of the test: ten in the morning, two days after the hand-over."""

    def __init__(self) -> None:
        self.at = (NOW + timedelta(days=2)).replace(hour=2)

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def acquire(self, account: str) -> Acquire:
        """Our limits, kept in the time of the test."""
        return call_limits.acquire(account, call_limits.Clock(self.seconds, self.wait))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (tracking, tracking_cases, saying, following, courier_visit, pushes):
        monkeypatch.setattr(module, "now", clock.now)
    monkeypatch.setattr(tracking, "today", lambda: clock.now().date())
    return clock


@pytest.fixture
def post(place: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Post]:
    post = Post(now=clock.now)
    with serving(post.app()) as url:
        for key, value in (post.values | {"url": f"{url}/"}).items():
            monkeypatch.setenv(f"QIANLI_COURIERS__CHINA_POST__{key.upper()}", value)
        settings.cache_clear()
        yield post
    settings.cache_clear()


@pytest.fixture
def world(post: Post) -> World:
    with writing("user:test") as session:
        world = make_world(session, members=5)
        set_waybills(session, numbers=dict(zip(world.parcels, NUMBERS, strict=False)), year=2027)
    return world


def ask() -> None:
    for shard in following.shards():
        following.run(shard, acquire=lambda _account: at_once)


def plans(world: World) -> list[datetime | None]:
    with reading() as session:
        found = {one.parcel_id: one.next_at for one in session.exec(select(Following))}
        return [found[parcel] for parcel in world.parcels if parcel in found]


def states(world: World) -> list[Tracking]:
    with reading() as session:
        return [session.get_one(Parcel, parcel).tracking for parcel in world.parcels]


def test_due_numbers_only_until_an_end(world: World, post: Post, clock: Clock) -> None:
    hour = timedelta(hours=1)
    post.tell(NUMBERS[0], "702", clock.at - hour, "派送")
    post.tell(NUMBERS[1], "704", clock.at - hour, "妥投", deliverCode="10")
    post.tell(NUMBERS[2], "203", clock.at - 30 * hour, "收寄")
    ask()
    assert states(world) == [T.out_for_delivery, T.delivered, T.accepted, T.unknown, T.unknown]
    assert plans(world) == [clock.at + hour, None, clock.at + 6 * hour, clock.at + 6 * hour]  # the fifth has no number
    assert post.calls == {TRACK: 4}
    listed = CliRunner().invoke(app, ["parcel", "list", "TEST-2027", "--json"]).stdout
    assert "2027-01-06 08:00:00+00:00" in listed
    told = CliRunner().invoke(app, ["campaign", "status", "TEST-2027"]).stdout
    assert "最久的一个从 01-04 09:00 起没有新消息，下次向快递公司查询：01-06 11:00".replace("，", "\uff0c") in told
    ask()
    clock.at += timedelta(minutes=59)
    ask()
    assert post.calls == {TRACK: 4}

    clock.at += timedelta(minutes=1)
    post.tell(NUMBERS[0], "704", clock.at, "妥投", deliverCode="10")
    ask()
    assert (post.calls, plans(world)[0]) == ({TRACK: 5}, None)
    pushed = Said(NUMBERS[1], "742", T.unknown, clock.at, cancels=True)
    saying.record([pushed], account=POST, by="courier")
    ask()
    assert (post.calls[TRACK], states(world)[1]) == (6, T.unknown)

    clock.at += timedelta(days=2)
    with writing("user:test") as session:
        transitions.campaign(session, world.campaign, CampaignState.closed)
    ask()
    assert post.calls[TRACK] == 6


def test_a_call_that_fails_stops_neither_the_rest_nor_the_next_run(world: World, post: Post, clock: Clock) -> None:
    post.per_minute = 1
    ask()  # the first is answered, three fail, the account is left alone
    assert post.calls == {TRACK: 4}
    assert sorted(at - clock.at for at in plans(world) if at) == [timedelta(minutes=30)] * 3 + [timedelta(hours=6)]
    post.per_minute = None
    ask()
    assert post.calls == {TRACK: 4}
    clock.at += timedelta(minutes=30)
    ask()
    assert post.calls == {TRACK: 7}


def test_asked_within_the_limit_for_as_long_as_there_is_time(
    world: World, post: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One a minute: a call every minute, none refused; what the time does not reach is due next time."""
    post.per_minute, post.now = 1, lambda: clock.at
    monkeypatch.setattr(china_post, "LIMITS", dict.fromkeys(china_post.LIMITS, Limit("test", per_minute=1)))
    monkeypatch.setattr(following, "LONGEST_RUN", timedelta(minutes=2))
    begun = clock.at
    for asked in (3, 4):
        for shard in following.shards():
            following.run(shard, acquire=clock.acquire)
        assert post.calls == {TRACK: asked}
    assert min(at - begun for at in plans(world) if at) > timedelta(hours=5)
    assert clock.at - begun == timedelta(minutes=3)


def test_a_tracker_is_asked_to_follow_once_and_again_half_an_hour_after_it_gave_up(
    place: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Real HTTP both ways. The courier it found the number with is what it is told from then on, as it calls it."""
    desk, number = Tracker(now=clock.now), NUMBERS[0]
    with writing("user:test") as session:
        world = make_world(session, members=1)
        session.execute(sa.update(Parcel).values(courier="spreadsheet", waybill_number=number))
    with serving(desk.app()) as tracker, serving_ours() as ours:
        monkeypatch.setenv("QIANLI_COURIERS", json.dumps({"third": {"courier": "kuaidi100"} | desk.values(tracker)}))
        settings.cache_clear()

        def push(**more: str) -> None:
            found = desk.subscribed[number]  # our name leads to loopback in the tracker's world
            found["callbackurl"] = found["callbackurl"].replace(str(settings().public_url), ours)
            assert desk.push(number, **more)
            pushes.run()

        ask()
        name_tracker(world, voided_at=NOW)
        ask()  # a third party is told nothing unless the approved definition names it
        assert desk.companies == []
        name_tracker(world, voided_at=None)
        for _ in range(2):
            ask()
            clock.at += timedelta(hours=1)
        assert (desk.companies, desk.queries) == ([""], 0)

        desk.know(number, {"ftime": "2027-01-06 11:00:00", "statusCode": "5", "context": "派件"}, state="5")
        push(comOld="", comNew="shunfeng")
        clock.at += timedelta(days=1)
        ask()  # it follows; it is asked all the same, a day later
        assert (states(world), desk.companies, desk.queries) == ([T.out_for_delivery], [""], 1)
        assert plans(world) == [clock.at + timedelta(days=1)]

        push(status="abort", message="3天查询无记录")
        clock.at += timedelta(minutes=29)
        ask()
        assert desk.companies == [""]
        clock.at += timedelta(minutes=1)
        ask()
        assert (desk.companies, desk.queries) == (["", "shunfeng"], 1)

        name_tracker(world, voided_at=NOW)
        clock.at += timedelta(days=2)
        ask()
        assert desk.queries == 1
        name_tracker(world, voided_at=None)
        monkeypatch.delattr(Kuaidi100, "track")  # as if it only pushed: nothing is due that it follows already
        clock.at += timedelta(days=2)
        assert following.shards() == []
    settings.cache_clear()


def name_tracker(world: World, *, voided_at: datetime | None) -> None:
    with writing("user:test") as session:
        campaign = session.get_one(Campaign, world.campaign)
        campaign.couriers = campaign.couriers | {"trackers": ["kuaidi100"]}
        session.exec(select(Approval)).one().voided_at = voided_at


def test_killed_between_claim_and_answer_and_two_workers_at_once(
    world: World, post: Post, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    shards = following.shards()
    at_point(1, die, named="after commit")
    with pytest.raises(KeyboardInterrupt):
        following.run(*shards)
    faults.arm(None)
    ask()
    assert post.calls == {}  # whoever was killed may have asked: nobody asks again sooner than half an hour

    clock.at += timedelta(minutes=30)
    monkeypatch.setattr(following, "AT_A_TIME", 2)
    both = threading.Barrier(2)

    def work() -> None:
        met = iter([both])

        def wait(_limit: Limit) -> None:
            for barrier in met:  # before its first question: by then each has claimed its own
                barrier.wait(30)

        following.run(*shards, acquire=lambda _account: wait)

    with ThreadPoolExecutor(2) as workers:
        for one in [workers.submit(work) for _ in range(2)]:
            one.result(60)
    assert post.calls == {TRACK: 4}
    assert plans(world) == [clock.at + timedelta(hours=6)] * 4


def test_what_a_tracker_gave_up_and_corrected_is_kept(world: World, clock: Clock) -> None:
    ask()
    heard = Told(ended=[NUMBERS[0]], other_courier={NUMBERS[1]: "sf"})
    courier_visit.heard(heard, account=POST)
    with reading() as session:
        rows = {one.parcel_id: one for one in session.exec(select(Following))}
    first, second = (rows[parcel] for parcel in world.parcels[:2])
    assert (first.subscribed_at, first.next_at) == (None, clock.at + timedelta(minutes=30))
    assert second.courier == "sf"
