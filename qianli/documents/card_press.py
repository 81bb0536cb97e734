"""Contact cards: 90 x 54 mm, ten on an A4 sheet with marks to cut along."""

from collections.abc import Sequence
from dataclasses import replace

from qianli.documents import gates
from qianli.documents.block_press import Paper, press_pages, single_out
from qianli.documents.blocks import Block, Field, Placed
from qianli.documents.forms import ContactCard
from qianli.documents.glyphs import faces_of
from qianli.documents.half_em import lines
from qianli.documents.letter_press import Pressing
from qianli.documents.measure import width_em
from qianli.documents.pdf import Pdf
from qianli.errors import DocumentError

WIDE, HIGH = 340, 204  # CSS pixels: 90 x 54 mm
ACROSS, DOWN = 2, 5
PER_SHEET = ACROSS * DOWN
INNER = WIDE - 2 * 18
NAME_WIDE, NAMES = 250, (22, 20, 18, 16, 14, 12, 10, 9, 8)
SENDERS, CONTACTS = (13, 12, 11, 10, 9, 8), (12, 11, 10, 9, 8)
CONTACT_WIDE, PHONE_WIDE = 176, INNER - 180
PRESSING = Pressing()
PAPER = Paper("便民联系卡", "cards/contact_card.html", ("cards/contact_card.css",))
MARKS = Block("marks", HIGH * DOWN, (("across", ACROSS), ("down", DOWN), ("wide", WIDE), ("high", HIGH)))


def contact_cards(forms: Sequence[ContactCard], pressing: Pressing = PRESSING) -> Pdf:
    """Cards in their order, row by row; each form's page is the sheet it is on."""
    if not forms:
        raise ValueError("a paper needs at least one form")
    faces = faces_of(forms)
    blocks = gates.each(forms, card_block)
    pages = [
        [Placed(MARKS), *(_placed(block, slot) for slot, block in enumerate(blocks[start : start + PER_SHEET]))]
        for start in range(0, len(blocks), PER_SHEET)
    ]
    first_pages = tuple(index // PER_SHEET + 1 for index in range(len(blocks)))
    try:
        pdf = press_pages(PAPER, pages, pressing)
    except DocumentError as error:
        single_out(error, PAPER, [page[1:] for page in pages])
    return replace(pdf, first_pages=first_pages, faces=faces)


def card_block(card: ContactCard) -> Block:
    """A card as a block; DocumentError if something does not fit even in the smallest type."""
    name_px = _name_px(card.name)
    rows = [(f"{one.name}　{one.duty}", one.phone) for one in card.contacts]
    same = (
        ("sender", card.sender), ("phone", card.phone), ("rows", tuple(rows)), ("name_px", name_px),
        ("sender_px", _one_line([card.sender], SENDERS, INNER, "发文单位名称")),
        ("contact_px", min(
            _one_line([who for who, _ in rows], CONTACTS, CONTACT_WIDE, "联系人的姓名和职务"),
            _one_line([phone for _, phone in rows], CONTACTS, PHONE_WIDE, "联系人的电话"),
        )),
        ("phone_px", _one_line([card.phone], CONTACTS, PHONE_WIDE, "联系电话")),
    )  # fmt: skip
    fields = {
        "name": Field.of(card.name, int(2 * NAME_WIDE / name_px), bold=True),
        "number": Field.of(card.number, len(card.number)),
    }
    return Block("card", HIGH, same, fields)


def name_fault(name: str) -> str:
    """Why a name has no room on a card, in a sentence; empty if it has."""
    try:
        _name_px(name)
    except DocumentError as error:
        return error.message
    return ""


def _placed(block: Block, slot: int) -> Placed:
    down, across = divmod(slot, ACROSS)
    return Placed(block, across * WIDE, down * HIGH)


def _name_px(name: str) -> int:
    for size in NAMES:
        broken = lines(name, int(2 * NAME_WIDE / size))
        if len(broken) == 1 if broken else width_em(name) * size <= NAME_WIDE:
            return size
    raise DocumentError("姓名太长，联系卡排不下。")


def _one_line(texts: Sequence[str], sizes: Sequence[int], wide: int, what: str) -> int:
    """The largest of these type sizes at which each text takes one line."""
    widest = max(map(width_em, texts), default=0)
    for size in sizes:
        if widest * size <= wide:
            return size
    raise DocumentError(f"{what}太长，联系卡排不下，请缩短。")
