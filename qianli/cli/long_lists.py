"""Long lists for people: how many of which kind, the first few, and where the whole of it is."""

from collections import Counter
from collections.abc import Iterable, Sequence

from qianli.cli.common import say, table
from qianli.ledger.problems import RowProblem

MOST_SHOWN = 20


def first(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, whole: str) -> None:
    """A table of the first rows; `whole` says where all of them are, if there are more."""
    table(title, columns, rows[:MOST_SHOWN])
    if len(rows) > MOST_SHOWN:
        say(f"这里只列前 {MOST_SHOWN} 行，共 {len(rows):,} 行；{whole}")


def by_reason(reasons: Iterable[str], *, unit: str) -> None:
    """Reason → how many, most first; only where the list itself is too long to be read."""
    counts = Counter(reasons)
    if counts.total() > MOST_SHOWN:
        table("按原因", ["原因", f"多少{unit}"], [[reason, f"{count:,}"] for reason, count in counts.most_common()])


def problems(rejected: Sequence[RowProblem], notices: Sequence[RowProblem], fix_file: str | None) -> None:
    """What of a file a person has to look at."""
    for title, last, some, whole in (
        ("退回的行", "原因", rejected, "全部在待改表里。"),
        ("请留意", "说明", notices, "全部可以加 --json 输出。"),
    ):
        if some:
            by_reason((one.reason for one in some), unit="行")
            rows = [[one.sheet, one.row or "", one.column, one.reason] for one in some]
            first(title, ["工作表", "行", "列", last], rows, whole=whole)
    if fix_file:
        say(f"待改表：{fix_file}（改好后直接导入即可）")
