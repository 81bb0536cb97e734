"""The record of a hand-over that a courier signed on our page (交接记录)."""

import base64
import io
from dataclasses import dataclass

from qianli.documents.forms.common import Sender


@dataclass(frozen=True)
class HandoverRow:
    """One parcel of the manifest; `left` says why it stayed, and is empty for one that went."""

    position: int
    reference: str
    waybill_number: str
    weight_g: int
    left: str = ""
    stayed: bool = False


@dataclass(frozen=True)
class HandoverRecord:
    """Who handed what to whom, when. No consignee stands on it: those are on the manifest, by its checksum.

    Moments are written out; `signature` is a PNG in Base64, or empty where a name was written instead.
    """

    number: str
    courier_name: str
    sender: Sender
    content: str
    sealed_at: str
    handed_over_at: str
    signed_name: str
    signature: str
    checksum: str
    rows: tuple[HandoverRow, ...]

    @property
    def taken(self) -> tuple[HandoverRow, ...]:
        """What went."""
        return tuple(row for row in self.rows if not row.stayed)

    @property
    def left(self) -> tuple[HandoverRow, ...]:
        """What stayed."""
        return tuple(row for row in self.rows if row.stayed)

    @property
    def weight_g(self) -> int:
        """Weight of what went."""
        return sum(row.weight_g for row in self.taken)

    @classmethod
    def sample(cls, rows: int = 6) -> "HandoverRecord":
        """So many parcels, of which the second stayed."""
        made = tuple(
            HandoverRow(i, f"3K-{i:05d}-7", f"12345678{i:05d}", 890 + i, "外包装破损" if i == 2 else "", i == 2)  # noqa: PLR2004
            for i in range(1, rows + 1)
        )
        return cls(
            "3K-J001", "中国邮政", Sender.sample(), "图书、纪念品", "2027年1月9日 09:30", "2027年1月9日 15:42",
            "王师傅", _scrawl(), "4f" * 32, made,
        )  # fmt: skip


def _scrawl() -> str:
    from PIL import Image, ImageDraw  # noqa: PLC0415 - for the sample alone

    image, png = Image.new("RGB", (600, 200), "white"), io.BytesIO()
    points = [(40, 150), (120, 40), (180, 160), (260, 60), (330, 150), (420, 70), (560, 120)]
    ImageDraw.Draw(image).line(points, fill=(20, 20, 60), width=7, joint="curve")
    image.save(png, format="PNG")
    return base64.b64encode(png.getvalue()).decode()
