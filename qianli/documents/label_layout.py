"""Type sizes of a label: as large as name, address and sender allow."""

from dataclasses import dataclass

from qianli.documents.forms import AddressLabel
from qianli.documents.measure import lines_needed
from qianli.errors import DocumentError

MEASURE_PT = 78 / 25.4 * 72  # across, beside the marks 收 and 寄
LEADING = 1.25
NAME_PT, NAMES = 34.0, (24.0, 20.0, 16.0, 13.0, 11.0, 9.0)
ADDRESS_PT, ADDRESSES = 94.0, (20.0, 18.0, 16.0, 14.0, 12.5, 11.0, 10.0, 9.0)
SENDER_PT, SENDERS = 42.0, (8.5, 7.5, 6.5)


@dataclass(frozen=True)
class LabelLayout:
    """Type sizes in points."""

    name_pt: float
    address_pt: float
    sender_pt: float


def label_layout(label: AddressLabel) -> LabelLayout:
    """The layout of a label; DocumentError if something does not fit even in the smallest type."""
    sender = label.sender
    return LabelLayout(
        name_pt=_size((label.name,), NAMES, NAME_PT, "收件人姓名"),
        address_pt=_size((label.region, label.detail), ADDRESSES, ADDRESS_PT, "收件地址"),
        sender_pt=_size((f"{sender.name}　{sender.phone}", sender.address), SENDERS, SENDER_PT, "寄件人"),
    )


def _size(texts: tuple[str, ...], sizes: tuple[float, ...], height_pt: float, what: str) -> float:
    """The largest size at which all lines of these texts fit one under the other."""
    for size in sizes:
        lines = sum(lines_needed(text, MEASURE_PT / size) for text in texts)
        if lines * size * LEADING <= height_pt:
            return size
    raise DocumentError(f"{what}太长，面单排不下，请缩短。")
