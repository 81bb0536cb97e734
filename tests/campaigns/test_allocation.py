from hypothesis import given
from hypothesis import strategies as st

from qianli.campaigns.allocation import Served, allocate, serve_replacements


def test_stock_first_then_approval() -> None:
    answer = allocate([1, 2, 3, 4], needs={7: 2}, available={7: 5}, allowed=9)
    assert (answer.served, answer.out_of_stock, answer.over_approval) == ([1, 2], [3, 4], [])
    answer = allocate([1, 2, 3, 4], needs={7: 2}, available={7: 50}, allowed=3)
    assert (answer.served, answer.out_of_stock, answer.over_approval) == ([1, 2, 3], [], [4])


@given(
    st.integers(0, 30),
    st.dictionaries(st.integers(1, 3), st.integers(1, 4)),
    st.dictionaries(st.integers(1, 3), st.integers(-2, 60)),
    st.integers(-3, 40),
)
def test_nobody_is_lost_and_nothing_is_overspent(
    n: int, needs: dict[int, int], available: dict[int, int], allowed: int
) -> None:
    wanting = list(range(n))
    answer = allocate(wanting, needs=needs, available=available, allowed=allowed)
    assert answer.served + answer.out_of_stock + answer.over_approval == wanting
    assert len(answer.served) <= max(allowed, 0)
    for item, quantity in needs.items():
        assert len(answer.served) * quantity <= max(available.get(item, 0), 0)
    if len(answer.served) < min(n, max(allowed, 0)):
        short = len(answer.served) + 1
        assert any(short * quantity > available.get(item, 0) for item, quantity in needs.items())


def test_replacements_go_before_first_sends() -> None:
    kit = {1: 1, 2: 2}
    assert serve_replacements([(1, 1)], available={1: 1, 2: 0}, firsts=[7, 8], kit=kit) == Served([0], [])
    assert serve_replacements([(1, 1)], available={1: 0, 2: 0}, firsts=[7, 8], kit=kit) == Served([0], [8])
    # What the one gave is enough for two more; nobody gives for what cannot be served anyway.
    asked = [(2, 1), (2, 1), (1, 1), (1, 2), (9, 1)]
    assert serve_replacements(asked, available={1: 0, 2: 0}, firsts=[7, 8], kit=kit) == Served([0, 1, 2, 4], [8])
