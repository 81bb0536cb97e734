"""When members are told, and which page is theirs."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qianli.programmes.notices import PAUSE, due_at, nearest

NOW = datetime(2027, 1, 4, 1, tzinfo=UTC)


@given(st.lists(st.integers(0, 40), max_size=60))
def test_a_member_is_told_at_most_once_a_week(published: list[int]) -> None:
    last: datetime | None = None
    for day in sorted(published):
        at = NOW + timedelta(days=day)
        due = due_at(at, last)
        assert due >= at
        assert last is None or due - last >= PAUSE
        if due == at:  # else it waits, and tells of more
            last = due


def test_the_nearest_page_is_a_members_own() -> None:
    assert nearest({1: [1, 2, 3, 4], 2: [2, 3], 9: [9]}) == {1: 1, 2: 2, 3: 2, 4: 1, 9: 9}
