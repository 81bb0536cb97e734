"""The pick list in blocks: first what to take from the shelf, then parcel by parcel. Lengths in CSS pixels."""

from collections.abc import Iterator
from functools import lru_cache

from qianli.documents.blocks import Block, Field, Placed, Same
from qianli.documents.forms import ItemLine, PickList, PickParcel
from qianli.documents.manifest_pages import lines
from qianli.documents.measure import lines_needed, width_em

HIGH, HEAD, HEADING, TITLES, TOTAL, FOOT = 994, 100, 44, 27, 27, 22
BOTTOM = HIGH - FOOT - 8
LINE, AROUND = 15, 10
REFERENCE_HALVES, NAME_HALVES, COUNT_HALVES, SEQUENCE_HALVES, FOOT_HALVES = 17, 16, 6, 6, 30
ITEMS_EM, TOTAL_EM = 306 / 12, 260 / 13


def pages(form: PickList) -> Iterator[list[Placed]]:
    """The list, page by page."""
    made = list(_filled(_blocks(form)))
    for number, blocks in enumerate(made, start=1):
        top, placed = 0, []
        for block in blocks:
            placed.append(Placed(block, 0, top))
            top += block.high
        yield [*placed, Placed(_foot(form, number, len(made)), 0, HIGH - FOOT)]


def _blocks(form: PickList) -> Iterator[Block]:
    numbers = (("parcels", len(form.parcels)), ("members", form.members), ("pieces", form.pieces))
    yield Block("head", HEAD, (*_title(form), *numbers))
    yield Block("heading", HEADING, (("text", "一、从库房取货"),))
    yield Block("shelf", TITLES)
    for item in form.totals:
        yield Block("total", TOTAL + LINE * (lines_needed(item.name, TOTAL_EM) - 1), (("item", item),))
    yield Block("heading", HEADING, (("text", "二、按顺序装箱"),))
    yield Block("titles", TITLES)
    for parcel in form.parcels:
        yield _row(parcel)


def _title(form: PickList) -> Same:
    return (("name", form.campaign_name), ("code", form.campaign_code), ("round", form.round), ("on", form.made_on))


def _filled(blocks: Iterator[Block]) -> Iterator[list[Block]]:
    """Pages as full as they go; titles are said again, and a heading never stands last."""
    page, left = list[Block](), BOTTOM
    titles: Block | None = None
    for block in blocks:
        wanted = block.high + (TITLES + TOTAL if block.kind == "heading" else 0)
        if wanted > left and page:
            yield page
            page, left = [], BOTTOM
            if titles is not None and block.kind in ("row", "total"):
                page, left = [titles], BOTTOM - titles.high
        if block.kind in ("shelf", "titles"):
            titles = block
        page.append(block)
        left -= block.high
    yield page


def _foot(form: PickList, page: int, of: int) -> Block:
    text = Field.of(f"第{page}页，共{of}页", FOOT_HALVES, right=True)
    return Block("foot", FOOT, _title(form), {"page": text})


def _row(parcel: PickParcel) -> Block:
    shared = parcel.members > 1
    names, things = lines(parcel.consignee, NAME_HALVES), _item_lines(parcel.items)
    most = max(2, things, names + shared)
    fields = {
        "sequence": Field.of(str(parcel.sequence), SEQUENCE_HALVES, bold=True, right=True),
        "reference": Field.of(parcel.reference, REFERENCE_HALVES),
        "name": Field.of(parcel.consignee, NAME_HALVES, most),
        "count": Field.of(str(sum(item.quantity for item in parcel.items)), COUNT_HALVES, right=True),
    }
    if shared:
        fields["members"] = Field.of(f"等{parcel.members}人", NAME_HALVES)
    same = (("courier", parcel.courier_name), ("items", parcel.items), ("under", names * LINE if shared else 0))
    return Block("row", most * LINE + AROUND, same, fields)


@lru_cache(maxsize=4096)
def _item_lines(items: tuple[ItemLine, ...]) -> int:
    """An item and its number keep together, unless they are wider than the cell."""
    lines, left = 0, 0.0
    for item in items:
        said = f"{item.name}\u00a0×\u00a0{item.quantity}；"
        wide = width_em(said)
        if wide > left:
            lines, left = lines + lines_needed(said, ITEMS_EM), ITEMS_EM
        left -= wide
    return lines
