"""Packing slips in blocks: a head, every member's share, what to do with it. Lengths in CSS pixels."""

from collections.abc import Iterator, Sequence

from qianli.documents import half_em
from qianli.documents.blocks import Block, Field, Placed
from qianli.documents.forms import ItemLine, PackingSlip, SlipMember
from qianli.documents.manifest_pages import lines
from qianli.documents.measure import lines_needed

HIGH, HEAD, TITLES, FOOT, END = 704, 98, 24, 20, 72
BOTTOM = HIGH - FOOT - 6
MEMBER, LINE, AROUND = 24, 16, 4
NAME_HALVES, NUMBER_HALVES, SEQUENCE_HALVES, PAGE_HALVES = 36, 22, 10, 18
ITEM_EM, WIDE_EM = 330 / 13, 464 / 12
AT_ONCE = 20  # things in one block; a share of more goes on in the next


def pages(slip: PackingSlip) -> Iterator[list[Placed]]:
    """The slip, page by page."""
    made = list(_filled(_blocks(slip)))
    for number, blocks in enumerate(made, start=1):
        top, placed = 0, []
        for block in blocks:
            placed.append(Placed(block, 0, top))
            top += block.high
        yield [*placed, Placed(_foot(slip, number, len(made)), 0, HIGH - FOOT)]


def _blocks(slip: PackingSlip) -> Iterator[Block]:
    same = (("campaign", slip.campaign_name), ("sender", slip.sender), ("replacement", slip.replacement))
    fields = {
        "sequence": Field.of(f"第{slip.sequence}件", SEQUENCE_HALVES, bold=True),
        "reference": Field.of(slip.reference, half_em.halves(slip.reference), bold=True),
    }
    yield Block("head", HEAD, same, fields, {"reference": slip.reference})
    yield Block("titles", TITLES)
    for member in slip.members:
        yield _member(member)
        for start in range(0, len(member.items), AT_ONCE):
            yield _items(member.items[start : start + AT_ONCE])
    yield _end(slip)


def _filled(blocks: Iterator[Block]) -> Iterator[list[Block]]:
    """Pages as full as they go; titles are said again, and a name never stands last."""
    page, left = list[Block](), BOTTOM
    waiting = list(blocks)
    for place, block in enumerate(waiting):
        wanted = block.high + (waiting[place + 1].high if block.kind == "member" else 0)
        if wanted > left and page:
            yield page
            titles = [Block("titles", TITLES)] if block.kind != "end" else []
            page, left = titles, BOTTOM - TITLES * len(titles)
        page.append(block)
        left -= block.high
    yield page


def _member(member: SlipMember) -> Block:
    most = lines(member.name, NAME_HALVES)
    fields = {
        "name": Field.of(member.name, NAME_HALVES, most, bold=True),
        "number": Field.of(member.number, NUMBER_HALVES, right=True),
    }
    return Block("member", MEMBER + LINE * (most - 1), (), fields)


def _items(items: Sequence[ItemLine]) -> Block:
    highs = tuple(lines_needed(item.name, ITEM_EM) * LINE + AROUND for item in items)
    tops = tuple(sum(highs[:place]) for place in range(len(highs)))
    return Block("items", sum(highs), (("items", tuple(items)), ("tops", tops), ("highs", highs)))


def _end(slip: PackingSlip) -> Block:
    if len(slip.members) == 1:
        return Block("end", END, (("phone", slip.phone), ("members", 1)))
    named = "；".join(f"{item.name}\u00a0×\u00a0{item.quantity}" for item in slip.totals)
    said = f"全箱 {len(slip.members)} 人，共 {slip.pieces} 件：{named}。"
    high = lines_needed(said, WIDE_EM) * LINE + LINE
    same = (
        ("phone", slip.phone), ("members", len(slip.members)), ("pieces", slip.pieces), ("totals", slip.totals),
        ("under", high),
    )  # fmt: skip
    return Block("end", END + high, same)


def _foot(slip: PackingSlip, page: int, of: int) -> Block:
    fields = {
        "reference": Field.of(slip.reference, NUMBER_HALVES),
        "page": Field.of(f"第{page}页，共{of}页", PAGE_HALVES, right=True),
    }
    return Block("foot", FOOT, (), fields)
