"""The pick list form."""

from dataclasses import dataclass
from datetime import date

from qianli.documents.forms.common import ItemLine, sample_items


@dataclass(frozen=True)
class PickParcel:
    """One parcel of the round, in sequence."""

    sequence: int
    reference: str
    courier_name: str
    consignee: str
    members: int
    items: tuple[ItemLine, ...]


@dataclass(frozen=True)
class PickList:
    """What packers take from the shelf in one round, and into which parcels it goes. Stays in the house."""

    campaign_code: str
    campaign_name: str
    round: int
    made_on: date
    parcels: tuple[PickParcel, ...]

    @property
    def totals(self) -> tuple[ItemLine, ...]:
        """Everything to take from the shelf, in the order it first appears."""
        sums: dict[str, int] = {}
        for parcel in self.parcels:
            for item in parcel.items:
                sums[item.name] = sums.get(item.name, 0) + item.quantity
        return tuple(ItemLine(name, quantity) for name, quantity in sums.items())

    @property
    def pieces(self) -> int:
        """How many things leave the shelf."""
        return sum(item.quantity for item in self.totals)

    @property
    def members(self) -> int:
        """How many members the round serves."""
        return sum(parcel.members for parcel in self.parcels)

    @classmethod
    def sample(cls) -> "PickList":
        """A round of six parcels."""
        names = ("张伟", "欧阳小芳", "阿依古丽·买买提", "李娜", "王强", "赵敏")
        parcels = tuple(
            PickParcel(i, f"3K-{i:05d}-7", "中国邮政", name, 1, sample_items()) for i, name in enumerate(names, 1)
        )
        return cls("QLCS-2027", "千里传书", 1, date(2027, 1, 8), parcels)
