"""Whether two records are one person."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianli.ledger.duplicates import WORDS, Likeness, Person, evidence, likeness

WHOLE = Person("张伟", date(1985, 3, 12), date(2008, 7, 1), "+8613912345678", "福建省|泉州市|晋江市|崇德路210号")
OTHER = {
    "born_on": date(1990, 1, 1), "joined_on": date(2015, 1, 1), "phone": "+8613800000000", "place": "浙江省|义乌市",
}  # fmt: skip
L = Likeness


def verdict(**changes: object) -> Likeness | None:
    return likeness(evidence(WHOLE, replace(WHOLE, **changes)))


def other(*names: str) -> dict[str, object]:
    return {name: OTHER[name] for name in names}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (other("phone", "place"), L.certain),
        (other("phone", "place") | {"joined_on": None}, L.likely),
        (other("phone") | {"joined_on": None}, L.certain),
        (other("joined_on", "place"), L.likely),
        (other("joined_on", "phone", "place"), L.possible),
        (other("place") | {"born_on": None}, L.likely),
        (other("phone", "place") | {"born_on": None}, L.possible),
        (other("place") | {"born_on": None, "joined_on": None}, L.likely),
        (other("phone") | {"born_on": None, "joined_on": None}, L.possible),
        (other("joined_on") | {"born_on": None}, L.possible),
        (other("born_on", "place"), L.likely),
        (other("born_on", "phone"), L.possible),
        (other("born_on", "joined_on", "place"), L.possible),
        (other("born_on", "joined_on", "phone"), None),  # namesakes at one address
        (other("born_on", "phone", "place"), None),
        ({"name": "章伟"}, L.likely),
        ({"name": "章伟", "joined_on": None}, L.possible),
        ({"name": "章伟"} | other("joined_on"), None),
        ({"name": "章伟"} | other("phone"), None),
    ],
)
def test_what_the_evidence_comes_to(changes: dict[str, object], said: Likeness | None) -> None:
    assert verdict(**changes) == said


def test_the_evidence_names_facts() -> None:
    found = evidence(WHOLE, replace(WHOLE, joined_on=None, phone="+8613800000000"))
    assert (found.agrees, found.differs, found.unknown) == (("姓名", "出生日期", "住址"), ("电话",), ("入党日期",))
    assert set(WORDS) == set(Likeness)


FEW = st.sampled_from
PEOPLE = st.builds(
    Person, FEW(["张伟", "章伟"]), FEW([None, WHOLE.born_on, OTHER["born_on"]]),
    FEW([None, WHOLE.joined_on, OTHER["joined_on"]]), FEW([None, "1", "2"]), FEW([None, "a", "b"]),
)  # fmt: skip


@settings(max_examples=60)
@given(one=PEOPLE, two=PEOPLE)
def test_it_is_the_same_seen_from_either_side_and_more_that_agrees_is_never_less(one: Person, two: Person) -> None:
    order = [*Likeness, None]
    here = likeness(evidence(one, two))
    assert here == likeness(evidence(two, one))
    if one.name == two.name:
        assert order.index(likeness(evidence(one, replace(two, phone=one.phone)))) <= order.index(here) or not one.phone
        assert likeness(evidence(one, one)) is None or one.born_on or one.joined_on or one.phone or one.place
