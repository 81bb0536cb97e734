"""Type sizes of a label: as large as name, address, sender and content allow."""

from dataclasses import dataclass

from qianli.documents.forms import AddressLabel
from qianli.documents.measure import largest_that_fits
from qianli.errors import DocumentError

WIDE_PT = 78 / 25.4 * 72  # across, beside the marks 收 and 寄
NAME_PT_HIGH, NAMES = 34.0, (24.0, 20.0, 16.0, 13.0, 11.0, 9.0)
ADDRESS_PT_HIGH, ADDRESSES = 94.0, (20.0, 18.0, 16.0, 14.0, 12.5, 11.0, 10.0, 9.0, 8.0, 7.0, 6.5)
SENDER_PT_HIGH, SENDERS = 42.0, (8.5, 7.5, 6.5, 6.0)
CONTENT_PT_WIDE, CONTENT_PT_HIGH, CONTENTS = 22.5 / 25.4 * 72, 38.0, (9.5, 8.5, 7.5, 6.5, 6.0)


@dataclass(frozen=True)
class LabelLayout:
    """Type sizes in points."""

    name_pt: float
    address_pt: float
    sender_pt: float
    content_pt: float


def label_layout(label: AddressLabel) -> LabelLayout:
    """The layout of a label; DocumentError if something does not fit even in the smallest type."""
    sender = (f"{label.sender.name}　{label.sender.phone}", label.sender.address)
    return LabelLayout(
        name_pt=_size((label.name,), NAMES, (WIDE_PT, NAME_PT_HIGH), "收件人姓名"),
        address_pt=_size((label.region, label.detail), ADDRESSES, (WIDE_PT, ADDRESS_PT_HIGH), "收件地址"),
        sender_pt=_size(sender, SENDERS, (WIDE_PT, SENDER_PT_HIGH), "寄件人"),
        content_pt=_size((label.content,), CONTENTS, (CONTENT_PT_WIDE, CONTENT_PT_HIGH), "内件品名"),
    )


def _size(texts: tuple[str, ...], sizes: tuple[float, ...], box_pt: tuple[float, float], what: str) -> float:
    size = largest_that_fits(texts, sizes, wide_pt=box_pt[0], high_pt=box_pt[1])
    if size is None:
        raise DocumentError(f"{what}太长，面单排不下，请缩短。")
    return size
