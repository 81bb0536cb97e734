"""The manifest in blocks: which rows stand on which page, and what each page adds up to. Lengths in CSS pixels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qianli.documents import half_em
from qianli.documents.blocks import Block, Field, Placed, Same
from qianli.documents.forms import ManifestPaper, ManifestRow
from qianli.documents.measure import largest_that_fits, lines_needed
from qianli.errors import DocumentError

HIGH, HEAD, TITLES, SUM, TOTAL, SIGNATURES, FOOT = 1024, 188, 26, 26, 26, 136, 22
BOTTOM, DRAFT_TOP = HIGH - FOOT - 8, -38
LINE, AROUND, LEAST_LINES, MOST_LINES = 15, 9, 2, 20
TOGETHER = 3  # rows that go with the signatures when those need a page of their own
NAME_HALVES, ADDRESS_HALVES, CODE_HALVES, NUMBER_HALVES, WEIGHT_HALVES, FOOT_HALVES = 14, 45, 20, 5, 9, 26
HEADS, HEAD_PT_HIGH, SENDER_PT_WIDE, CONTENT_PT_WIDE = (9.0, 8.0, 7.0, 6.5), 24.5, 79 / 25.4 * 72, 50 / 25.4 * 72


@dataclass(frozen=True)
class Head:
    """What stands in the head: the paper without its rows, and type sizes in points."""

    paper: ManifestPaper
    count: int
    name_pt: float
    address_pt: float
    content_pt: float


@dataclass(frozen=True)
class ManifestPage:
    """The rows of one page. Only the first has the head, only the last the signatures."""

    rows: tuple[Block, ...]
    weight_g: int

    @property
    def count(self) -> int:
        """Parcels on this page."""
        return len(self.rows)

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


def paginate(rows: Sequence[ManifestRow]) -> list[ManifestPage]:
    """Every page in order; the last one has room for the signatures and, if there is any, at least one row."""
    shares: list[list[tuple[Block, int]]] = [[]]
    room = left = BOTTOM - HEAD - TITLES - SUM
    for row in rows:
        block = _row(row)
        if block.high > left:
            shares.append([])
            room = left = BOTTOM - TITLES - SUM
        shares[-1].append((block, row.weight_g))
        left -= block.high
    if left < TOTAL + SIGNATURES and left < room:
        keep = max(1, len(shares[-1]) - TOGETHER)
        shares[-1:] = [shares[-1][:keep], shares[-1][keep:]]
    return [ManifestPage(tuple(block for block, _ in some), sum(grams for _, grams in some)) for some in shares]


def pages(paper: ManifestPaper) -> Iterator[list[Placed]]:
    """The paper, page by page."""
    made = paginate(paper.rows)
    head = _head(paper)
    total: Same = (("count", len(paper.rows)), ("weight_g", paper.weight_g))
    for number, page in enumerate(made, start=1):
        top, placed = 0, []
        blocks = [*([head] if number == 1 else []), Block("titles", TITLES), *page.rows, _sum(page)]
        if number == len(made):
            blocks += [Block("total", TOTAL, total), Block("signatures", SIGNATURES)]
        for block in blocks:
            placed.append(Placed(block, 0, top))
            top += block.high
        if paper.draft:
            placed.append(Placed(Block("draft", 24), 0, DRAFT_TOP))
        yield [*placed, Placed(_foot(paper.number, number, len(made)), 0, HIGH - FOOT)]


def _head(paper: ManifestPaper) -> Block:
    head = Head(_without_rows(paper), len(paper.rows), *head_layout(paper))
    return Block("head", HEAD, (("head", head),))


def _without_rows(paper: ManifestPaper) -> ManifestPaper:
    return ManifestPaper(
        paper.number, paper.courier_name, paper.sender, paper.content, (), draft=paper.draft, made_on=paper.made_on
    )


def _foot(number: str, page: int, of: int) -> Block:
    text = Field.of(f"第{page}页，共{of}页", FOOT_HALVES, right=True)
    return Block("foot", FOOT, (("number", number),), {"page": text})


def _sum(page: ManifestPage) -> Block:
    count = Field.of(f"{page.count}件", NUMBER_HALVES + 2, bold=True)
    weight = Field.of(str(page.weight_g), WEIGHT_HALVES, bold=True, right=True)
    return Block("sum", SUM, (), {"count": count, "weight": weight})


def _row(row: ManifestRow) -> Block:
    name, address, code = row.name, half_em.closed_up(row.address), row.waybill_number or ""
    most = max(LEAST_LINES, lines(name, NAME_HALVES), lines(address, ADDRESS_HALVES), 1 + lines(code, CODE_HALVES))
    if most > MOST_LINES:
        raise DocumentError("收件人姓名或地址太长，交接单排不下，请缩短。", position=row.position)
    fields = {
        "position": Field.of(str(row.position), NUMBER_HALVES, right=True),
        "reference": Field.of(row.reference, CODE_HALVES),
        "name": Field.of(name, NAME_HALVES, most),
        "address": Field.of(address, ADDRESS_HALVES, most),
        "weight": Field.of(str(row.weight_g), WEIGHT_HALVES, right=True),
    }
    if code:
        fields["waybill"] = Field.of(code, CODE_HALVES, most - 1)
    return Block("row", most * LINE + AROUND, (), fields)


def lines(text: str, measure: int) -> int:
    """How many lines a text takes; of one that is not plain, never fewer than the layout engine will use."""
    broken = half_em.lines(text, measure)
    return len(broken) if broken else lines_needed(text, measure / 2)
