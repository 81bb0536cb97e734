"""Letters in two languages: read apart, set beside each other, refused where they do not belong."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qianli.documents import press
from qianli.documents.forms import Letter
from qianli.documents.letter_text import check_text, filled, split_text
from qianli.documents.second_text import apart, refuse_unmatched
from qianli.errors import BadInput

FIRST = "{姓名}同志：\n见字如面。\n随信寄上**三本书**。\n"
UYGHUR = "=== ug\nقەدىرلىك {姓名}:\n\nيۇرتىڭىز سىزنى سېغىنىدۇ.\n"
ENGLISH = "===en\nDear {姓名},\nWe miss you.\nThree **books** come along.\nWrite to us.\n"


def form(raw: str) -> Letter:
    title, body = split_text(raw)
    check_text(title, body)
    return replace(Letter.sample(), **filled(title, body, {"姓名": "张伟"}))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_both_texts_are_read_apart_and_filled() -> None:
    letter = form(FIRST + ENGLISH)
    assert letter.paragraphs[0] == "见字如面。"
    assert letter.second is not None
    assert (letter.second.language, letter.second.right_to_left) == ("en", False)
    assert letter.second.salutation == "Dear 张伟,"
    assert [bool(one) and bool(other) for one, other in letter.pairs] == [True, True, True, False]
    assert apart("只有一种")[1] is None
    assert form(FIRST).second is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("=== xx\nDear,\nHello.", "“=== xx”不认识"),
        ("===\nDear,\nHello.", "不认识"),
        ("=== en\nDear,", "称呼（一行）和正文"),
        (ENGLISH + UYGHUR, "只能有一种"),
        ("=== en\nDear {name},\nHello.", "占位符“{name}”不认识"),
        ("=== en\nDear,\n<b>Hello</b>", "网页标记"),
        ("=== en\nDear,\n" + "word " * 2000, "第二种文字太长"),
    ],
)
def test_a_second_text_that_would_not_print_as_meant_is_refused(more: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        form(FIRST + more)
    assert any(says in one for one in caught.value.problems)


def test_texts_and_designs_belong_together() -> None:
    refuse_unmatched("一种", bilingual=False, design="notice")
    refuse_unmatched(ENGLISH, bilingual=True, design="bilingual")
    with pytest.raises(BadInput, match="要有第二种文字"):
        refuse_unmatched("一种", bilingual=True, design="bilingual")
    with pytest.raises(BadInput, match="请用“bilingual”"):
        refuse_unmatched(ENGLISH, bilingual=False, design="notice")


def test_they_stand_beside_each_other(read: Callable[[press.Pdf], Any]) -> None:
    english, long = form(FIRST + ENGLISH), form(FIRST + "这是很长的一段。" * 200 + "\n" + ENGLISH)
    made = press.letters([english, long], "bilingual", press.Pressing("stamp", worth=1))
    assert (made.stamped, made.remark) == (0, "")
    assert made.first_pages[:2] == (1, 2)
    assert made.pages > 2
    seen = read(made)
    page = seen.reading_order()[0]
    (line,) = [line for line in seen.layout().split("\f")[0].splitlines() if "见字如面" in line]
    assert "We miss you." in line
    assert "*" not in page
    for wanted in ("Dear 张伟,", "Write to us.", english.sender, english.number, "三本书"):
        assert squeezed(wanted) in squeezed(page)
    assert seen.codes(1) == [("QRCode", english.link)]


def test_a_text_from_right_to_left_is_printed_with_a_face_of_its_own() -> None:
    made = press.letters([form(FIRST + UYGHUR)], "bilingual")
    assert list(made.faces) == ["Noto Naskh Arabic"]
