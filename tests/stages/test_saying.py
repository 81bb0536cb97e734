"""What couriers say over the wire, by whatever way it came."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models import Parcel, StrayEvent, Tracking, TrackingEvent
from qianli.couriers.live import Said
from qianli.interfaces.accounts import Account
from qianli.stages import purging, saying, tracking, tracking_cases
from qianli.stages.saying import Recorded, record
from qianli.stages.unit import reading, writing
from qianli.store.tracking import set_waybills
from qianli.testing import NOW, World, make_world

POST = Account("china_post", "china_post", {})
T = Tracking


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two weeks after the hand-over of `make_world`."""
    later = NOW + timedelta(days=14)
    for module in (tracking, tracking_cases, saying):
        monkeypatch.setattr(module, "now", lambda: later)
    monkeypatch.setattr(tracking, "today", later.date)


@pytest.fixture
def world(place: Path) -> World:
    with writing("user:test") as session:
        world = make_world(session, members=2)
        set_waybills(session, numbers={world.parcels[0]: "9812345678901"}, year=2027)
    return world


def said(number: str, code: str, tracking: Tracking, hour: int = 9, **more: object) -> Said:
    return Said(number, code, tracking, NOW + timedelta(days=1, hours=hour), **more)  # type: ignore[arg-type]


def state(parcel: int) -> Tracking:
    with reading() as session:
        return session.get_one(Parcel, parcel).tracking


def test_what_is_said_is_an_event_or_a_stray_and_a_stray_finds_its_parcel_later(world: World) -> None:
    told = [
        said("9812345678901", "702", T.out_for_delivery),
        said("9812345678901", "702", T.out_for_delivery),
        said("9812345678901", "999", T.unknown, 10, text="坏\0字\ud800", raw={"x": ["\ud800"]}),
        said("9899999999999", "704", T.delivered),
        Said("9812345678901", "704", T.delivered, datetime(9999, 12, 31, tzinfo=UTC)),
        Said("9812345678901", "704", T.delivered, datetime(1, 1, 1, tzinfo=UTC)),
    ]
    assert record(told, account=POST, by="courier") == Recorded(fresh=2, repeated=1, strays=3, unknown=1)
    assert record(told, account=POST, by="courier") == Recorded(fresh=0, repeated=3, strays=3, unknown=0)
    with reading() as session:
        assert len(session.exec(select(TrackingEvent)).all()) == 2
        reasons = [one.reason for one in session.exec(select(StrayEvent).order_by("id"))]
    assert len(reasons) == 3
    assert all(reason.endswith("。") for reason in reasons)
    assert (state(world.parcels[0]), saying.shards()) == (T.out_for_delivery, [])

    with writing("user:test") as session:
        set_waybills(session, numbers={world.parcels[1]: "9899999999999"}, year=2027)
    for shard in saying.shards():
        saying.run(shard)
    assert (state(world.parcels[1]), saying.shards()) == (T.delivered, [])
    assert state(world.parcels[0]) == T.out_for_delivery
    purging.sweep()
    with reading() as session:
        assert (
            len(session.exec(select(StrayEvent)).all()) == 2
        )  # what cannot be right; the retention period is not over
