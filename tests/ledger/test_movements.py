"""Two reports of one move."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import ReportSide
from qianli.ledger.movements import Report, agree, better, pairs, says_more
from qianli.ledger.movements import read_where as where

DAY = date(2026, 10, 1)


EXACT, SAME = "广东省深圳市南山区科技园1号", "广东深圳 南山区科技园 1号"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (EXACT, SAME, True),
        (EXACT, "广东省深圳市南山区科技园2号", False),
        (EXACT, "广东深圳", True),
        (EXACT, "广东", True),
        (EXACT, "广东省广州市", False),
        (EXACT, "浙江", False),
        (EXACT, "", True),
        (EXACT, "朝阳区", True),
        (EXACT, "外省打工", True),
        ("广东", "广东深圳", True),
        ("", "", True),
        ("广东", "浙江", False),
    ],
)
def test_agreement(one: str, other: str, *, same: bool) -> None:
    assert agree(where(one), where(other)) is same
    assert agree(where(other), where(one)) is same


def test_the_better_address() -> None:
    exact, city, province, nothing = map(where, (EXACT, "广东深圳", "广东", ""))
    assert better(exact, city) == exact
    assert better(city, exact) == exact
    assert better(city, province) == city
    assert better(province, nothing) == province
    assert better(where(SAME), exact) == exact, "the host's, if they are as sure"


def test_what_a_report_adds_to_what_is_known() -> None:
    exact, city, elsewhere, nothing = map(where, (EXACT, "广东深圳", "浙江杭州", ""))
    assert not says_more(city, exact)
    assert says_more(elsewhere, exact)
    assert says_more(exact, exact)
    assert says_more(city, city)
    assert not says_more(nothing, city)


REPORTS = st.lists(
    st.builds(
        lambda member, side, days: (member, side, DAY + timedelta(days=days)),
        st.integers(1, 3),
        st.sampled_from(ReportSide),
        st.integers(0, 60),
    ),
    max_size=12,
)


@settings(max_examples=80)
@given(drawn=REPORTS, within=st.integers(0, 40))
def test_pairs_are_of_one_member_near_each_other_and_nobody_is_taken_twice(
    drawn: list[tuple[int, ReportSide, date]], within: int
) -> None:
    reports = [Report(id_, *one, where("")) for id_, one in enumerate(drawn, start=1)]
    found = pairs(reports, within_days=within)
    ids = [one.id for pair in found for one in pair]
    assert len(ids) == len(set(ids))
    for home, host in found:
        assert (home.side, host.side, home.member_id) == (ReportSide.home, ReportSide.host, host.member_id)
        assert abs((home.moved_on - host.moved_on).days) <= within
    assert found == pairs(reports[::-1], within_days=within) or {tuple(p) for p in found} == {
        tuple(p) for p in pairs(reports[::-1], within_days=within)
    }
    left = [one for one in reports if one.id not in ids]
    assert not pairs(left, within_days=within), "nobody who could be paired is left"
