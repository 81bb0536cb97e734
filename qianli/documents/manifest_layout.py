"""Which rows of a manifest stand on which page, and what each page adds up to: rows have one height, so it is sums."""

from collections.abc import Sequence
from dataclasses import dataclass

from qianli.documents.forms import ManifestRow
from qianli.documents.measure import lines_needed
from qianli.errors import DocumentError

#: Rows that fit: below the head of the first page, on one that only continues, and what the signatures take away.
FIRST, OTHER, END = 20, 24, 5
TOGETHER = 3  # rows at least that go with the signatures onto a page of their own
LEADING = 1.25
ROW_PT = 27.0
NAME_PT_WIDE, ADDRESS_PT_WIDE = 23.5 / 25.4 * 72, 70 / 25.4 * 72
NAMES, ADDRESSES = (10.5, 9.5, 8.8, 8.0, 7.0, 6.0), (9.0, 8.5, 8.0, 7.0, 6.2)


@dataclass(frozen=True)
class LaidRow:
    """A row with its type sizes in points."""

    row: ManifestRow
    name_pt: float
    address_pt: float


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


def paginate(rows: Sequence[ManifestRow]) -> list[ManifestPage]:
    """Every page in order; the last one has room for the signatures and, if there is any, at least one row."""
    pages = [ManifestPage(tuple(_laid(row) for row in share)) for share in _shares(rows)]
    return pages or [ManifestPage(())]


def _shares(rows: Sequence[ManifestRow]) -> list[Sequence[ManifestRow]]:
    shares: list[Sequence[ManifestRow]] = []
    start = 0
    while start < len(rows):
        room, left = (OTHER if shares else FIRST), len(rows) - start
        # The rest fits with the signatures: done. It fits only without them: keep some rows back to go with them.
        take = left if left <= room - END else min(room, left - TOGETHER)
        shares.append(rows[start : start + take])
        start += take
    return shares


def _laid(row: ManifestRow) -> LaidRow:
    return LaidRow(
        row=row,
        name_pt=_size(row.name, NAMES, NAME_PT_WIDE, row.position, one_line_pt=8.0),
        address_pt=_size(row.address, ADDRESSES, ADDRESS_PT_WIDE, row.position, one_line_pt=8.0),
    )


def _size(text: str, sizes: tuple[float, ...], wide_pt: float, position: int, one_line_pt: float) -> float:
    """The largest size that fits the row; a text that fits one line at `one_line_pt` or more is not broken."""
    for size in sizes:
        lines = lines_needed(text, wide_pt / size)
        broken_early = lines > 1 and lines_needed(text, wide_pt / one_line_pt) == 1
        if lines * size * LEADING <= ROW_PT and not broken_early:
            return size
    raise DocumentError("收件人姓名或地址太长，交接单排不下，请缩短。", position=position)
