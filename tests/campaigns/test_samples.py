import random
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from models import Snapshot
from qianli.campaigns.samples import pick_samples


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a seeded sample, not a secret


def snapshot(name: str, detail: str = "崇德路1号") -> Snapshot:
    return Snapshot(member_id=1, name=name, detail=detail, away_since=date(2020, 7, 1), made_at=datetime.now(UTC))


def test_the_worst_are_shown() -> None:
    people = {n: snapshot(f"张{c}") for n, c in enumerate("一二三四五六七八九十王李", 1)}
    people |= {90: snapshot("阿依古丽·买买提"), 91: snapshot("张伟", "崇德路" * 20), 92: snapshot("王䶮")}
    why = dict(pick_samples(people, chance(7)))
    assert (why[90], why[91], why[92]) == ("姓名最长", "地址最长", "用字最生僻")


@given(st.integers(0, 30), st.integers())
def test_ten_at_most_none_twice_and_the_same_for_the_same_seed(n: int, seed: int) -> None:
    people = {i: snapshot("张" * (i % 4 + 1)) for i in range(n)}
    chosen = pick_samples(people, chance(seed))
    assert len(chosen) == min(n, 10)
    assert len({id_ for id_, _ in chosen}) == len(chosen)
    assert chosen == pick_samples(people, chance(seed))


def test_nobody_is_called_rare_who_is_not() -> None:
    chosen = pick_samples({n: snapshot("张伟") for n in range(12)}, chance(1))
    assert "用字最生僻" not in dict(chosen).values()
    assert len(chosen) == 10
