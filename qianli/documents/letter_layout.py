"""The two measures of a letter that depend on its text: the letterhead's size and where the signature stands."""

from dataclasses import dataclass

from qianli.documents.forms import Letter
from qianli.documents.measure import width_em
from qianli.documents.words import written_date
from qianli.errors import DocumentError

RULE_PT = 170 / 25.4 * 72
HEAD_PT = 32.0
SMALLEST_HEAD_PT = 18.0
MEASURE_EM = 28
DATE_INDENT_EM = 4  # 成文日期右空四字


@dataclass(frozen=True)
class LetterLayout:
    """Sizes the template writes into the page."""

    head_pt: float
    signature_em: float


def of(letter: Letter) -> LetterLayout:
    """The layout of a letter; DocumentError if its sender's name does not fit on the letterhead or signature."""
    sender = width_em(letter.sender)
    head_pt = min(HEAD_PT, int(RULE_PT / sender * 2) / 2)
    if head_pt < SMALLEST_HEAD_PT or sender > MEASURE_EM:
        raise DocumentError("发文单位名称太长，信头排不下，请改用简称。")
    # The signature is centred on the date; one that is wider hangs over it on both sides, up to the margin.
    overhang = max(0.0, (sender - width_em(written_date(letter.letter_on))) / 2)
    return LetterLayout(head_pt, round(max(0.0, DATE_INDENT_EM - overhang), 2))
