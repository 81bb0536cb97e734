"""The manifest forms: the hand-over list of express couriers (快件交接单), the post's bulk list (大宗邮件交寄清单)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qianli.documents.forms.common import Sender


class ManifestKind(StrEnum):
    """Which of the two a courier takes parcels by."""

    hand_over = "hand_over"
    bulk_post = "bulk_post"


class ManifestMark(StrEnum):
    """What stands over every page of a manifest that nobody may hand parcels over by."""

    draft = "草　稿"
    void = "作　废"


@dataclass(frozen=True)
class ManifestRow:
    """One parcel on the manifest. `office` is the place whose post office delivers (寄达局): no street, no door."""

    position: int
    reference: str
    waybill_number: str | None
    name: str
    address: str
    weight_g: int
    office: str = ""
    postage_fen: int = 0


@dataclass(frozen=True)
class ManifestPaper:
    """What a courier takes over and signs for. `sender` is the neutral one; a draft lacks `made_on` and `link`."""

    number: str
    courier_name: str
    sender: Sender
    content: str
    rows: tuple[ManifestRow, ...]
    mark: ManifestMark | None = None
    made_on: date | None = None
    kind: ManifestKind = ManifestKind.hand_over
    link: str | None = None

    @property
    def weight_g(self) -> int:
        """Weight of all parcels."""
        return sum(row.weight_g for row in self.rows)

    @property
    def postage_fen(self) -> int:
        """Planned postage of all parcels; the counter's own sums are on the invoice."""
        return sum(row.postage_fen for row in self.rows)

    @classmethod
    def sample(cls, rows: int = 6, kind: ManifestKind = ManifestKind.hand_over) -> "ManifestPaper":
        """A sealed manifest with so many rows."""
        people = (
            ("张伟", "福建省泉州市晋江市", "青阳街道崇德路 210 号阳光花园 3 幢 1502 室"),
            ("欧阳小芳", "浙江省金华市义乌市", "稠江街道贝村路 88 号"),
            ("阿依古丽·买买提", "新疆维吾尔自治区乌鲁木齐市沙依巴克区", "友好南路 12 号"),
            ("李娜", "广东省东莞市", "长安镇振安中路 6 号员工宿舍 B 栋 402"),
        )
        made = tuple(
            ManifestRow(
                position=i,
                reference=f"3K-{i:05d}-7",
                waybill_number=f"12345678{i:05d}",
                name=name,
                address=office + detail,
                weight_g=890 + i,
                office=office,
                postage_fen=1_200 + i,
            )
            for i in range(1, rows + 1)
            for name, office, detail in [people[(i - 1) % 4]]
        )
        courier = "中国邮政" if kind is ManifestKind.bulk_post else "顺丰速运"
        return cls("3K-J001", courier, Sender.sample(), "图书、纪念品", made, made_on=date(2027, 1, 9), kind=kind)
