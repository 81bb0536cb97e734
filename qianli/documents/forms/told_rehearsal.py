"""The rehearsal form where members are told something: plain words, then how it reads."""

from dataclasses import dataclass
from datetime import date

from qianli.documents.forms.rehearsal import HeldRow, WithHeld
from qianli.documents.words import yuan


@dataclass(frozen=True)
class ToldSample:
    """What one member would read or hear, and why just this one is shown."""

    number: str
    why: str
    text: str


@dataclass(frozen=True)
class ToldRehearsal(WithHeld):
    """What would happen if the campaign were approved now. `through` is a way in words with how many, money in fen."""

    campaign_code: str
    campaign_name: str
    sender: str
    planned_delivery_on: date
    by_phone: bool
    through: tuple[tuple[str, int], ...]
    each_fen: int
    held: tuple[HeldRow, ...]
    third_parties: tuple[str, ...]
    warnings: tuple[str, ...]
    samples: tuple[ToldSample, ...]

    @property
    def count(self) -> int:
        """How many are told."""
        return sum(count for _, count in self.through)

    @property
    def total_fen(self) -> int:
        """What it costs."""
        return self.count * self.each_fen

    @property
    def longest(self) -> int:
        """Characters of the longest sample."""
        return max((len(one.text) for one in self.samples), default=0)

    @property
    def sums(self) -> list[str]:
        """How many and for how much, in words."""
        what = f"将打 {self.count} 个电话。" if self.by_phone else f"将发 {self.count} 条消息，一人一条。"
        split = "，".join(f"{name} {count} 人" for name, count in self.through)
        fee = f"每{'个' if self.by_phone else '条'} {yuan(self.each_fen)} 元，预计费用 {yuan(self.total_fen)} 元。"
        long = f"最长的样子 {self.longest} 个字；短信连签名超过 70 个字，按几条计费。"
        return [
            f"{what}{f'其中：{split}。' if len(self.through) > 1 else ''}",
            fee if self.each_fen else "没有写明单价，不计费用。",
            *([] if self.by_phone or not self.samples else [long]),
        ]

    @property
    def sentences(self) -> list[str]:
        """The same, and who gets which data."""
        return [*self.sums, *self.third_parties]

    @classmethod
    def sample(cls) -> "ToldRehearsal":
        """A small campaign with one held."""
        again = "更新台账后重新导入，再运行“campaign prepare”。"
        return cls(
            campaign_code="ZBTX-2027",
            campaign_name="直播提醒",
            sender="青石街道文昌社区",
            planned_delivery_on=date(2027, 6, 30),
            by_phone=False,
            through=(("腾讯云短信", 5), ("列成表格由人发送", 1)),
            each_fen=5,
            held=(HeldRow("ZBTX-2027-0007", "陈*", "没有联系电话，通知不到。", f"补上手机号，{again}"),),
            third_parties=("经接口发送给腾讯云短信：本人的手机号（或邮箱、微信 openid）和消息内容。",),
            warnings=(),
            samples=(ToldSample("ZBTX-2027-0001", "随机抽取", "王*明同志您好，7月1日8:00有一场直播，请准时收看。"),),
        )
