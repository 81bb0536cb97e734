"""Telephone numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.errors import BadInput
from qianli.ledger.phones import display, masked, read_phone


@pytest.mark.parametrize(
    ("written", "kept", "shown"),
    [
        ("13912345678", "+8613912345678", "13912345678"),
        ("139 1234 5678", "+8613912345678", "13912345678"),
        ("+86-139-1234-5678", "+8613912345678", "13912345678"),
        ("0086 13912345678", "+8613912345678", "13912345678"),
        ("1.3912345678E+10", "+8613912345678", "13912345678"),
        ("手机:13912345678(微信同号)", "+8613912345678", "13912345678"),
        ("13912345678/0851-85551234", "+8613912345678", "13912345678"),
        ("1391234567 13812345678", "+8613812345678", "13812345678"),
        ("0851-85551234", "+8685185551234", "0851-85551234"),
        ("(010)12345678", "+861012345678", "010-12345678"),
        ("0898-12345678-8012", "+8689812345678;ext=8012", "0898-12345678 转 8012"),
        ("0851 85551234转12", "+8685185551234;ext=12", "0851-85551234 转 12"),
        ("+852 9123 4567", "+85291234567", "+852 9123 4567"),
    ],
)
def test_read_and_shown(written: str, kept: str, shown: str) -> None:
    assert read_phone(written) == kept
    assert display(kept) == shown


@pytest.mark.parametrize(
    "written",
    ["", "无", "1391234567", "139123456789", "10086", "14412345678", "021-5555123", "400-820-8888", "abc", "85551234"],
)
def test_impossible_numbers(written: str) -> None:
    with pytest.raises(BadInput, match="核对"):
        read_phone(written)


def test_a_number_that_lost_digits_says_so() -> None:
    with pytest.raises(BadInput, match="科学计数法"):
        read_phone("1.39E+10")


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613912345678", "139******78"),
        ("+8685185551234", "0851******34"),
        ("+8689812345678;ext=8012", "0898******78"),
    ],
)
def test_masked(phone: str, shown: str) -> None:
    assert masked(phone) == shown


@given(st.integers(13000000000, 19999999999))
def test_six_digits_stay_hidden(number: int) -> None:
    try:
        phone = read_phone(str(number))
    except BadInput:
        return
    assert masked(phone).count("*") >= 6
    assert read_phone(display(phone)) == phone


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused(written: str) -> None:
    try:
        assert read_phone(written).startswith("+")
    except BadInput:
        return
