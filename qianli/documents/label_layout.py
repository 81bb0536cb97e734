"""Type sizes of a label: as large as name, address and sender allow, down to the smallest that can be read."""

from collections.abc import Hashable, Sequence
from functools import lru_cache

from qianli.documents import code128, half_em
from qianli.documents.blocks import Block, Field
from qianli.documents.codes import MODULES_MM
from qianli.documents.forms import AddressLabel, Sender
from qianli.documents.label_sizes import LabelSize
from qianli.documents.measure import LEADING, largest_that_fits, lines_needed
from qianli.errors import DocumentError

PX_A_PT = 4 / 3
NAMES = (28, 24, 20, 16, 14, 12, 10)
ADDRESSES = (24, 22, 20, 18, 16, 14, 12, 11, 10, 9)
SENDERS, CONTENTS = (12, 11, 10, 9, 8), (14, 12, 10, 9, 8)
ROUTES = (20, 18, 16, 14, 12, 10)
COURIER_PX, SEQUENCE_WIDE, BESIDE = 17, 62, 4  # the head of a label, as its style sheet has it
SEQUENCE_HALVES, POSTCODE_HALVES = 10, 6


def label_block(label: AddressLabel, size: LabelSize) -> Block:
    """A label as a block; DocumentError if something does not fit even in the smallest type."""
    name = _fitted((label.name,), NAMES, size.text_wide, size.name, "收件人姓名", bold=True)
    address = _fitted(
        (label.region, half_em.closed_up(label.detail)), ADDRESSES, size.text_wide, size.address, "收件地址"
    )
    sender_px, content_px = _constant(label.sender, label.content, size)
    fields = {
        "sequence": Field.of(f"第{label.sequence}件", SEQUENCE_HALVES, right=True),
        "name": name[1][0],
        "phone": Field.of(label.phone, max(len(label.phone), 13), bold=True),
        "region": address[1][0]._replace(bold=True),
        "detail": address[1][1],
        "reference": Field.of(label.reference, half_em.halves(label.reference), bold=True),
    }
    codes = {"reference": label.reference}
    if label.postcode:
        fields["postcode"] = Field.of(label.postcode, POSTCODE_HALVES)
    if label.waybill_number:
        fields["waybill"] = Field.of(label.waybill_number, half_em.halves(label.waybill_number), bold=True)
        codes["waybill"] = label.waybill_number
    same: tuple[tuple[str, Hashable], ...] = ()
    if label.route_code:
        left = half_em.halves(label.courier_name) * COURIER_PX // 2 + BESIDE
        wide = size.wide - left - SEQUENCE_WIDE - BESIDE
        fields["route"] = Field.of(label.route_code, half_em.halves(label.route_code), bold=True)
        same = (("route_left", left), ("route_wide", wide), ("route_px", _route_px(label.route_code, wide)))
    for text in codes.values():
        if code128.modules(text) * MODULES_MM[-1] > size.code_wide_mm:
            raise DocumentError("编号太长，条形码排不下。")
    same += (
        ("courier", label.courier_name), ("sender", label.sender), ("content", label.content), ("size", size),
        ("name_px", name[0]), ("address_px", address[0]), ("sender_px", sender_px), ("content_px", content_px),
    )  # fmt: skip
    return Block("label", size.high, same, fields, codes)


def _fitted(
    texts: Sequence[str], sizes: Sequence[int], wide: int, high: int, what: str, *, bold: bool = False
) -> tuple[int, list[Field]]:
    """The largest of these type sizes at which texts, one under the other, fit a box, and their fields."""
    for size in sizes:
        measure, most = int(2 * wide / size), int(high / (size * LEADING))
        counts = [_lines(text, measure) for text in texts]
        if sum(counts) <= most:
            last = most - sum(counts[:-1])
            limits = [*counts[:-1], last]
            return size, [Field.of(text, measure, limit, bold=bold) for text, limit in zip(texts, limits, strict=True)]
    raise DocumentError(f"{what}太长，面单排不下，请缩短。")


def _route_px(route_code: str, wide: int) -> int:
    """The largest type in which the sorters' code stands on one line between the courier and the sequence."""
    for size in ROUTES:
        if half_em.halves(route_code) * size <= 2 * wide:
            return size
    raise DocumentError("快递分拣码太长，面单排不下。")


def _lines(text: str, measure: int) -> int:
    """How many lines a text takes; of one that is not plain, never fewer than the layout engine will use."""
    broken = half_em.lines(text, measure)
    return len(broken) if broken else lines_needed(text, measure / 2)


@lru_cache(maxsize=64)
def _constant(sender: Sender, content: str, size: LabelSize) -> tuple[float, float]:
    texts = (f"{sender.name} {sender.phone}", sender.address)
    boxes = ((texts, SENDERS, size.sender, "寄件人"), ((content,), CONTENTS, size.content, "内件品名"))
    found = []
    for some, sizes, high, what in boxes:
        px = largest_that_fits(some, sizes, wide_pt=size.text_wide, high_pt=high)
        if px is None:
            raise DocumentError(f"{what}太长，面单排不下，请缩短。")
        found.append(px)
    return found[0], found[1]
