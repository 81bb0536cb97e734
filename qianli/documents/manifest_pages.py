"""Manifests in blocks: which rows stand on which page, and what the pages add up to. Lengths in CSS pixels."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from qianli.documents import half_em
from qianli.documents.blocks import Block, Field, Placed, Same
from qianli.documents.forms import ManifestPaper, ManifestRow
from qianli.documents.measure import largest_that_fits, lines_needed
from qianli.errors import DocumentError

HIGH, FOOT = 1024, 22
BOTTOM, MARK_TOP, MARK = HIGH - FOOT - 8, -38, 24
LINE, AROUND, LEAST_LINES, MOST_LINES = 15, 9, 2, 20
TOGETHER = 3  # rows that go with the signatures when those need a page of their own
FOOT_HALVES = 26
HEADS, HEAD_PT_HIGH, SENDER_PT_WIDE, CONTENT_PT_WIDE = (9.0, 8.0, 7.0, 6.5), 24.5, 79 / 25.4 * 72, 50 / 25.4 * 72


@dataclass(frozen=True)
class Sum:
    """So many parcels, their weight and their postage."""

    count: int = 0
    weight_g: int = 0
    postage_fen: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        """Both together."""
        return Sum(self.count + other.count, self.weight_g + other.weight_g, self.postage_fen + other.postage_fen)

    @classmethod
    def of(cls, row: ManifestRow) -> "Sum":
        """One parcel."""
        return cls(1, row.weight_g, row.postage_fen)


@dataclass(frozen=True)
class Design:
    """How a kind of manifest looks: heights of its parts, and how a row and the sums under it are drawn."""

    head: int
    titles: int
    sum: int
    total: int
    signatures: int
    row: Callable[[ManifestRow], Block]
    sums: Callable[[Sum, Sum], Block]  # of this page, of all so far


@dataclass(frozen=True)
class Head:
    """What stands in the head: the paper without its rows, what they add up to, and type sizes in points."""

    paper: ManifestPaper
    total: Sum
    name_pt: float
    address_pt: float
    content_pt: float


@dataclass(frozen=True)
class ManifestPage:
    """The rows of one page. Only the first has the head, only the last the signatures."""

    rows: tuple[Block, ...]
    sum: Sum

    @property
    def high(self) -> int:
        """How much of the page they take."""
        return sum(row.high for row in self.rows)


def head_layout(paper: ManifestPaper) -> tuple[float, float, float]:
    """The type sizes of sender, address and content; DocumentError if one of them does not fit."""
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
    return sizes[0], sizes[1], sizes[2]


def paginate(rows: Sequence[ManifestRow], design: Design) -> list[ManifestPage]:
    """Every page in order; the last one has room for the signatures and, if there is any, at least one row."""
    shares: list[list[tuple[Block, Sum]]] = [[]]
    room = left = BOTTOM - design.head - design.titles - design.sum
    for row in rows:
        block = design.row(row)
        if block.high > left:
            shares.append([])
            room = left = BOTTOM - design.titles - design.sum
        shares[-1].append((block, Sum.of(row)))
        left -= block.high
    if left < design.total + design.signatures and left < room:
        keep = max(1, len(shares[-1]) - TOGETHER)
        shares[-1:] = [shares[-1][:keep], shares[-1][keep:]]
    return [ManifestPage(tuple(block for block, _ in some), sum((one for _, one in some), Sum())) for some in shares]


def pages(paper: ManifestPaper, design: Design) -> Iterator[list[Placed]]:
    """The paper, page by page."""
    made = paginate(paper.rows, design)
    total = sum((page.sum for page in made), Sum())
    head = Head(replace(paper, rows=()), total, *head_layout(paper))
    so_far = accumulate((page.sum for page in made), initial=Sum())
    next(so_far)
    for number, (page, carried) in enumerate(zip(made, so_far, strict=True), start=1):
        blocks = [Block("titles", design.titles), *page.rows, design.sums(page.sum, carried)]
        if number == 1:
            blocks.insert(0, Block("head", design.head, (("head", head),)))
        if number == len(made):
            blocks.append(Block("total", design.total, (("sum", total),)))
            blocks.append(Block("signatures", design.signatures, (("link", paper.link),)))
        yield [*_stacked(blocks), *_mark(paper), Placed(_foot(paper.number, number, len(made)), 0, HIGH - FOOT)]


def _stacked(blocks: Sequence[Block]) -> Iterator[Placed]:
    tops = accumulate((block.high for block in blocks[:-1]), initial=0)
    return (Placed(block, 0, top) for block, top in zip(blocks, tops, strict=True))


def _mark(paper: ManifestPaper) -> list[Placed]:
    same: Same = (("mark", paper.mark),)
    return [Placed(Block("mark", MARK, same), 0, MARK_TOP)] if paper.mark else []


def _foot(number: str, page: int, of: int) -> Block:
    text = Field.of(f"第{page}页，共{of}页", FOOT_HALVES, right=True)
    return Block("foot", FOOT, (("number", number),), {"page": text})


def row_lines(row: ManifestRow, *needed: int) -> int:
    """How many lines a row takes; DocumentError names one that would be higher than people can read."""
    most = max(LEAST_LINES, *needed)
    if most > MOST_LINES:
        raise DocumentError("收件人姓名或地址太长，交接单排不下，请缩短。", position=row.position)
    return most


def lines(text: str, measure: int) -> int:
    """How many lines a text takes; of one that is not plain, never fewer than the layout engine will use."""
    broken = half_em.lines(text, measure)
    return len(broken) if broken else lines_needed(text, measure / 2)
