"""Every letter design: full pages stay one page, what is stamped is what would be laid out, nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from qianli.documents import designs, fonts, press, release_check
from qianli.documents.designs import DESIGNS, KAI
from qianli.documents.forms import Letter
from qianli.documents.letter_layout import SIGNATURE_LINES, letter_layout
from qianli.documents.letter_text import fill
from qianli.documents.templates import designs as names
from qianli.testing_letters import UGLY_BODY, seeded_letters

LETTER = Letter.sample()
NEW = [name for name, own in DESIGNS.items() if name != "red_letter" and not own.bilingual]
STAMP = press.Pressing("stamp", seed=7, worth=1)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_design_has_measures_and_a_label() -> None:
    assert set(names()) == set(DESIGNS)
    assert len({one.label for one in DESIGNS.values()}) == len(DESIGNS)
    assert designs.measures("of_our_own") == DESIGNS["red_letter"]


@pytest.mark.parametrize("name", NEW)
def test_full_pages_stay_one_page(name: str) -> None:
    own = DESIGNS[name]
    forms = []
    for pitch in (own.pitches_pt[0], own.pitches_pt[-1]):
        lines = int(own.room_pt / pitch) - SIGNATURE_LINES - 1
        forms += [replace(LETTER, paragraphs=("字" * 20,) * lines)]
    forms += [replace(one, confirm_url=None, code=None) for one in forms]
    layouts = [letter_layout(one, name) for one in forms]
    assert [one.long for one in layouts] == [False] * 4
    assert press.letters(forms, name).first_pages == (1, 2, 3, 4)
    long = replace(LETTER, paragraphs=LETTER.paragraphs * 3)
    if own.most_pages is None:
        assert letter_layout(long, name).long
        assert press.letters([long], name).pages > 1


@pytest.mark.usefixtures("one_checked")
@pytest.mark.slow
@pytest.mark.parametrize("name", NEW)
def test_stamped_is_as_laid_out(name: str, read: Callable[[press.Pdf], Any]) -> None:
    some = [*seeded_letters(2, seed=5, odd=0.3, body=UGLY_BODY), *seeded_letters(1, seed=6, url=None)]
    if DESIGNS[name].most_pages is None:
        some += [replace(some[0], paragraphs=some[0].paragraphs * 8)]
    some += [replace(some[0], paragraphs=fill(f"请**{some[0].name}保重**，“{some[0].name}”。", {}))]
    letters = [*some, *(replace(one, salutation=one.salutation.replace("同志", "先生")) for one in some)]
    made, plain = press.letters(letters, name, STAMP), press.letters(letters, name, press.Pressing("layout"))
    assert (made.remark, made.stamped) == ("", len(letters))
    assert release_check.first_difference(made, range(len(letters)), plain) is None
    seen = read(made)
    text = seen.text()
    assert all(squeezed(one.salutation) in text and one.number in text for one in letters)
    assert seen.codes(1) == [("QRCode", letters[0].link)]


def test_the_family_letter_is_set_in_kai_where_there_is_one(read: Callable[[press.Pdf], Any]) -> None:
    there = [family for family in KAI if fonts.face_files(family)]
    assert designs.body("family_letter") == (there or [fonts.SERIF])[0]
    rare = replace(LETTER, salutation="张𠅤同志：")  # Song has it, Kai may not
    used = read(press.letters([rare], "family_letter")).fonts()
    assert designs.body("family_letter").replace(" ", "-") in used
