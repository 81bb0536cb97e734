"""Working days: what the library knows, what an organisation adds, what is only expected."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.campaigns.calendar_days import Calendar, Counted, Promised, read_holidays
from qianli.errors import BadInput

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2025, 6, 1), date(2028, 6, 1))
WRITTEN = read_holidays(b"announced: [2027]\noff: [2027-01-01, 2027-02-05, 2027-02-08]\nworked: [2027-01-30]\n")


def test_made_up_saturdays_count_and_holidays_do_not() -> None:
    calendar = Calendar()
    assert calendar.is_working_day(date(2026, 10, 10))  # a Saturday that is made up
    assert not calendar.is_working_day(date(2026, 10, 5))  # a Monday of the National Day holiday
    assert calendar.add_working_days(date(2026, 9, 30), 2) == Promised(date(2026, 10, 9), provisional=False)
    assert calendar.working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == Counted(3, provisional=False)


def test_a_year_nobody_announced_is_provisional_until_it_is_written_down() -> None:
    last_day = date(2026, 12, 31)
    assert Calendar().add_working_days(last_day, 1) == Promised(date(2027, 1, 4), provisional=True)
    assert not Calendar().is_working_day(date(2027, 2, 8))  # the third day of the lunar year
    assert Calendar().is_working_day(date(2027, 2, 9))
    assert WRITTEN.add_working_days(last_day, 1) == Promised(date(2027, 1, 4), provisional=False)
    assert WRITTEN.is_working_day(date(2027, 1, 30))
    assert not WRITTEN.is_working_day(date(2027, 2, 5))
    assert WRITTEN.is_provisional(date(2028, 1, 4))
    assert WRITTEN.is_working_day(date(2026, 10, 10))


def test_a_file_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(BadInput, match="定义文件") as error:
        read_holidays(b"off: [2027-01-01]\nworked: [2027-01-01]\n")
    assert any("2027-01-01" in problem for problem in error.value.problems)


def test_weekends_make_nothing_older() -> None:
    monday = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)
    assert Calendar().working_days_before(monday, 1) == monday - timedelta(days=3)
    sunday = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
    assert Calendar().working_days_before(sunday, 1) == datetime(2026, 11, 20, tzinfo=SHANGHAI)


@settings(max_examples=40)
@given(start=DAYS, days=st.integers(1, 40), more=st.integers(0, 30))
def test_counting_there_and_back_agree(start: date, days: int, more: int) -> None:
    calendar = WRITTEN
    until = start + timedelta(days=more)
    one_by_one = sum(calendar.is_working_day(start + timedelta(days=n + 1)) for n in range(more))
    assert calendar.working_days_between(start, until).days == one_by_one
    promised = calendar.add_working_days(start, days).day
    assert calendar.working_days_between(start, promised).days == days
    assert calendar.is_working_day(promised)
