"""The letter form."""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from qianli.documents.forms.common import ItemLine, sample_items
from qianli.receipts.codes import display, make_code

SAMPLE_BODY = (
    "见字如面。一晃您离开家乡已经六年三个月了。如今您在福建省泉州市晋江市工作生活，家乡的山水记得您，社区党组织和街坊邻里也一直惦记着您。",
    "这些年，文昌路修宽了，老粮站改成了党群服务中心，青石小学添了新操场。逢年过节，大家聚在一起，总要说起在外的同志们。",
    "身在他乡，初心不改。随信寄上党徽一枚和三本书：愿党徽常在胸前，愿书卷伴您灯下。工作再忙，请照顾好自己和家人；遇到难处，记得家乡还有组织，电话随时有人接。",
    "山高水长，纸短情深。盼您常来信，常回家看看。此致，敬祝工作顺利、阖家安康！",
)


@dataclass(frozen=True)
class SecondText:
    """What a letter says in a second language."""

    language: str
    right_to_left: bool
    salutation: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """One member's letter.

    `confirm_url` is the page on which a code is typed (`https://…/r`); the QR holds `confirm_url/code`. Without both
    the letter carries a tear-off reply slip, to be sent to `reply_address` or read out over the telephone.
    `imprints` says what it leaves room for: `seal`, `signature`.
    """

    number: str
    sender: str
    salutation: str
    paragraphs: tuple[str, ...]
    letter_on: date
    items: tuple[ItemLine, ...]
    phone: str
    name: str
    confirm_url: str | None = None
    code: str | None = None
    reply_address: str = ""
    imprints: tuple[str, ...] = ()
    second: SecondText | None = None

    @property
    def link(self) -> str | None:
        """What the QR holds."""
        if self.confirm_url is None or self.code is None:
            return None
        return f"{self.confirm_url.rstrip('/')}/{self.code}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Salutation and paragraphs in both languages, beside each other; what has no counterpart stands alone."""
        second = (self.second.salutation, *self.second.paragraphs) if self.second else ()
        return list(zip_longest((self.salutation, *self.paragraphs), second, fillvalue=""))

    @property
    def typed_code(self) -> str | None:
        """The code as it is printed: two groups of five."""
        return display(self.code) if self.code else None

    @property
    def typed_url(self) -> str | None:
        """The address as a person types it, without the scheme that every browser adds."""
        return self.confirm_url.rstrip("/").removeprefix("https://") if self.confirm_url else None

    @classmethod
    def sample(cls) -> "Letter":
        """A letter of the sample campaign."""
        return cls(
            number="QLCS-2027-0001",
            sender="中共青石街道文昌社区委员会",
            salutation="张伟同志：",
            paragraphs=SAMPLE_BODY,
            letter_on=date(2027, 1, 8),
            items=sample_items(),
            phone="0851-8765 4321",
            name="张伟",
            confirm_url="https://qianli.example/r",
            code=make_code(b"sample", 1, 1),
            reply_address="贵州省贵阳市花溪区青石街道文昌路 18 号",
        )
