import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianli.errors import BadInput
from qianli.receipts.codes import (
    ALPHABET,
    LENGTH,
    address_hash,
    check_character,
    display,
    look_up_hash,
    make_code,
    normalise,
)

codes = st.builds(make_code, st.binary(min_size=8, max_size=32), st.integers(1, 2**40), st.integers(1, 9))
places = st.integers(0, LENGTH - 1)


@given(codes)
def test_a_code_has_only_characters_that_are_not_mistaken(code: str) -> None:
    assert len(code) == LENGTH
    assert not set(code) & set("01ILOSU")
    assert normalise(code) == code


@given(codes, places, st.sampled_from(ALPHABET))
def test_every_single_wrong_character_shows(code: str, place: int, wrong: str) -> None:
    typed = code[:place] + wrong + code[place + 1 :]
    assert normalise(typed) == (code if typed == code else None)


@given(codes, st.integers(0, LENGTH - 2))
def test_two_neighbours_swapped_show(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert normalise(typed) == (code if typed == code else None)


@given(codes, places, st.sampled_from(ALPHABET))
def test_a_character_too_few_or_too_many_shows(code: str, place: int, extra: str) -> None:
    assert normalise(code[:place] + code[place + 1 :]) is None
    assert normalise(code[:place] + extra + code[place:]) is None


@given(codes)
def test_however_it_is_typed(code: str) -> None:
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code)
    typed = [
        display(code), code.lower(), f" {code}\n", wide, " ".join(code), code.replace("5", "S").replace("V", "u"),
        f"{code[:5]}－{code[5:]}", f"{code[:5]}—{code[5:]}", f"\u200b{code}", f"https://qianli.example/r/{display(code)}/",
    ]  # fmt: skip
    assert [normalise(one) for one in typed] == [code] * len(typed)


@given(st.text())
def test_anything_typed_is_read_or_refused_without_a_fuss(typed: str) -> None:
    assert normalise(typed) is None or len(str(normalise(typed))) == LENGTH


def test_what_cannot_be_a_code() -> None:
    for typed in ("", "-", "é" * LENGTH, "ı" * LENGTH, "K" * 10_000, "１２３", "2222222222\x00"):
        assert normalise(typed) is None


def test_one_code_computed_by_hand() -> None:
    # 2,3,4 have the values 0,1,2; from the right the weights are 2, 3, 4: 2*2 + 1*3 + 0*4 = 7; 29 - 7 = 22 → "R".
    assert ALPHABET[22] == "R"
    assert check_character("234") == "R"


def test_a_code_is_derived_again_and_told_apart() -> None:
    assert make_code(b"secret", 7, 1) == make_code(b"secret", 7, 1)
    others = {make_code(b"secret", 7, 1), make_code(b"secret", 7, 2), make_code(b"secret", 8, 1), make_code(b"x", 7, 1)}
    assert len(others) == 4
    assert len({make_code(b"secret", id_, 1) for id_ in range(5000)}) == 5000


def test_what_is_stored_does_not_tell_the_code() -> None:
    code = make_code(b"secret", 7, 1)
    assert look_up_hash(b"secret", code) != look_up_hash(b"other", code)
    assert code not in look_up_hash(b"secret", code)
    assert look_up_hash(b"secret", "127.0.0.1") != address_hash(b"secret", "127.0.0.1")


@given(st.text("23456789ABCDEFGHJKMNPQRTVWXYZ01ILOSU", min_size=1, max_size=20), st.data())
def test_references_check_like_codes(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    digit = data.draw(st.sampled_from("0123456789"))
    wrong = text[:place] + digit + text[place + 1 :]
    if text[place].isdigit() and wrong != text:
        assert check_character(wrong) != check_character(text)
    assert check_character(f"{text[:3]}-{text[3:]}") == check_character(text)


def test_a_reference_of_foreign_characters_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match="数字"):
        check_character("3K-０００１")
