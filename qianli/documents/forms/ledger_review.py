"""The form of the monthly review of the ledger: numbers by branch, nobody's name."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ReviewRow:
    """One branch: members, and of how many something has to be looked at."""

    label: str
    members: int
    moved: int
    stale: int
    without_address: int
    out_of_reach: int
    reported: bool


@dataclass(frozen=True)
class LedgerReview:
    """What the office reads: sentences, a line a branch, and who did not report."""

    organisation: str
    begins_on: date
    on: date
    summary: tuple[str, ...]
    rows: tuple[ReviewRow, ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """Branches that did not report, in the order of the tree."""
        return tuple(row.label for row in self.rows if not row.reported)

    @classmethod
    def sample(cls) -> "LedgerReview":
        """Three branches, one of which did not report."""
        return cls(
            organisation="青石街道党工委",
            begins_on=date(2026, 11, 1),
            on=date(2026, 11, 30),
            summary=(
                "共 3 个组织、党员 112 人。本月登记新住址 5 人。",
                "地址超过 365 天没有核实的 9 人，没有地址或地址不全的 4 人。",
                "联系不上的 6 人（没有电话、电话不对、退过件或本人要求不再联系）。",
                "本月没有报送台账的组织 1 个。",
            ),
            rows=(
                ReviewRow("青石街道党工委/云岭社区党委/第一党支部", 48, 3, 2, 1, 2, reported=True),
                ReviewRow("青石街道党工委/云岭社区党委/第二党支部", 40, 2, 5, 2, 3, reported=True),
                ReviewRow("青石街道党工委/文昌社区党支部", 24, 0, 2, 1, 1, reported=False),
            ),
        )
