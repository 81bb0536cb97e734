"""Row keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.errors import BadInput
from qianli.ledger.rowkeys import RowKey, read_key

KEYS = st.builds(RowKey, st.integers(1, 10**9), st.integers(1, 10**4))
CHARACTERS = "0123456789ABCDEFGHJKMNPQRTVWXYZ-"


@given(KEYS)
def test_a_key_is_read_as_written(key: RowKey) -> None:
    assert read_key(str(key)) == key
    assert read_key(f" {str(key).lower()} ") == key
    assert str(key).startswith("M")


@given(KEYS, st.data())
def test_a_slip_of_the_fingers_is_noticed(key: RowKey, data: st.DataObject) -> None:
    written = str(key)
    place = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.sampled_from(CHARACTERS).filter(lambda one: one != written[place]))
    wrong = written[:place] + other + written[place + 1 :]
    with pytest.raises(BadInput, match="行标识写错了"):
        read_key(wrong)


@given(KEYS, st.data())
def test_swapped_characters_are_noticed(key: RowKey, data: st.DataObject) -> None:
    written = str(key)
    place = data.draw(st.integers(0, len(written) - 2))
    swapped = written[:place] + written[place + 1] + written[place] + written[place + 2 :]
    if swapped != written:
        with pytest.raises(BadInput):
            read_key(swapped)


@pytest.mark.parametrize("written", ["12", "M12", "M12-3", "M0-1-X", "M12-3-XX", "张伟", "M" + "9" * 40 + "-1-2"])
def test_other_things_are_no_keys(written: str) -> None:
    with pytest.raises(BadInput):
        read_key(written)
