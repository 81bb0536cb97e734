"""Pushes over real HTTP: stored before they are read, refused when they are not authentic, the same in any order."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import requests
from sqlmodel import SQLModel, select

from models import CourierPush, Parcel, Tracking, TrackingEvent
from qianli.couriers.kuaidi100 import signature
from qianli.settings import settings
from qianli.stages import purging, pushes, reconcile
from qianli.stages.unit import reading, writing
from qianli.stand_ins.china_post import Post
from qianli.stand_ins.kuaidi100 import Tracker
from qianli.stand_ins.sf import Express
from qianli.store.tracking import set_waybills
from qianli.testing import at_point
from qianli.web.hooks import LARGEST_PUSH
from qianli.web.server import configuration
from qianli.web.soon import Soon
from qianli.web.testing import Site, serving

NUMBER = "9812345678901"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DESK = Tracker()
STEPS = [("103", 9), ("1002", 10), ("5", 11), ("204", 12), ("304", 13), ("301", 14)]


@pytest.fixture
def hooked(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site, with an account of 快递100 and one parcel's number."""
    with writing("user:test") as session:
        set_waybills(session, numbers={site.world.parcels[0]: NUMBER}, year=2026)
    monkeypatch.setenv("QIANLI_COURIERS", json.dumps({"kuaidi100": DESK.values("http://127.0.0.1:1")}))
    settings.cache_clear()
    yield site
    settings.cache_clear()


def body(steps: list[tuple[str, int]]) -> bytes:
    """A signed callback with these entries."""
    entries = [
        {"ftime": f"2026-11-20 {hour:02d}:00:00", "statusCode": code, "context": f"第{hour}时"} for code, hour in steps
    ]
    DESK.know(NUMBER, *entries, state=steps[-1][0] if steps else "0")
    return urlencode(DESK.callback_of(NUMBER)).encode()


def push(site: Site, content: bytes, account: str = "kuaidi100") -> requests.Response:
    return site.ask("POST", f"/hooks/{account}", data=content, headers=FORM)


def stored() -> list[CourierPush]:
    with reading() as session:
        return list(session.exec(select(CourierPush)))


def state(site: Site) -> tuple[Tracking, int]:
    """What the parcel's events come to, and how many there are."""
    with reading() as session:
        events = session.exec(select(TrackingEvent)).all()
        return session.get_one(Parcel, site.world.parcels[0]).tracking, len(events)


def test_replayed_reordered_and_doubled_pushes_come_to_the_same(hooked: Site) -> None:
    whole = body(STEPS)
    for content in (body(STEPS[3:]), body(STEPS[:3]), whole, whole, body([])):
        answer = push(hooked, content)
        assert (answer.status_code, answer.json()["returnCode"]) == (200, "200")
    broken = urlencode({"param": (param := '{"lastResult": {"nu": 1}'), "sign": signed(param)}).encode()
    assert push(hooked, broken).ok
    assert all(one.read_at is None for one in stored())
    at_point(2, die, named="before commit")  # what was said is written down, that it was read is not
    with pytest.raises(KeyboardInterrupt):
        pushes.run()
    assert pushes.shards() == [pushes.UNREAD]
    pushes.run()
    assert pushes.shards() == []
    assert [one.said for one in stored()] == [3, 3, 6, 6, 0, 0]
    assert stored()[-1].problem
    assert state(hooked) == (Tracking.delivered, len(STEPS))


def die() -> None:
    raise KeyboardInterrupt


def signed(param: str) -> str:
    return signature(param, DESK.salt)


def test_what_is_not_authentic_is_refused_and_counted_and_never_kept(hooked: Site) -> None:
    good = body(STEPS)
    hostile = [b"", b"\xff\xfe", b"sign=x&param={}", good[:-5], b"param=1&" * 500, b"[" * 50_000]
    for content in hostile:
        refused = push(hooked, content)
        assert (refused.status_code, refused.json()["result"]) == (403, False)
    assert push(hooked, b"x" * (LARGEST_PUSH + 1)).status_code == 413
    assert {push(hooked, good, account).status_code for account in ("sf", "nobody", "%00", "党")} == {404}
    limit = settings().failed_codes_per_10_min
    assert [push(hooked, b"").status_code for _ in range(limit - len(hostile) + 1)][-1] == 429
    assert push(hooked, good).ok  # the limit is on what is not authentic
    assert hooked.get("/hooks/kuaidi100").status_code == 405
    assert len(stored()) == 1


