"""Folding text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from qianli.folding import fold, fold_header


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_nothing_invisible_is_left(text: str) -> None:
    folded = fold(text)
    assert folded == folded.strip()
    assert "  " not in folded
    assert not any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in folded)
    assert not any(character in folded for character in "\u200b\u200d\u202e\u2066\ufeff")


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=20))
def test_han_characters_stay(text: str) -> None:
    assert fold(text) == text


def test_headers() -> None:
    assert fold_header(" 出生\n日期（年月日） *") == "出生日期"
    assert fold_header("（备注）") == "(备注)"
