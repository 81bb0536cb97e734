"""A simulated year, day by day: each item once, in order; an outage of any length loses nothing and floods nobody."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models import HolidayRule, Rhythm
from qianli.campaigns.calendar_days import Calendar
from qianli.programmes.schedule import ColumnRule, Planned, due, over, slot_after

BEGIN = date(2026, 1, 1)
YEAR = [BEGIN + timedelta(days=n) for n in range(365)]
CALENDAR = Calendar()
rhythms = st.sampled_from(list(Rhythm))
rules = st.sampled_from(list(HolidayRule))
columns = st.lists(st.tuples(rhythms, rules, st.integers(1, 3)), min_size=1, max_size=3)


def planned_year(made: list[tuple[Rhythm, HolidayRule, int]]) -> list[Planned]:
    found: list[Planned] = []
    for column, (rhythm, holidays, _) in enumerate(made):
        day = BEGIN - timedelta(days=1)
        while (day := slot_after(day, rhythm, holidays, CALENDAR)) <= YEAR[-20]:
            found.append(Planned(len(found), column, day))
    return found


@settings(max_examples=25)
@given(columns, st.data())
def test_a_year_of_days(made: list[tuple[Rhythm, HolidayRule, int]], data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, 300))
    outage = set(YEAR[begin : begin + data.draw(st.integers(0, 60))])
    twice = data.draw(st.sampled_from(YEAR))
    by = {column: ColumnRule(holidays, at_once) for column, (_, holidays, at_once) in enumerate(made)}
    items = {one.id: one for one in planned_year(made)}
    waiting, published = dict(items), list[tuple[date, int]]()
    for day in YEAR:
        for _ in range(0 if day in outage else 2 if day == twice else 1):
            now = due(list(waiting.values()), by, today=day, calendar=CALENDAR)
            told = Counter(items[id_].column_id for id_ in now.told)
            assert all(count <= by[column].at_once for column, count in told.items())
            for id_ in (*now.silent, *now.told):
                assert waiting.pop(id_).planned_on <= day
                published.append((day, id_))
            resting = [id_ for id_ in (*now.silent, *now.told) if by[items[id_].column_id].holidays == "skip"]
            assert not resting or CALENDAR.is_working_day(day)
    assert waiting == {}
    for column in by:
        days = [items[id_].planned_on for _, id_ in published if items[id_].column_id == column]
        assert days == sorted(days)
    if not outage:
        late = [(day, id_) for day, id_ in published if day != items[id_].planned_on]
        assert late == []


def test_what_an_outage_left_is_published_and_the_newest_is_told() -> None:
    items = [Planned(id_, 1, BEGIN + timedelta(days=id_)) for id_ in range(10)]
    found = due(items, {1: ColumnRule(at_once=2)}, today=BEGIN + timedelta(days=9), calendar=CALENDAR)
    assert (found.silent, found.told) == (tuple(range(8)), (8, 9))


def test_a_resting_column_waits_for_the_end_of_the_spring_festival() -> None:
    rule = {1: ColumnRule(HolidayRule.skip)}
    item = [Planned(1, 1, date(2026, 2, 17))]  # the first day of the year of the horse
    for day in (17, 20, 23):
        assert due(item, rule, today=date(2026, 2, day), calendar=CALENDAR).told == ()
    assert due(item, rule, today=date(2026, 2, 24), calendar=CALENDAR).told == (1,)


def test_slots() -> None:
    day, go, rest = date(2026, 11, 30), HolidayRule.publish, HolidayRule.skip  # a Monday
    assert slot_after(day, Rhythm.daily, go, CALENDAR) == date(2026, 12, 1)
    assert slot_after(day, Rhythm.weekly, go, CALENDAR) == date(2026, 12, 7)
    assert slot_after(day, Rhythm.monthly, go, CALENDAR) == date(2026, 12, 1)
    assert slot_after(day, Rhythm.quarterly, go, CALENDAR) == date(2027, 1, 1)
    assert slot_after(date(2026, 9, 30), Rhythm.daily, rest, CALENDAR) == date(2026, 10, 8)


def test_a_month_is_over_a_week_after_its_end() -> None:
    began, december, january = date(2026, 12, 15), date(2026, 12, 1), date(2027, 1, 1)
    assert over(began, [], today=date(2027, 1, 7)) == []
    assert over(began, [], today=date(2027, 1, 8)) == [december]
    assert over(began, [], today=date(2027, 2, 28)) == [december, january]
    assert over(began, [december], today=date(2027, 2, 28)) == [january]
