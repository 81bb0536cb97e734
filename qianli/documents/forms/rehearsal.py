"""The rehearsal form: plain words, then sample letters."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from qianli.documents.forms.letter import Letter

MOST_LISTED = 100


@dataclass(frozen=True)
class HeldRow:
    """One consignment that cannot go: by its number, with the reason in words."""

    number: str
    name: str
    reason: str
    next_step: str


class WithHeld:
    """A rehearsal has those who are held: counted by reason, and the first of them named."""

    held: tuple[HeldRow, ...]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why how many are held, most first."""
        return Counter(row.reason for row in self.held).most_common()

    @property
    def listed(self) -> tuple[HeldRow, ...]:
        """Those held that are named on paper: a list of thousands is read as a spreadsheet."""
        return self.held[:MOST_LISTED]

    @property
    def held_numbers(self) -> int:
        """How many are held; one may be for several reasons."""
        return len({row.number for row in self.held})


@dataclass(frozen=True)
class ThirdParty:
    """Somebody outside who gets data, and which."""

    name: str
    data: str


@dataclass(frozen=True)
class ZoneRow:
    """Postage of one courier to one zone; what will probably come back, and None where nothing is known of that."""

    courier: str
    zone: str
    parcels: int
    weight_g: int
    postage_fen: int
    returned: str = ""
    return_fen: int | None = None


@dataclass(frozen=True)
class SampleLetter:
    """A letter as it would be printed, and why just this one is shown."""

    why: str
    letter: Letter


@dataclass(frozen=True)
class Rehearsal(WithHeld):
    """What would happen if the campaign were approved now. `warnings` are sentences to read before approving.

    `more_papers` says in words what is printed beside letters, `returns` how many parcels will probably come back.
    """

    campaign_code: str
    campaign_name: str
    sender: str
    letter_on: date
    planned_delivery_on: date
    letters: int
    parcels: int
    weight_g: int
    goods_fen: int
    postage_fen: int
    held: tuple[HeldRow, ...]
    third_parties: tuple[ThirdParty, ...]
    warnings: tuple[str, ...]
    samples: tuple[SampleLetter, ...]
    more_papers: str = ""
    zones: tuple[ZoneRow, ...] = ()
    returns: str = ""

    @property
    def total_fen(self) -> int:
        """Postage and goods."""
        return self.goods_fen + self.postage_fen

    @classmethod
    def sample(cls) -> "Rehearsal":
        """A small campaign with three held."""
        again = "更新台账后重新导入，再运行“campaign prepare”。"
        return cls(
            campaign_code="QLCS-2027",
            campaign_name="千里传书",
            sender="中共青石街道文昌社区委员会",
            letter_on=date(2027, 1, 8),
            planned_delivery_on=date(2027, 1, 20),
            letters=6,
            parcels=6,
            weight_g=5_340,
            goods_fen=29_400,
            postage_fen=7_200,
            held=(
                HeldRow("QLCS-2027-0007", "陈*", "台账里没有现居住地址。", f"联系本人问清地址，{again}"),
                HeldRow("QLCS-2027-0008", "周**", "地址太久没有核实，可能已经搬走。", f"打电话核实，{again}"),
                HeldRow("QLCS-2027-0009", "吴*", "电话号码不对（位数或号段不存在）。", f"核对并改正电话，{again}"),
            ),
            third_parties=(ThirdParty("中国邮政", "收件人姓名、电话、地址，每件重量，共 6 件"),),
            warnings=(),
            samples=(SampleLetter("随机抽取", Letter.sample()),),
            zones=(
                ZoneRow("中国邮政", "邻省", 4, 3_560, 4_000, "不到 1", 600),
                ZoneRow("中国邮政", "其余各省", 2, 1_780, 3_200),
            ),
            returns=(
                "照以往的结果，预计退回不到 1 件（其中 2 件没有可比的，未计），退回邮资按寄出时计，约 6.00 元，"
                "没有算在预计费用里。"
            ),
        )
