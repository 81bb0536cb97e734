"""The measures of a letter that depend on its text: letterhead, line pitch, pages, where the signature stands."""

from dataclasses import dataclass

from qianli.documents.emphasis import plain
from qianli.documents.forms import Letter
from qianli.documents.measure import lines_needed, width_em
from qianli.documents.words import written_date
from qianli.errors import DocumentError

RULE_PT = 170 / 25.4 * 72
HEAD_PT, SMALLEST_HEAD_PT = 32.0, 18.0
MEASURE_EM = 28
DATE_INDENT_EM = 4  # 成文日期右空四字
INDENT = "　　"
BODY_PT = 484.0  # from the salutation to the foot of a page that carries one
SIGNATURE_LINES = 3  # a blank one, the name, the date
PITCHES_PT = (28, 26, 24, 22)  # the standard's 29 pt as nearly as a letter of one page allows
LONG_PITCH_PT = 26
MOST_CONTENTS_EM = 100  # three lines of the foot


@dataclass(frozen=True)
class LetterLayout:
    """Sizes the template writes into the page. A `long` letter has its foot after the text, on its last page."""

    head_pt: float
    signature_em: float
    signature_wide_em: float
    pitch_pt: int
    long: bool
    contents: str


def letter_layout(letter: Letter) -> LetterLayout:
    """The layout of a letter; DocumentError if its sender's name fits neither letterhead nor signature."""
    sender = width_em(letter.sender)
    head_pt = min(HEAD_PT, int(RULE_PT / sender * 2) / 2)
    if head_pt < SMALLEST_HEAD_PT or sender > MEASURE_EM:
        raise DocumentError("发文单位名称太长，信头排不下，请改用简称。")
    # The signature is centred on the date; one that is wider hangs over it on both sides, up to the margin.
    date = width_em(written_date(letter.letter_on))
    overhang = max(0.0, (sender - date) / 2)
    pitch = _pitch_pt(letter)
    return LetterLayout(
        head_pt=head_pt,
        signature_em=round(max(0.0, DATE_INDENT_EM - overhang), 2),
        signature_wide_em=round(max(sender, date), 2),
        pitch_pt=pitch or LONG_PITCH_PT,
        long=pitch is None,
        contents=_contents(letter),
    )


def _pitch_pt(letter: Letter) -> int | None:
    """The widest pitch at which the letter takes one page; None if none does."""
    lines = lines_needed(letter.salutation, MEASURE_EM) + SIGNATURE_LINES
    lines += sum(lines_needed(INDENT + plain(paragraph), MEASURE_EM) for paragraph in letter.paragraphs)
    return next((pitch for pitch in PITCHES_PT if lines * pitch <= BODY_PT), None)


def _contents(letter: Letter) -> str:
    """What is in the parcel, one after another; a long list is only counted, the packing slip names everything."""
    named = "；".join(f"{item.name}\u00a0×\u00a0{item.quantity}" for item in letter.items)
    if width_em(named) <= MOST_CONTENTS_EM:
        return f"{named}。"
    return f"共 {len(letter.items)} 种 {sum(item.quantity for item in letter.items)} 件，名称见箱内装箱单。"
