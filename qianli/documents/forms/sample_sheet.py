"""Whom a branch calls or visits for a random sample."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SampleRow:
    """One who was drawn. The place goes down to the district; what the system believes is not told."""

    position: int
    number: str
    name: str
    phone: str
    place: str
    organisation: str


@dataclass(frozen=True)
class SampleSheet:
    """Who was drawn, with boxes to tick. For our own people only."""

    title: str
    branch: str
    made_on: date
    population: int
    margin_percent: int
    confidence_percent: int
    people: tuple[SampleRow, ...]

    @classmethod
    def sample(cls) -> "SampleSheet":
        """Two of nine."""
        return cls(
            title="QLCS-2027 第 1 次",
            branch="青石街道党工委",
            made_on=date(2027, 1, 25),
            population=9,
            margin_percent=5,
            confidence_percent=95,
            people=(
                SampleRow(1, "QLCS-2027-0001", "张伟", "139 1234 0001", "福建省泉州市晋江市", "文昌社区第一党支部"),
                SampleRow(
                    2, "QLCS-2027-0003", "阿依古丽·买买提", "139 1234 0003",
                    "新疆维吾尔自治区乌鲁木齐市沙依巴克区", "中共青石街道文昌社区委员会第二流动党员党支部",
                ),
            ),
        )  # fmt: skip
