"""The contact card form (便民联系卡)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """Somebody to turn to."""

    name: str
    duty: str
    phone: str


@dataclass(frozen=True)
class ContactCard:
    """One member's card for the wallet: whom to call at home."""

    number: str
    name: str
    sender: str
    phone: str
    contacts: tuple[Contact, ...] = ()

    @classmethod
    def sample(cls) -> "ContactCard":
        """A card of the sample campaign."""
        return cls(
            number="QLCS-2027-0001",
            name="张伟",
            sender="中共青石街道文昌社区委员会",
            phone="0851-8765 4321",
            contacts=(
                Contact("周敏", "党委书记", "139 0851 2233"),
                Contact("陈立新", "组织委员", "138 0851 4455"),
                Contact("黄小梅", "驻村联络员", "0851-8765 4322"),
            ),
        )
