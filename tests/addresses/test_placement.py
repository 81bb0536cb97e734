"""Where a newly reported address goes."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qianli.addresses.placement import Changes, Stay, place

D1, D2, D3, D4 = (date(2026, month, 1) for month in (1, 3, 5, 7))
ORIGIN = date(2026, 1, 1)


def apply(current: list[Stay], changes: Changes) -> list[Stay]:
    gone = {stay.id for stay in changes.supersede}
    kept = [stay for stay in current if stay.id not in gone]
    if changes.confirm:
        kept = [changes.confirm if stay.id == changes.confirm.id else stay for stay in kept]
    first = max((stay.id or 0 for stay in current), default=0) + 1
    return kept + [replace(stay, id=first + number) for number, stay in enumerate(changes.add)]


def after(*reports: tuple[str, date | None]) -> list[tuple[str, date | None, date | None]]:
    stays: list[Stay] = []
    for address, since in reports:
        stays = apply(stays, place(stays, address, since))
    return sorted(((stay.address, stay.since, stay.until) for stay in stays), key=lambda one: one[1] or date.min)


def test_the_first_report() -> None:
    assert after(("甲", None)) == [("甲", None, None)]
    assert after(("甲", D1)) == [("甲", D1, None)]


def test_a_later_report_ends_the_earlier_one() -> None:
    assert after(("甲", D1), ("乙", D2)) == [("甲", D1, D2), ("乙", D2, None)]
    assert after(("甲", None), ("乙", D2)) == [("甲", None, D2), ("乙", D2, None)]


def test_an_older_report_fills_the_time_before() -> None:
    changes = place([Stay("乙", D3, None, id=1)], "甲", D1)
    assert changes == Changes(add=(Stay("甲", D1, D3),))


def test_a_report_between() -> None:
    assert after(("甲", D1), ("丙", D4), ("乙", D2)) == [("甲", D1, D2), ("乙", D2, D4), ("丙", D4, None)]


def test_the_same_start_is_a_correction() -> None:
    assert after(("甲", D1), ("乙", D1)) == [("乙", D1, None)]
    assert after(("甲", D1), ("丙", D3), ("乙", D1)) == [("乙", D1, D3), ("丙", D3, None)]


def test_an_undated_report_stands_alone() -> None:
    assert after(("甲", D1), ("乙", D2), ("丙", None)) == [("丙", None, None)]
    assert after(("甲", D1), ("乙", D2), ("乙", None)) == [("甲", D1, D2), ("乙", D2, None)]


def test_the_same_address_again_is_a_confirmation() -> None:
    stay = Stay("甲", D1, None, id=1)
    assert place([stay], "甲", D1).nothing()
    confirmed = place([stay], "甲", D3).confirm
    assert confirmed == replace(stay, confirmed_on=D3)
    assert place([confirmed], "甲", D2).nothing()
    assert place([confirmed], "甲", None).nothing()


def test_an_older_file_does_not_undo_a_confirmation() -> None:
    assert after(("甲", D1), ("甲", D3), ("乙", D2)) == [("甲", D1, D2), ("乙", D2, D3), ("甲", D3, None)]


DAYS = range(12)
REPORTS = st.lists(
    st.tuples(st.sampled_from("甲乙丙"), st.one_of(st.none(), st.integers(0, len(DAYS) - 1))), max_size=9
)


def reference(reports: list[tuple[str, int | None]]) -> list[str | None]:
    """The slow way, day by day: a report speaks from its day on, up to the next day somebody spoke of.

    An undated one wipes everything, unless it repeats what is known last. Of one stay only the newest
    confirmation is remembered.
    """
    lives: list[str | None] = [None] * (len(DAYS) + 1)  # the last day stands for all later ones
    spoken: dict[int, bool] = {}  # day → whether it only confirms
    for address, day in reports:
        if day is None:
            if lives[-1] != address:
                lives, spoken = [address] * len(lives), {}
            continue
        if lives[day] == address:
            start = max((one for one, confirms in spoken.items() if not confirms and one <= day), default=-1)
            end = min((one for one, confirms in spoken.items() if not confirms and one > day), default=len(lives))
            inside = {one for one, confirms in spoken.items() if confirms and start <= one < end}
            if day > max(inside | {start}):
                spoken = {one: confirms for one, confirms in spoken.items() if one not in inside} | {day: True}
            continue
        until = min((one for one in spoken if one > day), default=len(lives))
        for one in range(day, until):
            lives[one] = address
        spoken = {one: confirms and one != until for one, confirms in spoken.items()} | {day: False}
    return lives


@given(REPORTS)
def test_any_reports_in_any_order(reports: list[tuple[str, int | None]]) -> None:
    stays: list[Stay] = []
    for address, number in reports:
        since = None if number is None else ORIGIN + timedelta(days=number)
        stays = apply(stays, place(stays, address, since))
        assert place(stays, address, since).nothing(), "the same report again changes nothing"
        for number_, one in enumerate(stays):
            assert one.since is None or one.until is None or one.since < one.until
            assert not any(overlap(one, other) for other in stays[:number_])
    days = [ORIGIN + timedelta(days=number) for number in range(len(DAYS) + 1)]
    found = [next((stay.address for stay in stays if stay.holds_on(day)), None) for day in days]
    assert found == reference(reports)


def overlap(one: Stay, other: Stay) -> bool:
    starts = max(one.since or date.min, other.since or date.min)
    return starts < min(one.until or date.max, other.until or date.max)
