"""Rows against the members already known: who is whom, who is new, and which rows go back to a person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from qianli.ledger.identity import Unclear, Verdict, compare, find
from qianli.ledger.members import MemberRow

UNCLEAR = "分不清是台账里的哪一位：请补上或核对出生日期、入党日期和手机号"
UNCLEAR_WITHIN = "与本文件第 {rows} 行同名，分不清是不是同一人：请补上出生日期或入党日期"
CONTRADICTS = "与本文件第 {rows} 行是同一人，但内容不一样：请只留正确的一行"
JOINED = "与本文件第 {rows} 行是同一人，各有对方没写的内容，已合在一起，只算一次"
REPEATS = "与本文件第 {rows} 行完全相同，只算一次"


@dataclass(frozen=True)
class Known:
    """A member as stored, as far as a row can change it."""

    id: int
    name: str
    version: int
    born_on: date | None = None
    joined_on: date | None = None
    phone: str | None = None
    phone_written: str | None = None
    away_since: date | None = None
    occupation: str | None = None
    details: dict[str, str] = field(default_factory=dict)

    @property
    def phone_key(self) -> str | None:
        """What phones are compared by."""
        return self.phone or self.phone_written

    def values(self) -> dict[str, Any]:
        """Everything as a dictionary."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass
class Matching:
    """Pairs of row and member, rows of new members, and rows with what is wrong or worth saying."""

    known: list[tuple[MemberRow, Known]] = field(default_factory=list)
    new: list[MemberRow] = field(default_factory=list)
    refused: list[tuple[MemberRow, str]] = field(default_factory=list)
    repeated: list[tuple[MemberRow, str]] = field(default_factory=list)


def match(rows: Sequence[MemberRow], members: Sequence[Known]) -> Matching:
    """Decide for every row of one organisation whom it speaks of."""
    by_name = defaultdict[str, list[Known]](list)
    for member in members:
        by_name[member.name].append(member)
    matching = Matching()
    spoken_of = defaultdict[int, list[MemberRow]](list)
    strangers = defaultdict[str, list[MemberRow]](list)
    for row in rows:
        try:
            index = find(row, by_name[row.name])
        except Unclear:
            matching.refused.append((row, UNCLEAR))
            continue
        if index is None:
            strangers[row.name].append(row)
        else:
            spoken_of[by_name[row.name][index].id].append(row)
    by_id = {member.id: member for member in members}
    for id_, own in spoken_of.items():
        if counts := _one_of(own, matching):
            matching.known.append((counts, by_id[id_]))
    for namesakes in strangers.values():
        _sort_out(namesakes, matching)
    return matching


def _one_of(rows: Sequence[MemberRow], matching: Matching) -> MemberRow | None:
    """What several rows about one person say together; None if they contradict each other."""
    first, *others = rows
    counts: MemberRow | None = first
    for other in others:
        counts = counts.united(other) if counts else None
    if counts is None:
        matching.refused += [(row, CONTRADICTS.format(rows=_others(row, rows))) for row in rows]
        return None
    for other in others:
        said = REPEATS if first.says_the_same(other) else JOINED
        matching.repeated.append((other, said.format(rows=_others(other, [first, other]))))
    return counts


def _sort_out(namesakes: Sequence[MemberRow], matching: Matching) -> None:
    """New members of one name: each new person once; those who cannot be told apart go back."""
    groups: list[list[MemberRow]] = []
    unclear = list[MemberRow]()
    for row in namesakes:
        verdicts = [compare(row, group[0]) for group in groups]
        if Verdict.same in verdicts:
            groups[verdicts.index(Verdict.same)].append(row)
        elif Verdict.unclear in verdicts:
            unclear.append(row)
        else:
            groups.append([row])
    blurred = [group for group in groups if any(compare(row, group[0]) is Verdict.unclear for row in unclear)]
    mixed = unclear + [row for group in blurred for row in group]
    matching.refused += [(row, UNCLEAR_WITHIN.format(rows=_others(row, mixed))) for row in mixed]
    for group in groups:
        if group not in blurred and (counts := _one_of(group, matching)):
            matching.new.append(counts)


def _others(row: MemberRow, rows: Sequence[MemberRow]) -> str:
    """Where the other rows stand; with the sheet where it is another one."""
    places = [
        str(other.row) if other.sheet == row.sheet else f"{other.sheet}!{other.row}"
        for other in rows
        if other is not row
    ]
    return "、".join(places[:5])
