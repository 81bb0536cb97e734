import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qianli.campaigns.references import consignment_number, normalise, prefix, reference, split_consignment_number

SEQUENCES = st.one_of(st.integers(1, 10**6), st.integers(99_990, 100_010))


@given(st.integers(1, 10**6), SEQUENCES)
@example(1, 99_999)
@example(1, 100_000)
@example(10**6, 10**6)
def test_a_reference_survives_how_it_is_typed(campaign: int, sequence: int) -> None:
    made = reference(campaign, sequence)
    for typed in (made, made.lower(), made.replace("-", ""), f"  {made}\n"):
        assert normalise(typed) == made


@given(st.integers(1, 10**6), SEQUENCES, st.data())
def test_one_wrong_character_is_found(campaign: int, sequence: int, data: st.DataObject) -> None:
    plain = reference(campaign, sequence).replace("-", "")
    place = data.draw(st.integers(0, len(plain) - 1))
    other = data.draw(st.sampled_from("23456789ABCDEFGHJKMNPQRTVWXYZ").filter(lambda c: c != plain[place]))
    wrong = plain[:place] + other + plain[place + 1 :]
    assert normalise(wrong) is None or plain[place] in "01"


@given(st.integers(1, 10**6), SEQUENCES, SEQUENCES)
@example(1, 99_999, 100_000)
def test_references_stand_in_the_order_of_sequences(campaign: int, one: int, other: int) -> None:
    made, next_ = (reference(campaign, sequence)[:-2] for sequence in (one, other))
    assert (made < next_, made == next_) == (one < other, one == other)


def test_counters_read_by_hand() -> None:
    made = [reference(1, n).split("-")[1] for n in (42, 99_999, 100_000, 100_001, 100_029, 100_000 + 29**4)]
    assert made == ["00042", "99999", "A2222", "A2223", "A2232", "B2222"]


@given(st.lists(st.integers(1, 10**6), unique=True, min_size=2, max_size=2))
def test_two_campaigns_never_share_a_prefix(ids: list[int]) -> None:
    assert prefix(ids[0]) != prefix(ids[1])


@pytest.mark.parametrize("text", ["", "3K", "3K-00001", "张伟"])
def test_nonsense_is_no_reference(text: str) -> None:
    assert normalise(text) is None


def test_consignment_numbers_read_back() -> None:
    assert split_consignment_number(consignment_number("QLCS-2027", 42)) == ("QLCS-2027", 42)
    assert split_consignment_number("0042") is None
    assert split_consignment_number("TEST-2027-999999") == ("TEST-2027", 999_999)
    assert split_consignment_number(consignment_number("QLCS-2027", 10**6)) == ("QLCS-2027", 10**6)
    assert split_consignment_number("TEST-2027-99999999999999999999") is None
