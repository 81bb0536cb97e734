"""When items are published: each once, in order, on its day or as soon after as can be, and without a flood."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from models import HolidayRule, Rhythm
from qianli.campaigns.calendar_days import Calendar

DAY = timedelta(days=1)
WEEK = 7
GRACE = timedelta(days=7)
QUARTER = 3
MONTHS = 12


@dataclass(frozen=True)
class ColumnRule:
    """What a column goes by."""

    holidays: HolidayRule = HolidayRule.publish
    at_once: int = 1


@dataclass(frozen=True)
class Planned:
    """An item that is not published yet."""

    id: int
    column_id: int
    planned_on: date


@dataclass(frozen=True)
class Due:
    """What is published now, in order: the newest are made known, the others only stand in the list."""

    told: tuple[int, ...] = ()
    silent: tuple[int, ...] = ()


def due(planned: Sequence[Planned], rules: Mapping[int, ColumnRule], *, today: date, calendar: Calendar) -> Due:
    """The items whose day has come. After an outage or a holiday all of them, but each column tells of its newest only.

    A column that rests on days off publishes nothing on one; what was planned for it comes on the next working day.
    """
    works = calendar.is_working_day(today)
    told, silent = list[int](), list[int]()
    by_column = sorted(planned, key=attrgetter("column_id", "planned_on", "id"))
    for column_id, items in groupby(by_column, key=attrgetter("column_id")):
        rule = rules[column_id]
        if rule.holidays is HolidayRule.skip and not works:
            continue
        ready = [one.id for one in items if one.planned_on <= today]
        silent += ready[: -rule.at_once]
        told += ready[-rule.at_once :]
    return Due(tuple(told), tuple(silent))


def slot_after(day: date, rhythm: Rhythm, holidays: HolidayRule, calendar: Calendar) -> date:
    """The column's next day after this one: tomorrow, Monday, the first of a month or of a quarter.

    Where the column rests on days off, the first working day from then on.
    """
    slot = _next(day, rhythm)
    while holidays is HolidayRule.skip and not calendar.is_working_day(slot):
        slot += DAY
    return slot


def _next(day: date, rhythm: Rhythm) -> date:
    if rhythm is Rhythm.daily:
        return day + DAY
    if rhythm is Rhythm.weekly:
        return day + timedelta(days=WEEK - day.weekday())
    months = 1 if rhythm is Rhythm.monthly else QUARTER - (day.month - 1) % QUARTER
    count = day.month - 1 + months
    return date(day.year + count // MONTHS, count % MONTHS + 1, 1)


def over(began: date, closed: Collection[date], *, today: date) -> list[date]:
    """The months whose numbers are final by now and not closed yet, oldest first, by their first days.

    A few days are left after a month's end, for what was said on the telephone in its last days.
    """
    found, first = list[date](), began.replace(day=1)
    while (after := _next(first, Rhythm.monthly)) + GRACE <= today:
        if first not in closed:
            found.append(first)
        first = after
    return found


def month_of(day: date) -> tuple[date, date]:
    """The first day of a day's month, and of the next one."""
    first = day.replace(day=1)
    return first, _next(first, Rhythm.monthly)
