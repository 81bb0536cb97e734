"""Working days of the Chinese calendar: weekends, holidays and the make-up days the State Council announces each year.

A year is announced when the library `chinesecalendar` knows it or the organisation has written it into its own file.
For other years weekends and the statutory holidays are off; that is a guess, since the days moved around them are not
known: whatever is counted with them is provisional.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated

import chinese_calendar
from pydantic import Field, model_validator

from qianli.definitions import Day, Definition, Number, read_definition

#: Said wherever a provisional day is shown.
PROVISIONAL = "预计，放假安排尚未公布"
SATURDAY = 5
LIBRARY = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)
#: (month, day) off every year: New Year's Day, Labour Day, National Day.
FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
#: Year → the lunar New Year's Eve (four days off), Qingming, Dragon Boat, Mid-Autumn, as far as we looked ahead.
LUNAR = {
    2027: ((2, 5), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 25), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 12), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 2), (4, 5), (6, 5), (9, 12)),
}
SPRING_FESTIVAL_DAYS = 4


@dataclass(frozen=True)
class Counted:
    """So many working days; `provisional` where a year not announced yet was counted with."""

    days: int
    provisional: bool


@dataclass(frozen=True)
class Promised:
    """A day reached by counting working days."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """The calendar of the library, with years and days that the organisation wrote down itself, which win."""

    announced: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Whether people work on that day."""
        if day in self.worked or day in self.off:
            return day in self.worked
        if day.year in LIBRARY:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < SATURDAY and (day.year in self.announced or day not in _statutory(day.year))

    def is_provisional(self, day: date) -> bool:
        """Whether what that day is was not announced yet."""
        return day.year > LIBRARY[-1] and day.year not in self.announced

    def working_days_between(self, after: date, until: date) -> Counted:
        """Working days after the one day, up to and with the other; none if they are the wrong way round."""
        if until <= after:
            return Counted(0, provisional=False)
        days = sum(self._until(year, until) - self._until(year, after) for year in range(after.year, until.year + 1))
        return Counted(days, self._any_provisional(after, until))

    def _any_provisional(self, after: date, until: date) -> bool:
        first = after + timedelta(days=1)
        return any(self.is_provisional(max(first, date(year, 1, 1))) for year in range(first.year, until.year + 1))

    def _until(self, year: int, day: date) -> int:
        return bisect_right(_working_days(self, year), day)

    def add_working_days(self, start: date, days: int) -> Promised:
        """The day that is so many working days after `start`; with none, the next working day from `start` on."""
        day, left = start, days
        while left > 0 or not self.is_working_day(day):
            day += timedelta(days=1)
            left -= self.is_working_day(day)
        return Promised(day, self._any_provisional(start, day))

    def working_days_before(self, at: datetime, days: int) -> datetime:
        """The latest instant from which so many whole working days have passed at `at`, both in the zone of `at`.

        Hours of days off do not count: what was said on Friday at noon is a working day old on Monday at noon.
        """
        clock = at.timetz() if self.is_working_day(at.date()) else time(tzinfo=at.tzinfo)
        day, left = at.date(), days
        while left > 0:
            day -= timedelta(days=1)
            left -= self.is_working_day(day)
        return datetime.combine(day, clock)


@lru_cache(maxsize=64)
def _working_days(calendar: Calendar, year: int) -> tuple[date, ...]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
    return tuple(day for day in days if calendar.is_working_day(day))


@lru_cache(maxsize=64)
def _statutory(year: int) -> frozenset[date]:
    """The statutory holidays of a year as far as they are known."""
    days = {date(year, month, day) for month, day in FIXED}
    if year in LUNAR:
        eve, *others = (date(year, month, day) for month, day in LUNAR[year])
        days |= {*others, *(eve + timedelta(days=n) for n in range(SPRING_FESTIVAL_DAYS))}
    return frozenset(days)


Year = Annotated[int, Number, Field(ge=MINYEAR, le=MAXYEAR)]


class Holidays(Definition):
    """What an organisation writes down: the years that are complete here, the days off, and the make-up days."""

    announced: list[Year] = Field(default_factory=list, max_length=100)
    off: list[Day] = Field(default_factory=list, max_length=5000)
    worked: list[Day] = Field(default_factory=list, max_length=5000)

    @model_validator(mode="after")
    def _never_both(self) -> "Holidays":
        if both := sorted({*self.off} & {*self.worked}):
            raise ValueError(f"{both[0]} 既写成放假又写成上班，请只留一处")
        return self


def read_holidays(content: bytes) -> Calendar:
    """The calendar with the days written in a YAML file; BadInput lists every problem."""
    written = read_definition(content, Holidays)
    return Calendar(frozenset(written.announced), frozenset(written.off), frozenset(written.worked))