def test_every_courier_is_heard_over_the_wire_and_its_secret_is_nowhere(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    post, express, tracker, token = Post(), Express(), Tracker(), "sesame-open"
    accounts = {
        "china_post": post.values,
        "sf": express.values | {"push_token": token},
        "kuaidi100": tracker.values(""),
    }
    monkeypatch.setenv("QIANLI_COURIERS", json.dumps(accounts))
    settings.cache_clear()
    numbers = [NUMBER, "SF7000000000001", "JD0000000000001"]
    with writing("user:test") as session:
        for parcel, courier in zip(site.world.parcels, ("china_post", "sf", "jd"), strict=True):
            session.get_one(Parcel, parcel).courier = courier
        session.flush()
        set_waybills(session, numbers=dict(zip(site.world.parcels, numbers, strict=True)), year=2026)
    at = datetime(2026, 11, 20, 2, tzinfo=UTC)
    arrived = express.tell(numbers[1], "80", at, "已签收")
    tracker.know(numbers[2], {"ftime": "2026-11-20 10:00:00", "statusCode": "301", "context": "本人签收"}, state="3")
    tracker.subscribed[numbers[2]] = {"callbackurl": f"{site.url}/hooks/kuaidi100"}

    with caplog.at_level("DEBUG"):
        assert post.push(f"{site.url}/hooks/china_post", post.tell(NUMBER, "704", at, "妥投", deliverCode="10"))
        assert express.push(f"{site.url}/hooks/sf?token={token}", numbers[1], arrived)
        assert tracker.push(numbers[2])
        for wrong in ("", "?token=", f"?token={token}x", f"?TOKEN={token}"):
            assert not express.push(f"{site.url}/hooks/sf{wrong}", numbers[1], arrived)
        pushes.run()
    with reading() as session:
        found = [session.get_one(Parcel, parcel).tracking for parcel in site.world.parcels]
        kept = repr([row for table in SQLModel.metadata.sorted_tables for row in session.execute(select(table))])
    assert (found, len(stored())) == ([Tracking.delivered] * 3, 3)
    assert NUMBER in kept
    assert token not in kept
    ours = [one for one in caplog.records if one.name.partition(".")[0] != "urllib3"]  # what the couriers did
    assert not [one for one in ours if token in one.getMessage()]
    settings.cache_clear()


def test_a_push_is_read_soon_after_its_answer_and_what_was_left_by_reconcile(hooked: Site) -> None:
    read = threading.Event()

    def read_pushes() -> None:
        pushes.run()
        read.set()

    with serving(configuration(Soon(read_pushes, quiet_s=0.01))) as url:
        assert requests.post(f"{url}/hooks/kuaidi100", data=body(STEPS[:1]), headers=FORM, timeout=60).ok
        assert read.wait(60)
    assert [one.said for one in stored()] == [1]
    push(hooked, body(STEPS))
    assert [one.work for one in reconcile.unfinished()] == ["pushes"]
    assert [(one.campaign, one.refused) for one in reconcile.reconcile_inline(by="user:test")] == [("—", None)]
    assert reconcile.unfinished() == []
    assert state(hooked) == (Tracking.delivered, len(STEPS))


def test_many_pushes_are_read_together_and_one_that_comes_meanwhile_afterwards() -> None:
    done, turn, go = [], threading.Semaphore(0), threading.Event()

    def work() -> None:
        done.append(1)
        turn.release()
        go.wait(60)
        if len(done) == 1:
            raise OSError

    soon = Soon(work, quiet_s=0.05)
    for _ in range(50):
        soon()
    turn.acquire(timeout=60)
    assert len(done) == 1
    soon()
    go.set()
    assert turn.acquire(timeout=60)
    assert len(done) == 2


def test_old_pushes_are_deleted(hooked: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    push(hooked, body(STEPS))
    later = stored()[0].received_at + timedelta(days=settings().retention_days + 1)
    monkeypatch.setattr(purging, "now", lambda: later)
    purging.sweep()
    assert stored() == []
