"""A fortnight in small; `make bench` plays ten thousand parcels."""

import pytest

from tests.bench.fortnight import play


@pytest.mark.slow
def test_after_a_fortnight_everybody_is_confirmed_or_in_a_case() -> None:
    found = play(150)
    assert sum(found.states.values()) == found.parcels == 150
    assert found.forgotten == []
    assert found.without_a_word == []
    assert found.states["confirmed"] > 75
    assert found.pushes > 600
    assert found.polls > 0
    assert {"no_answer", "not_received", "returned", "lost"} <= set(found.reasons)
