"""Address labels, on rolls and on sheets that may already be partly used."""

from collections.abc import Sequence
from dataclasses import replace

from qianli.documents import gates
from qianli.documents.block_press import Paper, press_pages, single_out
from qianli.documents.blocks import Placed
from qianli.documents.forms import AddressLabel
from qianli.documents.glyphs import faces_of
from qianli.documents.label_layout import label_block
from qianli.documents.label_sizes import SIZES
from qianli.documents.letter_press import Pressing
from qianli.documents.pdf import Pdf
from qianli.errors import DocumentError

PRESSING = Pressing()


def labels(forms: Sequence[AddressLabel], layout: str, pressing: Pressing = PRESSING, *, from_label: int = 1) -> Pdf:
    """One label a page on a roll, or two by two on A4, beginning on label `from_label` (from 1) of the first sheet."""
    if not forms:
        raise ValueError("a paper needs at least one form")
    size = SIZES[layout]
    faces = faces_of(forms)
    blocks = gates.each(forms, lambda label: label_block(label, size))
    used = (from_label - 1) % size.per_sheet
    slots = range(used, used + len(blocks))
    placed = [Placed(block, *size.place(slot % size.per_sheet)) for slot, block in zip(slots, blocks, strict=True)]
    starts = [0, *range(size.per_sheet - used, len(placed), size.per_sheet)]
    pages = [placed[start:end] for start, end in zip(starts, [*starts[1:], len(placed)], strict=True)]
    paper = Paper("面单", f"labels/{layout}.html", ("labels/address_label.css", f"labels/{layout}.css"))
    first_pages = tuple(slot // size.per_sheet + 1 for slot in slots)
    try:
        pdf = press_pages(paper, pages, pressing)
    except DocumentError as error:
        if size.per_sheet == 1:
            raise
        single_out(error, paper, pages)
    return replace(pdf, first_pages=first_pages, faces=faces)
