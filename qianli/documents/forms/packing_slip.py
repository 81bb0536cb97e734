"""The packing slip form."""

from dataclasses import dataclass

from qianli.documents.forms.common import ItemLine, sample_items


@dataclass(frozen=True)
class SlipMember:
    """One member's share of a parcel."""

    name: str
    number: str
    items: tuple[ItemLine, ...]


@dataclass(frozen=True)
class PackingSlip:
    """What lies in one parcel, for whom. It travels inside the box."""

    reference: str
    sequence: int
    campaign_name: str
    sender: str
    phone: str
    members: tuple[SlipMember, ...]
    replacement: bool = False

    @property
    def totals(self) -> tuple[ItemLine, ...]:
        """All members' items together, in the order they first appear."""
        sums: dict[str, int] = {}
        for member in self.members:
            for item in member.items:
                sums[item.name] = sums.get(item.name, 0) + item.quantity
        return tuple(ItemLine(name, quantity) for name, quantity in sums.items())

    @property
    def pieces(self) -> int:
        """How many things are in the parcel."""
        return sum(item.quantity for item in self.totals)

    @classmethod
    def sample(cls) -> "PackingSlip":
        """A shared parcel of the sample campaign."""
        names = ("张伟", "李娜", "阿依古丽·买买提")
        return cls(
            reference="3K-00001-7",
            sequence=1,
            campaign_name="千里传书",
            sender="中共青石街道文昌社区委员会",
            phone="0851-8765 4321",
            members=tuple(SlipMember(n, f"QLCS-2027-{i:04d}", sample_items()) for i, n in enumerate(names, 1)),
        )
