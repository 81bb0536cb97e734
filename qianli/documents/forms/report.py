"""The closing report form."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Bar:
    """One bar of a chart."""

    label: str
    count: int


@dataclass(frozen=True)
class ReportRow:
    """One line of a table by province or by organisation: consignments (份) in every column, postage in fen."""

    label: str
    owed: int
    sent: int
    delivered: int
    confirmed: int
    returned: int
    postage_fen: int


@dataclass(frozen=True)
class CostRow:
    """One line of what it cost."""

    label: str
    quantity: int
    fen: int


@dataclass(frozen=True)
class Report:
    """How a campaign ended.

    `summary` are sentences; `funnel` bars go from owed to confirmed; `days` is how many parcels arrived how many days
    after hand-over (labels are days, in order); `remarks` are sentences on what stayed open and why. `heads` name
    the columns from owed to confirmed; not `by_post`, nothing comes back, and places and days are left out.
    """

    campaign_code: str
    campaign_name: str
    sender: str
    closed_on: date
    summary: tuple[str, ...]
    funnel: tuple[Bar, ...]
    days: tuple[Bar, ...]
    provinces: tuple[ReportRow, ...]
    organisations: tuple[ReportRow, ...]
    costs: tuple[CostRow, ...]
    remarks: tuple[str, ...] = ()
    heads: tuple[str, str, str, str] = ("应寄", "寄出", "妥投", "确认收到")
    by_post: bool = True

    @property
    def cost_fen(self) -> int:
        """What it cost in all."""
        return sum(row.fen for row in self.costs)

    @classmethod
    def sample(cls) -> "Report":
        """A small campaign, closed."""
        provinces = ("福建省", "浙江省", "广东省", "江苏省", "上海市", "新疆维吾尔自治区")
        return cls(
            campaign_code="QLCS-2027",
            campaign_name="千里传书",
            sender="中共青石街道文昌社区委员会",
            closed_on=date(2027, 3, 1),
            summary=(
                "应寄 9 份，寄出 7 份，快递报告妥投 6 份，本人确认收到 6 份。",
                "自交接到妥投最快 2 天，最慢 6 天，平均 3.5 天；退回 1 件，已入库。",
                "共支出 366.00 元，平均每份 52.29 元。",
            ),
            funnel=(Bar("应寄", 9), Bar("寄出", 7), Bar("快递报告妥投", 6), Bar("本人确认收到", 6)),
            days=(Bar("2", 1), Bar("3", 3), Bar("4", 1), Bar("5", 0), Bar("6", 1)),
            provinces=tuple(ReportRow(p, 1, 1, 1, 1, 0, 1200) for p in provinces),
            organisations=(
                ReportRow("文昌社区第一党支部", 5, 4, 3, 3, 1, 4800),
                ReportRow("文昌社区第二党支部", 4, 3, 3, 3, 0, 3600),
            ),
            costs=(CostRow("党徽", 7, 2100), CostRow("图书", 21, 26_100), CostRow("邮资", 7, 8_400)),
            remarks=("2 份未寄：台账里没有现居住地址。",),
        )
