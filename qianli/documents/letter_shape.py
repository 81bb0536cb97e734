"""Letters as the press stamps them: what differs between members, by ink, and what decides the layout.

An ink is a face with its features. Characters of one ink that are inert take each other's place; letters that look
alike once all of these are the same have the same layout, whatever their text.
"""

from collections.abc import Hashable
from dataclasses import replace

from qianli.documents import emphasis, fonts, inert
from qianli.documents.forms import Letter
from qianli.errors import NotStampable

SERIF, STRONG, SANS, HALF, HALF_BOLD = "serif", "strong", "sans", "half", "half_bold"
#: The style of each ink, as the designs have it. That of the running text is whatever the whole document's is.
INKS = {
    SERIF: "",
    STRONG: f"font-family:'{fonts.SANS}';font-weight:bold",
    SANS: f"font-family:'{fonts.SANS}'",
    HALF: f"font-family:'{fonts.SANS}';font-feature-settings:'hwid'",
    HALF_BOLD: f"font-family:'{fonts.SANS}';font-feature-settings:'hwid';font-weight:bold",
}
WIDE = (SERIF, STRONG, SANS)
BREAK = "\n"

Texts = dict[str, str]


def texts(letter: Letter) -> Texts:
    """What may differ between members, by ink; every character stands in one place on paper, or in several."""
    rest, strong = emphasis.apart(BREAK.join((letter.salutation, *letter.paragraphs)), BREAK)
    found = {SERIF: rest, STRONG: strong, HALF: letter.number}
    if letter.link and letter.code:
        return found | {HALF_BOLD: letter.code}
    return found | {SANS: letter.name}


def shape(letter: Letter, inks: Texts, body: str = fonts.SERIF) -> Hashable:
    """What decides the layout: equal for letters that differ in inert characters only; `body` is their family."""
    same = (letter.sender, letter.letter_on, letter.items, letter.phone, letter.confirm_url, letter.reply_address)
    wide, half = inert.wide_shape(body), inert.half_shape()
    return same, tuple((ink, text.translate(wide if ink in WIDE else half)) for ink, text in inks.items())


def with_texts(letter: Letter, inks: Texts) -> Letter:
    """The letter with other texts of the same shape."""
    salutation, *paragraphs = emphasis.together(inks[SERIF], inks[STRONG], BREAK).split(BREAK)
    if len(paragraphs) != len(letter.paragraphs):
        raise NotStampable("书信的段落里有换行")
    return replace(
        letter,
        salutation=salutation,
        paragraphs=tuple(paragraphs),
        number=inks[HALF],
        name=inks.get(SANS, letter.name),
        code=inks.get(HALF_BOLD, letter.code),
    )
