"""How many are asked, whom, and what their answers say: by hand, and for any numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import ConsignmentState, Finding, Stratum
from qianli.campaigns.sampling import Asked, believed, draw, results, sentence, share, shares, size

F, S = Finding, ConsignmentState
COUNTS = st.dictionaries(st.sampled_from(Stratum), st.integers(0, 300), min_size=1)


@pytest.mark.parametrize(
    ("population", "margin", "confidence", "asked"),
    [(10**9, 5, 95, 385), (1000, 5, 95, 278), (500, 5, 95, 218), (100, 10, 95, 50), (1, 5, 95, 1), (0, 5, 95, 0)],
)
def test_sizes_as_tables_print_them(population: int, margin: int, confidence: int, asked: int) -> None:
    assert size(population, margin_percent=margin, confidence_percent=confidence) == asked


@given(st.integers(1, 10**6), st.integers(1, 49), st.sampled_from((80, 90, 95, 99)))
def test_more_certainty_costs_more_and_never_more_than_there_are(population: int, margin: int, confidence: int) -> None:
    asked = size(population, margin_percent=margin, confidence_percent=confidence)
    assert 1 <= asked <= population
    assert asked >= size(population, margin_percent=margin + 1, confidence_percent=confidence)
    assert asked <= size(population + 1, margin_percent=margin, confidence_percent=confidence)


@given(COUNTS, st.integers(0, 400))
def test_each_stratum_has_its_share_and_no_more_than_it_holds(counts: dict[Stratum, int], wanted: int) -> None:
    taken = shares(counts, wanted)
    there = [one for one in counts if counts[one]]
    assert sum(taken.values()) == min(max(wanted, len(there)), sum(counts.values()))
    assert all(1 <= taken[one] <= counts[one] for one in there)


@given(COUNTS, st.integers(1, 50), st.text(max_size=5))
def test_the_same_seed_draws_the_same_nobody_twice(counts: dict[Stratum, int], wanted: int, seed: str) -> None:
    strata = {one: range(1000 * n, 1000 * n + count) for n, (one, count) in enumerate(counts.items())}
    drawn = draw(strata, wanted, seed=seed)
    assert drawn == draw(strata, wanted, seed=seed)
    assert len(set(drawn)) == len(drawn)
    assert all(any(id_ in ids for ids in strata.values()) for id_ in drawn)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(count: int, more: int) -> None:
    found = share(count, count + more)
    assert 0 <= found.low <= (count / (count + more) if count + more else 0.5) <= found.high <= 1


def test_wilson_by_hand() -> None:
    found = share(8, 10)  # (0.8 + 0.192) / 1.384 ± 1.96 / 1.384 · √(0.016 + 0.0096)
    assert (round(found.low, 3), round(found.high, 3)) == (0.49, 0.943)


def test_what_was_believed_beside_what_was_found() -> None:
    assert [believed(one, delivered=True) for one in (S.confirmed_with_issues, S.denied, S.under_way)] == [
        F.has_part,
        F.has_not,
        F.has_complete,
    ]
    assert believed(S.under_way, delivered=False) is None
    asked = [
        Asked("甲", F.has_complete, F.has_complete),
        Asked("甲", F.has_complete, F.has_not),
        Asked("甲", None, F.has_part),
        Asked("甲", F.has_complete, F.not_reached),
        Asked("乙", F.has_part, None),
    ]
    first, second = results(asked, confidence_percent=95)
    assert [(one.group, one.drawn, one.reached, one.not_reached) for one in (first, second)] == [
        ("乙", 1, 0, 0),
        ("甲", 4, 3, 1),
    ]
    assert (second.agreed.count, second.agreed.of) == (1, 2)
    assert "抽 4 人，问到 3 人" in sentence(1, second, margin_percent=5, confidence_percent=95)
    assert "还没有可以对照的" in sentence(1, first, margin_percent=5, confidence_percent=95)
