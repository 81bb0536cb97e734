"""Which rows of a manifest stand on which page, and what each page adds up to.

A row is 10 mm high, or a multiple of it for a very long address, so that pages are known before anything is laid out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qianli.documents.forms import ManifestPaper, ManifestRow
from qianli.documents.measure import largest_that_fits
from qianli.errors import DocumentError

#: Rows of 10 mm that fit: below the head of the first page, on one that only continues, and what the signatures take.
FIRST, OTHER, END = 20, 24, 5
TOGETHER = 3  # rows that go with the signatures when those need a page of their own
ROW_PT, BORDER_PT, MOST_UNITS = 28.34, 1.3, 4
NAME_PT_WIDE, ADDRESS_PT_WIDE = 23.5 / 25.4 * 72, 70 / 25.4 * 72
NAMES, ADDRESSES, ONE_LINE_PT = (10.5, 9.5, 8.8, 8.0, 7.0, 6.2), (9.0, 8.5, 8.0, 7.0, 6.2), 8.0
HEADS, HEAD_PT_HIGH, SENDER_PT_WIDE, CONTENT_PT_WIDE = (9.0, 8.0, 7.0, 6.5), 24.5, 79 / 25.4 * 72, 50 / 25.4 * 72


@dataclass(frozen=True)
class HeadLayout:
    """Type sizes of the head in points."""

    name_pt: float
    address_pt: float
    content_pt: float


@dataclass(frozen=True)
class LaidRow:
    """A row with its type sizes in points and its height in units of 10 mm."""

    row: ManifestRow
    name_pt: float
    address_pt: float
    units: int


@dataclass(frozen=True)
class ManifestPage:
    """The rows of one page. Only the first has the head, only the last the signatures."""

    rows: tuple[LaidRow, ...]

    @property
    def count(self) -> int:
        """Parcels on this page."""
        return len(self.rows)

    @property
    def weight_g(self) -> int:
        """Their weight."""
        return sum(laid.row.weight_g for laid in self.rows)

    @property
    def units(self) -> int:
        """How much of the page they take."""
        return sum(laid.units for laid in self.rows)


def head_layout(paper: ManifestPaper) -> HeadLayout:
    """The sizes of the head; DocumentError if sender or content do not fit."""
    found = [
        largest_that_fits((text,), HEADS, wide_pt=wide, high_pt=HEAD_PT_HIGH)
        for text, wide in (
            (paper.sender.name, SENDER_PT_WIDE),
            (paper.sender.address, SENDER_PT_WIDE),
            (paper.content, CONTENT_PT_WIDE),
        )
    ]
    sizes = [size for size in found if size]
    if len(sizes) < len(found):
        raise DocumentError("交寄单位、地址或内件品名太长，交接单排不下，请缩短。")
    return HeadLayout(*sizes)


def paginate(rows: Sequence[ManifestRow]) -> list[ManifestPage]:
    """Every page in order; the last one has room for the signatures and, if there is any, at least one row."""
    shares: list[list[LaidRow]] = [[]]
    room = left = FIRST
    for laid in map(_laid, rows):
        if laid.units > left:
            shares.append([])
            room = left = OTHER
        shares[-1].append(laid)
        left -= laid.units
    if room - left > room - END:
        keep = max(1, len(shares[-1]) - TOGETHER)
        shares[-1:] = [shares[-1][:keep], shares[-1][keep:]]
    return [ManifestPage(tuple(share)) for share in shares]


def _laid(row: ManifestRow) -> LaidRow:
    for units in range(1, MOST_UNITS + 1):
        high_pt = units * ROW_PT - BORDER_PT
        name = largest_that_fits((row.name,), NAMES, wide_pt=NAME_PT_WIDE, high_pt=high_pt, one_line_pt=ONE_LINE_PT)
        address = largest_that_fits(
            (row.address,), ADDRESSES, wide_pt=ADDRESS_PT_WIDE, high_pt=high_pt, one_line_pt=ONE_LINE_PT
        )
        if name and address:
            return LaidRow(row, name, address, units)
    raise DocumentError("收件人姓名或地址太长，交接单排不下，请缩短。", position=row.position)
