"""Letters as the press stamps them: what may differ between members, and in which ink it is printed.

Running texts, the salutation and the paragraphs, fill lines that the layout engine breaks. Fixed texts stand on a line
of their own, in an ink: a face with its features.
"""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from qianli.documents import fonts
from qianli.documents.forms import Letter

SALUTATION, PARAGRAPH = "salutation", "paragraph"
STRONG = "strong"  # emphasised words of a paragraph
SANS, HALF, HALF_BOLD = "sans", "half", "half_bold"
#: The style of each ink, as the designs have it.
INKS = {
    SANS: f"font-family:'{fonts.SANS}'",
    HALF: f"font-family:'{fonts.SANS}';font-feature-settings:'hwid'",
    HALF_BOLD: f"font-family:'{fonts.SANS}';font-feature-settings:'hwid';font-weight:bold",
}
#: Of which ideographs take each other's place; elsewhere figures and letters do.
WIDE = frozenset((SALUTATION, PARAGRAPH, SANS))

Text = tuple[str, str]  # kind or ink, and the text itself


def running(letter: Letter) -> list[Text]:
    """The texts that are broken into lines, in their order."""
    return [(SALUTATION, letter.salutation), *((PARAGRAPH, one) for one in letter.paragraphs)]


def fixed(letter: Letter) -> list[Text]:
    """The texts that stand by themselves; each in one place on paper, or in several."""
    if letter.link and letter.code:
        return [(HALF, letter.number), (HALF_BOLD, letter.code)]
    return [(HALF, letter.number), (SANS, letter.name)]


def with_texts(letter: Letter, lines: Sequence[str], others: Sequence[Text]) -> Letter:
    """The letter with other running texts and other fixed ones."""
    by_ink = dict(others)
    return replace(
        letter,
        salutation=lines[0],
        paragraphs=tuple(lines[1:]),
        number=by_ink[HALF],
        name=by_ink.get(SANS, letter.name),
        code=by_ink.get(HALF_BOLD, letter.code),
    )


def same(letter: Letter) -> Hashable:
    """What must be equal for letters to share a layout, whatever their texts."""
    foot = letter.items, letter.phone, letter.confirm_url, letter.reply_address
    return letter.sender, letter.letter_on, letter.imprints, foot
