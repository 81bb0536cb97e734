"""The manifest form (交接单)."""

from dataclasses import dataclass
from datetime import date

from qianli.documents.forms.common import Sender


@dataclass(frozen=True)
class ManifestRow:
    """One parcel on the manifest."""

    position: int
    reference: str
    waybill_number: str | None
    name: str
    address: str
    weight_g: int


@dataclass(frozen=True)
class ManifestPaper:
    """What a courier takes over and signs for. `sender` is the neutral one; `made_on` is empty on a draft."""

    number: str
    courier_name: str
    sender: Sender
    content: str
    rows: tuple[ManifestRow, ...]
    draft: bool
    made_on: date | None = None

    @property
    def weight_g(self) -> int:
        """Weight of all parcels."""
        return sum(row.weight_g for row in self.rows)

    @classmethod
    def sample(cls, rows: int = 6) -> "ManifestPaper":
        """A sealed manifest with so many rows."""
        people = (
            ("张伟", "福建省泉州市晋江市青阳街道崇德路 210 号阳光花园 3 幢 1502 室"),
            ("欧阳小芳", "浙江省金华市义乌市稠江街道贝村路 88 号"),
            ("阿依古丽·买买提", "新疆维吾尔自治区乌鲁木齐市沙依巴克区友好南路 12 号"),
            ("李娜", "广东省东莞市长安镇振安中路 6 号员工宿舍 B 栋 402"),
        )
        made = tuple(
            ManifestRow(i, f"3K-{i:05d}-7", f"12345678{i:05d}", *people[(i - 1) % 4], weight_g=890 + i)
            for i in range(1, rows + 1)
        )
        return cls("3K-J001", "中国邮政", Sender.sample(), "图书、纪念品", made, draft=False, made_on=date(2027, 1, 9))
