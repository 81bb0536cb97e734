"""The ladder: whatever happens in whatever order, nobody is followed up after having spoken, nor too often."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import FollowUpDo
from qianli.campaigns.calendar_days import Calendar
from qianli.campaigns.definition import read_campaign
from qianli.campaigns.ladder import Rung, Silence, Taken, due, ladder, timetable
from qianli.campaigns.sending import WEEK, Hours, Rules
from qianli.errors import BadInput
from qianli.settings import ROOT

ZONE = ZoneInfo("Asia/Shanghai")
DELIVERED = datetime(2026, 9, 28, 15, 30, tzinfo=ZONE)  # a Monday before the National Day
D = FollowUpDo
LADDER = (
    Rung(after_days=2, do=D.message), Rung(after_days=5, do=D.message), Rung(after_days=8, do=D.call),
    Rung(after_days=15, do=D.case),
)  # fmt: skip
EXAMPLE = (ROOT / "examples/study-books/campaign.yaml").read_text()


def climbed(at: datetime, one: Silence, rungs: Sequence[Rung] = LADDER, rules: Rules = Rules()) -> list[Taken]:  # noqa: B008 - frozen
    return list(due(rungs, one, at=at, rules=rules, calendar=Calendar()))


def steps(found: list[Taken]) -> list[tuple[int, bool]]:
    return [(one.step, one.passed_over) for one in found]


def after(days: int, hour: int = 9) -> datetime:
    return (DELIVERED + timedelta(days=days)).replace(hour=hour, minute=0)


def test_each_step_has_its_day() -> None:
    assert climbed(after(1), Silence(DELIVERED)) == []
    assert climbed(after(2), Silence(DELIVERED)) == []  # two days are over in the afternoon
    (first,) = climbed(after(3), Silence(DELIVERED))
    assert (first.step, first.at) == (1, after(3))
    told = {1: after(3), 2: after(6)}
    assert steps(climbed(after(9), Silence(DELIVERED, taken=told))) == [(3, False)]
    assert steps(climbed(after(16), Silence(DELIVERED, taken=told))) == [(3, False), (4, False)]
    assert climbed(after(16), Silence(DELIVERED, spoke=True)) == []
    assert climbed(after(16), Silence(DELIVERED, may_be_told=False)) == []


def test_after_a_standstill_one_message_goes_and_none_behind_a_call() -> None:
    assert steps(climbed(after(7), Silence(DELIVERED))) == [(1, True), (2, False)]
    assert steps(climbed(after(16), Silence(DELIVERED, taken={3: after(9)}))) == [(1, True), (2, True), (4, False)]
    in_hand = Silence(DELIVERED, in_hand=True)
    assert steps(climbed(after(16), in_hand)) == [(3, False)]


def test_a_full_week_a_quiet_hour_and_a_day_off_are_waited_out() -> None:
    had = [after(1), after(2)]
    assert climbed(after(3), Silence(DELIVERED, had=had)) == []
    assert steps(climbed(after(9), Silence(DELIVERED, had=had))) == [(1, True), (2, False), (3, False)]
    assert climbed(after(3, hour=22), Silence(DELIVERED)) == []
    (evening,) = climbed(after(3), Silence(DELIVERED), [Rung(after_days=2, do=D.message, from_hour=18)])
    assert evening.at == after(3, hour=18)
    working = [Rung(after_working_days=2, do=D.message)]
    assert working[0].since(DELIVERED, Calendar()) == DELIVERED + timedelta(days=2)
    assert climbed(after(3), Silence(DELIVERED), working) == []  # 1 October
    assert steps(climbed(datetime(2026, 10, 8, 9, 0, tzinfo=ZONE), Silence(DELIVERED), working)) == [(1, False)]


def test_without_a_ladder_it_is_as_it_was_and_a_case_always_comes_last() -> None:
    assert [(one.do, one.days) for one in ladder([], case_after_days=7)] == [(D.call, 3), (D.case, 7)]
    written = [{"after_days": 1, "do": "message"}]
    assert [(one.do, one.days) for one in ladder(written, case_after_days=7)] == [(D.message, 1), (D.case, 7)]
    own = [{"do": "case", "after_days": 20}]
    assert [(one.do, one.days) for one in ladder(own, case_after_days=7)] == [(D.case, 20)]


def test_a_rehearsed_timetable_keeps_hours_and_ceiling() -> None:
    rungs = [Rung(after_days=day, do=D.message) for day in (0, 1, 2)]
    days = [(moment - DELIVERED).days for _, moment in timetable(rungs, DELIVERED, rules=Rules(), calendar=Calendar())]
    assert days == [0, 1, 7]


events = st.lists(
    st.tuples(st.integers(0, 60 * 24), st.sampled_from(("run", "speak", "leave alone", "message", "case", "settled"))),
    max_size=60,
)
days = st.integers(0, 30)
texts = st.builds(
    Rung, after_days=days, do=st.just(D.message), from_hour=st.none() | st.integers(8, 12),
    until_hour=st.none() | st.integers(13, 21),
)  # fmt: skip
rungs_of_any_kind = st.lists(texts | st.builds(Rung, after_days=days, do=st.just(D.call)), min_size=1, max_size=5)


@given(events, rungs_of_any_kind, st.integers(1, 3))
def test_whatever_happens_in_whatever_order(happens: list[tuple[int, str]], rungs: list[Rung], per_week: int) -> None:
    """Never after having spoken or asked to be left alone, never over the ceiling, each step once, in waking hours."""
    rules = Rules(Hours(), per_week)
    written = [one.model_dump(exclude_defaults=True) for one in sorted(rungs, key=lambda one: one.days or 0)]
    whole = ladder(written, case_after_days=40)
    taken: dict[int, datetime] = {}
    had: list[datetime] = []
    sent: list[datetime] = []
    is_over = in_hand = False
    for hour, event in sorted(happens, key=lambda each: each[0]):
        at = DELIVERED + timedelta(hours=hour)
        is_over = is_over or event in ("speak", "leave alone")
        in_hand = event == "case" or (in_hand and event != "settled")
        if event == "message":
            had.append(at)  # another campaign's, whatever it thinks of ceilings
        one = Silence(DELIVERED, taken, [*had, *sent], spoke=is_over, in_hand=in_hand)
        for each in climbed(at, one, whole, rules):
            assert not is_over
            assert each.step not in taken
            assert each.rung.since(DELIVERED, Calendar()) <= at
            taken[each.step] = at
            if each.rung.do is D.message and not each.passed_over:
                assert not in_hand
                assert rules.hours.holds(each.at)
                assert each.at >= at
                assert sum(each.at - WEEK < other <= each.at for other in [*had, *sent]) < per_week
                sent.append(each.at)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("[{after_days: 2, do: message, after_working_days: 2}]", "只写一个"),
        ("[{do: call}]", "送达后几天"),
        ("[{after_days: 5, do: call}, {after_days: 2, do: message}]", "从小到大"),
        ("[{after_days: 5, do: case}, {after_days: 6, do: message}]", "最后一步"),
        ("[{after_days: 5, do: call, from_hour: 9}]", "只用于发消息"),
        ("[{after_days: 5, do: fax}]", "只能是"),
    ],
)
def test_a_ladder_nobody_can_climb_is_refused(written: str, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_campaign(f"{EXAMPLE}\nfollow_up: {written}\n".encode())
    assert why in " ".join(refused.value.problems)


def test_a_definition_without_a_ladder_keeps_its_checksum() -> None:
    plain = read_campaign(EXAMPLE.encode()).checksum
    assert read_campaign(f"{EXAMPLE}\nfollow_up: []\n".encode()).checksum == plain
    assert read_campaign(f"{EXAMPLE}\nfollow_up: [{{after_days: 2, do: message}}]\n".encode()).checksum != plain
