"""What becomes of parcels in the hands of the stand-in for China Post, as data: for tests and the demonstration.

A step is a day after collection (from 0), a time of China's clock, an opCode, what is said, and a second code if any.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from qianli.couriers.moments import ZONE

SECOND = {"704": "deliverCode", "705": "attemptDeliveryCode"}


class Step(NamedTuple):
    """One thing said."""

    day: int
    at: str
    code: str
    text: str
    second: str = ""

    @property
    def more(self) -> dict[str, str]:
        """The field of the second code: to whom, or why not."""
        return {SECOND[self.code]: self.second} if self.second else {}


ON_ITS_WAY = (
    Step(0, "17:05", "203", "已收寄"),
    Step(0, "21:40", "305", "离开营业部，发往处理中心"),
    Step(1, "06:15", "954", "到达处理中心"),
    Step(2, "05:50", "713", "到达投递部"),
)
OUT = Step(2, "08:10", "702", "正在派送途中，请保持电话畅通")
BACK = (Step(5, "09:00", "708", "退件登记"), Step(9, "15:20", "711", "退回妥投，寄件人已签收"))

JOURNEYS: dict[str, tuple[Step, ...]] = {
    "delivered": (*ON_ITS_WAY, OUT, Step(2, "10:32", "704", "已妥投，本人签收", "10")),
    "neighbour": (*ON_ITS_WAY, OUT, Step(2, "11:05", "704", "已妥投，他人代收", "20")),
    "village": (*ON_ITS_WAY, Step(3, "09:45", "704", "已妥投，村委会代收", "160")),
    "cabinet": (*ON_ITS_WAY, Step(2, "12:10", "747", "包裹柜已接收"), Step(3, "19:30", "748", "收件人已取走")),
    "forgotten": (*ON_ITS_WAY, Step(2, "12:20", "704", "已妥投，投放包裹柜", "50")),
    "taken_back": (
        *ON_ITS_WAY, OUT, Step(2, "10:40", "704", "已妥投，本人签收", "10"), Step(2, "11:30", "742", "撤销妥投登记"),
        Step(3, "08:15", "702", "正在派送途中"), Step(3, "10:05", "704", "已妥投，收发室代收", "60"),
    ),
    "not_at_home": (
        *ON_ITS_WAY, OUT, Step(2, "11:20", "705", "未妥投，收件人不在", "4"),
        Step(3, "09:40", "704", "已妥投，本人签收", "10"),
    ),
    "moved": (*ON_ITS_WAY, OUT, Step(2, "11:25", "705", "未妥投，收件人已迁移", "5"), *BACK),
    "nobody_of_that_name": (*ON_ITS_WAY, OUT, Step(2, "11:35", "705", "未妥投，查无此人", "3"), *BACK),
    "refused": (*ON_ITS_WAY, OUT, Step(2, "11:45", "705", "未妥投，收件人拒收", "7"), *BACK),
    "redirected": (*ON_ITS_WAY, Step(2, "09:00", "802", "改址"), Step(4, "10:50", "704", "已妥投，本人签收", "10")),
    "stuck": ON_ITS_WAY[:2],
    "lost": (*ON_ITS_WAY[:3], Step(10, "16:00", "987", "邮件丢失，按规定赔付")),
}  # fmt: skip


def steps(journey: str, collected_on: date) -> Iterator[tuple[datetime, Step]]:
    """What is said and when, from the day of collection on."""
    for step in JOURNEYS[journey]:
        local = datetime.combine(collected_on + timedelta(days=step.day), time.fromisoformat(step.at), ZONE)
        yield local, step
