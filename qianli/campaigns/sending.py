"""When a message may go: in waking hours, on working days where told, and not too many to one member in a week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from qianli.campaigns.calendar_days import Calendar

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
#: A call takes a while: nothing is begun so shortly before the quiet hours.
MARGIN = timedelta(minutes=2)


@dataclass(frozen=True)
class Hours:
    """Messages go from `from_hour` until `until_hour` o'clock; the rest of the day is quiet."""

    from_hour: int = 8
    until_hour: int = 21

    def holds(self, at: datetime) -> bool:
        """Whether a message may go at this moment, by the clock where people are."""
        return self.from_hour <= at.hour < self.until_hour

    def last(self, at: datetime) -> datetime:
        """The last moment of that day at which sending is begun."""
        return _on(at, 0) + timedelta(hours=self.until_hour) - MARGIN


@dataclass(frozen=True)
class Rules:
    """What holds for every message: the hours, and at most so many to one member within seven days."""

    hours: Hours = Hours()
    per_week: int = 2


def next_moment(
    at: datetime,
    rules: Rules,
    *,
    before: Iterable[datetime] = (),
    working_days: Calendar | None = None,
    to_group: bool = False,
) -> datetime:
    """The first moment from `at` (by the local clock) on at which this message may go.

    `before` is when the member had other messages, of whatever campaign; a group has no ceiling. `working_days` keeps
    it to those of that calendar.
    """
    had = [] if to_group else sorted(one.astimezone(at.tzinfo) for one in before)  # hours are those of one clock
    moment = _open(at, rules.hours, working_days)
    while (recent := [one for one in had if moment - WEEK < one <= moment]) and len(recent) >= rules.per_week:
        moment = _open(recent[-rules.per_week] + WEEK, rules.hours, working_days)
    return moment


def _open(at: datetime, hours: Hours, working_days: Calendar | None) -> datetime:
    """The first moment from `at` on within the hours of a day that counts."""
    moment = at
    while True:
        if moment > hours.last(moment):
            moment = _on(moment + DAY, hours.from_hour)
        elif moment < _on(moment, hours.from_hour):
            moment = _on(moment, hours.from_hour)
        if working_days is None or working_days.is_working_day(moment.date()):
            return moment
        moment = _on(moment + DAY, hours.from_hour)


def _on(at: datetime, hour: int) -> datetime:
    return datetime.combine(at.date(), time(hour), at.tzinfo)
