"""When a message may go: never at night, never too many in a week, and always some time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from qianli.campaigns.calendar_days import Calendar
from qianli.campaigns.sending import WEEK, Hours, Rules, next_moment

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 1, tzinfo=ZONE)
moments = st.integers(0, 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
hours = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda pair: pair[0] < pair[1])


@given(moments, hours, st.integers(1, 4), st.lists(moments, max_size=8), st.sampled_from((None, Calendar())))
def test_a_moment_is_open_not_before_and_within_the_ceiling(
    at: datetime, span: tuple[int, int], per_week: int, before: list[datetime], calendar: Calendar | None
) -> None:
    rules = Rules(Hours(*span), per_week)
    moment = next_moment(at, rules, before=before, working_days=calendar)
    elsewhere = [one.astimezone(UTC) for one in before]  # as a database has them
    assert next_moment(at, rules, before=elsewhere, working_days=calendar) == moment
    assert moment >= at
    assert rules.hours.holds(moment)
    assert calendar is None or calendar.is_working_day(moment.date())
    assert sum(moment - WEEK < one <= moment for one in before) < per_week
    if moment > at:  # nothing earlier would have done: a minute before was shut, or one too many
        early = max(moment - timedelta(minutes=1), at)
        is_shut = not rules.hours.holds(early) or early > rules.hours.last(early)
        is_off = calendar is not None and not calendar.is_working_day(early.date())
        assert is_shut or is_off or sum(early - WEEK < one <= early for one in before) >= per_week or early == moment


def test_a_year_of_a_member_whom_everybody_writes_to() -> None:
    """Every hour another campaign wants to write: two in any seven days are sent, all of them by day."""
    rules, sent = Rules(), []
    for hour in range(365 * 24):
        wanted = START + timedelta(hours=hour)
        if next_moment(wanted, rules, before=sent) == wanted:
            sent.append(wanted)
    assert len(sent) >= 2 * 52
    assert all(rules.hours.holds(one) for one in sent)
    assert all(later - earlier >= WEEK for earlier, later in zip(sent, sent[2:], strict=False))


def test_a_holiday_is_waited_out_where_told() -> None:
    eve = datetime(2026, 9, 30, 21, 30, tzinfo=ZONE)
    assert next_moment(eve, Rules()).day == 1
    assert next_moment(eve, Rules(), working_days=Calendar()) == datetime(2026, 10, 8, 8, 0, tzinfo=ZONE)
