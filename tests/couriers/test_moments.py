from datetime import UTC, date, datetime

import pytest

from models import Tracking
from qianli.couriers.moments import ZONE, read_moment

T = Tracking
# 10:30 in Shanghai is 02:30 in UTC, all year round: computed by hand.
HALF_PAST_TEN = datetime(2027, 1, 12, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2027-01-12 10:30:00",
        "2027-01-12T10:30",
        "2027/1/12 10:30",
        "2027.01.12 10:30:00",
        "2027年1月12日 10时30分",
        "2027年1月12日10:30",
        "2027-01-12 02:30:00Z",
        "2027-01-12 10:30:00+08:00",
        "2027-01-12 10:30:00.000",
        46399.4375,
        datetime(2027, 1, 12, 10, 30),  # noqa: DTZ001 - as a spreadsheet has it
        datetime(2027, 1, 12, 10, 30, tzinfo=ZONE),
    ],
)
def test_a_time_is_chinas(written: str | float | datetime) -> None:
    assert read_moment(written, T.in_transit) == HALF_PAST_TEN


@pytest.mark.parametrize("day", ["2027-01-12", "2027年1月12日", date(2027, 1, 12), 46399, 46399.0])
def test_a_day_without_a_time(day: str | float | date) -> None:
    assert read_moment(day, T.in_transit) == datetime(2027, 1, 11, 16, 0, tzinfo=UTC)
    assert read_moment(day, T.delivered) == datetime(2027, 1, 12, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("nothing", ["", "昨天", "2027-02-30", "2027-01-12 25:00", "01-12 10:30", 12.5, 20270112, None])
def test_what_is_no_time(nothing: str | float | None) -> None:
    assert read_moment(nothing, T.in_transit) is None
