"""What stops single forms, by index and reason."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from qianli.documents import gates, press
from qianli.documents.card_press import card_block, name_fault
from qianli.documents.forms import AddressLabel, ContactCard, Letter
from qianli.documents.letter_layout import letter_layout
from qianli.documents.pdf import Pdf
from qianli.errors import DocumentError

LETTER = Letter.sample()


@pytest.mark.parametrize(
    ("forms", "name", "reason"),
    [([1], "张\ue000", "glyph_missing"), ([1], "A" * 50 + "·" + "B" * 200, "does_not_fit")],
)
def test_a_label_tells_why_it_cannot_be_printed(forms: list[int], name: str, reason: str) -> None:
    label = AddressLabel.sample()
    with pytest.raises(DocumentError) as caught:
        press.labels([label, replace(label, name=name), label], "roll_100x150")
    assert gates.at_fault(caught.value) == (forms, reason)


def test_more_pages_than_a_design_allows_are_refused() -> None:
    pdf = Pdf(b"", 6, (1, 2, 5, 6))
    assert gates.refuse_more_pages(pdf, None) is pdf
    assert gates.refuse_more_pages(pdf, 3) is pdf
    with pytest.raises(DocumentError, match="超过了版式规定的 2 页") as caught:
        gates.refuse_more_pages(pdf, 2)
    assert gates.at_fault(caught.value) == ([1], "does_not_fit")


def test_a_design_of_one_page_refuses_what_takes_two() -> None:
    long = replace(LETTER, paragraphs=LETTER.paragraphs * 4)
    assert letter_layout(long, "red_letter").long
    with pytest.raises(DocumentError, match="只有一页") as caught:
        press.letters([LETTER, long], "notice")
    assert gates.at_fault(caught.value) == ([1], "does_not_fit")


def test_an_error_about_the_template_is_nobodys() -> None:
    assert gates.at_fault(DocumentError("文书模板有错")) == ([], "does_not_fit")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("张伟", ""),
        ("阿不都热西提·买买提依明江·图尔荪托合提·阿卜杜拉·买买提", ""),
        ("阿不都热西提" * 6, "姓名太长，联系卡排不下。"),
    ],
)
def test_whether_a_name_has_room_on_a_card_is_known_before(name: str, fault: str) -> None:
    assert name_fault(name) == fault
    with pytest.raises(DocumentError, match=fault) if fault else nullcontext():
        card_block(replace(ContactCard.sample(), name=name))
