"""The measures of a letter that depend on its text: letterhead, line pitch, pages, where the signature stands."""

from dataclasses import dataclass

from qianli.documents.designs import Design, body, measures
from qianli.documents.emphasis import plain
from qianli.documents.forms import Letter
from qianli.documents.measure import lines_needed, width_em
from qianli.documents.words import written_date
from qianli.errors import DocumentError

INDENT = "　　"
SEAL_PT = 46.0  # what a seal takes beside name and date
SIGNATURE_LINES = 3  # a blank one, the name, the date
MOST_CONTENTS_EM = 100  # three lines of the foot


@dataclass(frozen=True)
class LetterLayout:
    """Sizes the template writes into the page. A `long` letter has its foot after the text, on its last page."""

    head_pt: float
    signature_em: float
    signature_wide_em: float
    pitch_pt: float
    long: bool
    contents: str


def letter_layout(letter: Letter, design: str = "red_letter") -> LetterLayout:
    """The layout of a letter; DocumentError if its sender's name fits neither letterhead nor signature.

    DocumentError as well if the text does not fit the one page that its design has.
    """
    own, family = measures(design), body(design)
    sender = width_em(letter.sender, family)
    head_pt = min(own.head_pt, int(own.head_wide_pt / sender * 2) / 2)
    if head_pt < own.smallest_head_pt or sender > own.measure_em:
        raise DocumentError("发文单位名称太长，信头排不下，请改用简称。")
    # The signature is centred on the date; one that is wider hangs over it on both sides, up to the margin.
    date = width_em(written_date(letter.letter_on), family)
    overhang = max(0.0, (sender - date) / 2)
    pitch = None if own.bilingual else _pitch_pt(letter, own, family)
    if pitch is None and own.most_pages == 1:
        raise DocumentError(f"正文太长，“{own.label}”只有一页，排不下；请缩短正文，或换一种版式。")
    return LetterLayout(
        head_pt=head_pt,
        signature_em=round(max(0.0, own.date_indent_em - overhang), 2),
        signature_wide_em=round(max(sender, date), 2),
        pitch_pt=pitch or own.long_pitch_pt,
        long=pitch is None,
        contents=_contents(letter),
    )


def _pitch_pt(letter: Letter, own: Design, family: str) -> float | None:
    """The widest pitch at which the letter takes one page; None if none does."""
    lines = lines_needed(letter.salutation, own.measure_em, family) + SIGNATURE_LINES
    lines += sum(lines_needed(INDENT + plain(one), own.measure_em, family) for one in letter.paragraphs)
    room_pt = own.room_pt - (SEAL_PT if "seal" in letter.imprints else 0)
    return next((pitch for pitch in own.pitches_pt if lines * pitch <= room_pt), None)


def _contents(letter: Letter) -> str:
    """What is in the parcel, one after another; a long list is only counted, the packing slip names everything."""
    named = "；".join(f"{item.name}\u00a0×\u00a0{item.quantity}" for item in letter.items)
    if width_em(named) <= MOST_CONTENTS_EM:
        return f"{named}。"
    return f"共 {len(letter.items)} 种 {sum(item.quantity for item in letter.items)} 件，名称见箱内装箱单。"
