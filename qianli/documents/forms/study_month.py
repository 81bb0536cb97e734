"""The form of a study programme's month: numbers by branch in the order of the tree, nobody's name, no ranking."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class StudyMonthRow:
    """One branch in sums."""

    label: str
    members: int
    by_page: int
    by_print: int
    by_call: int
    not_reached: int
    took_part: int
    silent: int


@dataclass(frozen=True)
class StudyMonth:
    """What the office reads: sentences, and a line a branch."""

    programme: str
    organisation: str
    begins_on: date
    on: date
    summary: tuple[str, ...]
    rows: tuple[StudyMonthRow, ...]

    @classmethod
    def sample(cls) -> "StudyMonth":
        """Two branches."""
        return cls(
            programme="网上党支部",
            organisation="青石街道党工委",
            begins_on=date(2026, 12, 1),
            on=date(2026, 12, 31),
            summary=(
                "本月发布 35 篇，页面打开 412 次（只计总数，不记是谁）。",
                "共 2 个组织、党员 88 人：通过学习页面 70 人，寄送纸质读本 9 人，电话送学 6 人，还没有送到 3 人。",
                "参加学习或讨论的 52 人，登记学习 371 篇次，讨论发言 12 篇。",
                "连续 90 天以上没有参加的 7 人，请各支部打电话问候。",
            ),
            rows=(
                StudyMonthRow("青石街道党工委/云岭社区党委/第一党支部", 48, 40, 4, 3, 1, 30, 4),
                StudyMonthRow("青石街道党工委/云岭社区党委/第二党支部", 40, 30, 5, 3, 2, 22, 3),
            ),
        )
