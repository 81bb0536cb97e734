"""A sheet to call by: one caller's calls, what to say, and boxes to tick."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class CallListRow:
    """One call: about what, to whom, what to say, how often nobody answered."""

    about: str
    name: str
    phone: str
    organisation: str
    words: str
    tries: int = 0


@dataclass(frozen=True)
class CallList:
    """One caller's calls of a day. For our own people only."""

    caller: str
    made_on: date
    rows: tuple[CallListRow, ...]

    @classmethod
    def sample(cls) -> "CallList":
        """Two calls."""
        return cls(
            caller="李主任",
            made_on=date(2027, 1, 20),
            rows=(
                CallListRow(
                    "QLCS-2027-0001", "张伟", "139 1234 0001", "文昌社区第一党支部",
                    "快递公司说包裹已经送到，请问您收到没有、东西齐不齐？", 1,
                ),
                CallListRow("通知", "阿依古丽·买买提", "139 1234 0003", "文昌社区第二党支部", "7月1日8:00有直播。"),
            ),
        )  # fmt: skip
