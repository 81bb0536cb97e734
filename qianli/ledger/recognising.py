"""Rows about people the ledger should know: who is meant, or why the row goes back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qianli.ledger.identity import Unclear, find
from qianli.ledger.matching import UNCLEAR, Known
from qianli.ledger.member_row import MemberRow

STRANGER = "台账里没有这个人：请核对姓名和出生日期、入党日期、手机号；确实没有的，先导入所在支部的台账"
STRANGE_KEY = "行标识不是台账里的党员：请核对；找不到的，把这一格清空，按姓名和日期认人"


@dataclass(frozen=True)
class Recognised:
    """Rows with the member each speaks of, and rows that go back with the reason."""

    known: list[tuple[MemberRow, Known]]
    refused: list[tuple[MemberRow, str]]


Narrow = Callable[[MemberRow, Sequence[Known]], Sequence[Known]]


def recognise(rows: Iterable[MemberRow], candidates: Sequence[Known], *, narrow: Narrow | None = None) -> Recognised:
    """By its key, else by name and what tells namesakes apart, among these members.

    `narrow` may leave out namesakes that a row cannot mean.
    """
    by_id = {one.id: one for one in candidates}
    by_name = defaultdict[str, list[Known]](list)
    for one in candidates:
        by_name[one.name].append(one)
    found = Recognised([], [])
    for row in rows:
        namesakes = narrow(row, by_name[row.name]) if narrow else by_name[row.name]
        who = by_id.get(row.key.member_id, STRANGE_KEY) if row.key else _named(row, namesakes)
        if isinstance(who, str):
            found.refused.append((row, who))
        else:
            found.known.append((row, who))
    return found


def _named(row: MemberRow, namesakes: Sequence[Known]) -> Known | str:
    try:
        index = find(row, namesakes)
    except Unclear:
        return UNCLEAR
    return STRANGER if index is None else namesakes[index]
