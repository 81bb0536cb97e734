"""Rows against the members already known: who is whom, who is new, and which rows go back to a person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from qianli.ledger.identity import Unclear, Verdict, compare, find
from qianli.ledger.member_row import MemberRow

UNCLEAR = "分不清是台账里的哪一位：请补上或核对出生日期、入党日期和手机号"
UNCLEAR_WITHIN = "与本文件第 {rows} 行同名，分不清是不是同一人：请补上出生日期或入党日期"
CONTRADICTS = "与本文件第 {rows} 行是同一人，但内容不一样：请只留正确的一行"
UNKNOWN_KEY = "行标识不是本组织（或其下级）的党员：请核对导入时写的组织；确认无误的，把这一格清空，按姓名和日期认人"
NAMESAKE = "这样改了以后，与台账里另一位同名党员分不清：请核对姓名、出生日期和入党日期，或一并补全"
JOINED = "与本文件第 {rows} 行是同一人，各有对方没写的内容，已合在一起，只算一次"
REPEATS = "与本文件第 {rows} 行完全相同，只算一次"


UNTOUCHED = ("organisation_id", "merged_into_id")  # by any row


@dataclass(frozen=True, slots=True)
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
    deceased_on: date | None = None
    occupation: str | None = None
    dues_paid_until: date | None = None
    certificate_number: str | None = None
    certificate_issued_on: date | None = None
    certificate_checked_on: date | None = None
    details: dict[str, str] = field(default_factory=dict)
    organisation_id: int = 0
    merged_into_id: int | None = None

    @property
    def phone_key(self) -> str | None:
        """What phones are compared by."""
        return self.phone or self.phone_written

    def values(self) -> dict[str, Any]:
        """Everything that a row can change, with id and version, as a dictionary."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in UNTOUCHED}

    def clashes(self, changed: dict[str, Any], others: Sequence["Known"]) -> bool:
        """Whether, changed so, it could be taken for another member of its organisation."""
        if not changed.keys() & {"name", "born_on", "joined_on"}:
            return False
        after = replace(self, **changed)
        namesakes = [
            one
            for one in others
            if one.id != self.id and one.organisation_id == self.organisation_id and one.name == after.name
        ]
        return any(compare(after, one) is not Verdict.other for one in namesakes)


@dataclass
class Matching:
    """Pairs of row and member, rows of new members, and rows with what is wrong or worth saying."""

    known: list[tuple[MemberRow, Known]] = field(default_factory=list)
    new: list[MemberRow] = field(default_factory=list)
    refused: list[tuple[MemberRow, str]] = field(default_factory=list)
    repeated: list[tuple[MemberRow, str]] = field(default_factory=list)


def match(rows: Sequence[MemberRow], members: Sequence[Known], *, home: int = 0) -> Matching:
    """Decide for every row whom it speaks of: by its key, else by what it says, among members of `home`."""
    by_name = defaultdict[str, list[Known]](list)
    for member in members:
        if member.organisation_id == home:
            by_name[member.name].append(member)
    by_id = {member.id: member for member in members}
    matching = Matching()
    spoken_of = defaultdict[int, list[MemberRow]](list)
    strangers = defaultdict[str, list[MemberRow]](list)
    for row in rows:
        found = _whom(row, by_id, by_name[row.name])
        if isinstance(found, str):
            matching.refused.append((row, found))
        elif found is None:
            strangers[row.name].append(row)
        else:
            spoken_of[found.id].append(row)
    for id_, own in spoken_of.items():
        if counts := _one_of(own, matching):
            matching.known.append((counts, by_id[id_]))
    for namesakes in strangers.values():
        _sort_out(namesakes, matching)
    return matching


def _whom(row: MemberRow, by_id: dict[int, Known], namesakes: Sequence[Known]) -> Known | str | None:
    """The member the row speaks of, None for a stranger, or why the row goes back."""
    if row.key:
        return by_id.get(row.key.member_id, UNKNOWN_KEY)
    try:
        index = find(row, namesakes)
    except Unclear:
        return UNCLEAR
    return None if index is None else namesakes[index]


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
