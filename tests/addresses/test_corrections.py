"""What a row that went out and came back says about where somebody lives."""

from datetime import date

import pytest

from qianli.addresses.corrections import correct, instead, shown
from qianli.addresses.placement import Changes, Stay

TODAY = date(2027, 1, 10)
PAST = Stay("A", None, date(2026, 6, 1), id=1, reported_on=date(2025, 3, 1))
HERE = Stay("B", date(2026, 6, 1), date(2027, 3, 1), id=2, reported_on=date(2026, 6, 1))
SOON = Stay("C", date(2027, 3, 1), None, id=3, reported_on=date(2026, 12, 1))
LIVES = (PAST, HERE, SOON)


def test_a_ledger_shows_where_somebody_lives_today_or_will_first() -> None:
    assert shown(LIVES, TODAY) == HERE
    assert shown([SOON], TODAY) == SOON
    assert shown([PAST], TODAY) is None
    assert shown([], TODAY) is None


@pytest.mark.parametrize("on", [None, HERE.known_on])
def test_an_untouched_row_changes_nothing(on: date | None) -> None:
    assert correct(LIVES, "B", on, TODAY).changes.nothing()


@pytest.mark.parametrize("on", [None, HERE.known_on])
def test_another_address_takes_the_place_of_the_shown_one_and_only_of_that(on: date | None) -> None:
    found = correct(LIVES, "X", on, TODAY).changes
    assert found == Changes(supersede=(HERE,), add=(Stay("X", date(2026, 6, 1), date(2027, 3, 1), reported_on=TODAY),))


def test_the_corrected_row_again_changes_nothing() -> None:
    [corrected] = correct(LIVES, "X", HERE.known_on, TODAY).changes.add
    assert correct((PAST, corrected, SOON), "X", HERE.known_on, TODAY).changes.nothing()


def test_a_row_from_before_a_planned_move_does_not_undo_it() -> None:
    later = date(2027, 4, 1)
    assert shown(LIVES, later) == SOON
    assert correct(LIVES, "B", HERE.known_on, later).changes.nothing()
    assert correct(LIVES, "X", HERE.known_on, later).changes == instead(HERE, "X", later)


def test_a_newer_date_is_a_report_of_its_own() -> None:
    on = date(2027, 1, 5)
    assert correct(LIVES, "B", on, TODAY).changes.confirm is not None
    moved = correct(LIVES, "X", on, TODAY).changes
    assert Stay("X", on, date(2027, 3, 1)) in moved.add


def test_an_older_date_beside_the_same_address_is_an_old_row() -> None:
    assert correct(LIVES, "B", date(2026, 1, 1), TODAY).changes.nothing()


def test_the_first_address_of_all_is_placed_as_ever() -> None:
    assert correct([], "X", None, TODAY).changes == Changes(add=(Stay("X"),))
