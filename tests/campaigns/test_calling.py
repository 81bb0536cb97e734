"""The next call: another working day, another time of it, three times at most."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from qianli.campaigns.calendar_days import Calendar
from qianli.campaigns.calling import MOST_TRIES, next_call

ZONE = ZoneInfo("Asia/Shanghai")
EVE = datetime(2026, 9, 30, 9, 0, tzinfo=ZONE)


def test_a_morning_is_followed_by_an_evening_after_the_holiday() -> None:
    assert next_call(EVE, 1, Calendar()) == datetime(2026, 10, 8, 18, 30, tzinfo=ZONE)
    assert next_call(EVE.replace(hour=19), 2, Calendar()) == datetime(2026, 10, 8, 10, 0, tzinfo=ZONE)
    assert next_call(EVE, MOST_TRIES, Calendar()) is None


@given(st.integers(0, 366 * 24), st.integers(1, MOST_TRIES - 1))
def test_never_the_same_day_nor_a_day_off_nor_at_night(hours: int, tries: int) -> None:
    at = EVE + timedelta(hours=hours)
    found = next_call(at, tries, Calendar())
    assert found is not None
    assert found.date() > at.date()
    assert Calendar().is_working_day(found.date())
    assert 8 <= found.hour < 21
