"""Promised dates in working days: on the list of parcels, on the member's page, and counted when late."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from models import Campaign, Parcel, Tracking
from qianli.campaigns.calendar_days import Promised
from qianli.couriers.registry import promised_days
from qianli.errors import ConfigurationError
from qianli.settings import settings
from qianli.stages import packing, promises
from qianli.stages.calendar import calendar
from qianli.stages.status import status
from qianli.stages.unit import reading, writing
from qianli.testing import make_world

PROMISED = {"default": 5, "sf": 2, "新疆": 8}


def test_a_province_wins_over_a_courier_over_the_rest() -> None:
    couriers = {"promised_days": PROMISED}
    told = [promised_days(couriers, *one) for one in (("sf", "新疆维吾尔自治区"), ("sf", "广东省"), ("jd", None))]
    assert told == [8, 2, 5]
    assert promised_days({}, "sf", "广东省") is None


def test_a_promise_is_kept_in_working_days(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Handed over on 30 September 2026: the National Day holiday does not count, the made-up Saturday does."""
    with writing("user:test") as session:
        world = make_world(session, members=2)
        taken = datetime(2026, 9, 30, 8, tzinfo=UTC)
        session.execute(sa.update(Parcel).values(handed_over_at=taken))
        session.execute(sa.update(Parcel).where(Parcel.id == world.parcels[1]).values(tracking=Tracking.delivered))
        session.execute(sa.update(Campaign).values(couriers={"default": "china_post", "promised_days": {"default": 3}}))
    (first, _) = packing.list_parcels("TEST-2027")
    assert (str(first.promised_on), first.provisional) == ("2026-10-10", False)
    for day, late, told in ((10, 0, "预计10月10日前送到。"), (11, 1, "")):
        monkeypatch.setattr(promises, "today", datetime(2026, 10, day, tzinfo=UTC).date)
        assert status("TEST-2027")["overdue"] == late
        with reading() as session:
            campaign = session.get_one(Campaign, world.campaign)
            said = [promises.to_member(session, campaign, consignment_id=id_) for id_ in world.consignments]
        assert said == [told, ""]


def test_the_organisations_own_holidays_count(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tmp_path / "放假安排.yaml"
    monkeypatch.setenv("QIANLI_HOLIDAYS", str(written))
    settings.cache_clear()
    with pytest.raises(ConfigurationError, match="QIANLI_HOLIDAYS"):
        calendar()
    written.write_text("announced: [2027]\noff: [2027-01-01, 2027-01-04]\n", encoding="utf-8")
    assert calendar().add_working_days(date(2026, 12, 31), 1) == Promised(date(2027, 1, 5), provisional=False)
    written.write_text("announced: 二〇二七\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="QIANLI_HOLIDAYS"):
        calendar()
