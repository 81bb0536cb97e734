"""Due parcels are asked about over real HTTP, and no sooner or oftener than the rule says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models import CampaignState, Following, Parcel, Tracking
from qianli.couriers import china_post
from qianli.couriers.accounts import Account
from qianli.couriers.china_post_payloads import TRACK
from qianli.couriers.live import Said, Told
from qianli.couriers.wire import Acquire, Limit, at_once
from qianli.settings import settings
from qianli.stages import courier_limits, courier_visit, following, saying, tracking, tracking_cases
from qianli.stages.unit import reading, writing
from qianli.stand_ins.china_post import Post
from qianli.stand_ins.serving import serving
from qianli.store import transitions
from qianli.store.tracking import set_waybills
from qianli.testing import NOW, World, make_world

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
        return courier_limits.acquire(account, courier_limits.Clock(self.seconds, self.wait))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (tracking, tracking_cases, saying, following, courier_visit):
        monkeypatch.setattr(module, "now", clock.now)
    monkeypatch.setattr(tracking, "today", lambda: clock.now().date())
    return clock


@pytest.fixture
def post(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    post = Post()
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


def test_what_a_tracker_gave_up_and_corrected_is_kept(world: World, clock: Clock) -> None:
    ask()
    heard = Told(ended=[NUMBERS[0]], other_courier={NUMBERS[1]: "sf"})
    courier_visit.heard(heard, account=POST)
    with reading() as session:
        rows = {one.parcel_id: one for one in session.exec(select(Following))}
    first, second = (rows[parcel] for parcel in world.parcels[:2])
    assert (first.subscribed_at, first.next_at) == (None, clock.at + timedelta(minutes=30))
    assert second.courier == "sf"
