from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from qianli.kits.planning import Line, Load, plan_parcels

LIMIT = {"china_post": 5_000, "sf": 3_000}


def load(number: int, *, weight_g: int = 1_000, household: str | None = None, courier: str = "china_post") -> Load:
    line = Line(kit_item_id=1, quantity=1, weight_g=weight_g)
    return Load(number, number, number, courier, ("福建省", "泉州市", "晋江市"), household, (line,))


def test_three_in_one_dormitory_share_a_parcel_addressed_to_the_first() -> None:
    shared = [load(3, household="a"), load(1, household="a"), load(2), load(5, household="a")]
    parcels = plan_parcels(shared, limit_g=LIMIT)
    assert [[one.number for one in parcel.loads] for parcel in parcels] == [[1, 3, 5], [2]]


def test_a_parcel_over_the_limit_splits_between_consignments() -> None:
    heavy = [load(number, weight_g=2_000, household="a") for number in range(1, 6)]
    parcels = plan_parcels(heavy, limit_g=LIMIT)
    assert [[one.number for one in parcel.loads] for parcel in parcels] == [[1, 2], [3, 4], [5]]


def test_replacements_travel_apart_from_first_sends() -> None:
    again = Load(1, 1, 1, "china_post", ("", "", ""), "a", (Line(1, 1, 100, replaces_line_id=9),))
    assert len(plan_parcels([load(1, household="a"), again], limit_g=LIMIT)) == 2


loads = st.lists(
    st.builds(
        load,
        st.integers(1, 10_000),
        weight_g=st.integers(0, 3_000),
        household=st.sampled_from([None, "a", "b"]),
        courier=st.sampled_from(["china_post", "sf"]),
    ),
    unique_by=lambda one: one.number,
    max_size=40,
)


@given(loads)
def test_every_load_is_in_exactly_one_parcel_within_the_limit(some: list[Load]) -> None:
    parcels = plan_parcels(some, limit_g=LIMIT)
    assert Counter(one.number for parcel in parcels for one in parcel.loads) == Counter(one.number for one in some)
    for parcel in parcels:
        assert parcel.weight_g <= LIMIT[parcel.courier]
        assert {one.courier for one in parcel.loads} == {parcel.courier}
        assert len(parcel.loads) == 1 or len({one.household for one in parcel.loads} - {None}) == 1


@given(loads, st.randoms(use_true_random=False))
def test_the_plan_does_not_depend_on_the_order_of_loads(some: list[Load], chance: object) -> None:
    mixed = list(some)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert plan_parcels(mixed, limit_g=LIMIT) == plan_parcels(some, limit_g=LIMIT)
