"""One person in the ledger twice: found, and shown with the evidence, or found to be two people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from models import Member, Residence, Subject
from qianli.addresses.sameness import same_place_key
from qianli.errors import BadInput, RuleBroken
from qianli.ledger.duplicates import HELD, WORDS, Evidence, Likeness, Person, evidence, likeness
from qianli.ledger.out import Sheet, Value, write_table
from qianli.ledger.phones import display, masked
from qianli.ledger.rowkeys import RowKey
from qianli.stages import typed
from qianli.stages.exporting import NOTICE, write_file
from qianli.stages.listing import after
from qianli.stages.unit import now, reading, today, writing
from qianli.store import duplicates as store
from qianli.store import journal, members, organisations, residences, suspects
from qianli.store.lists import Sought
from qianli.store.scope import Scope
from qianli.store.suspects import WHOEVER, Facts

PAIR = 2**31
ORDER = {one: number for number, one in enumerate(Likeness)}
COLUMNS = [
    "结论", "一致", "不同", "没有写",
    *(f"{one}{title}" for one in "甲乙" for title in ("编号", "姓名", "组织", "出生日期", "入党日期", "电话", "住址")),
]  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Two records that may be one person, and why."""

    one: Facts
    other: Facts
    evidence: Evidence
    likeness: Likeness

    @property
    def key(self) -> int:
        """Both ids in one number."""
        return self.one.id * PAIR + self.other.id


@dataclass(frozen=True)
class Side:
    """One of the two records; the phone masked, of the address the division."""

    id: int
    key: str
    name: str
    organisation: str
    born_on: str
    joined_on: str
    phone: str
    lives_in: str


@dataclass(frozen=True)
class Pair:
    """Two records as people see them."""

    likeness: Likeness
    verdict: str
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    unknown: tuple[str, ...]
    one: Side
    other: Side


def find(session: Session, *, near: Iterable[int] | None = None, scope: Scope = WHOEVER) -> list[Found]:
    """Pairs that may be one person, surest first; three statements, however many there are."""
    pairs = suspects.candidates(session, near=near, scope=scope)
    known = suspects.facts(session, ids={id_ for pair in pairs for id_ in pair}, on=today()) if pairs else {}
    persons = {id_: _person(one) for id_, one in known.items()}
    found = []
    for one, other in pairs:
        said = evidence(persons[one], persons[other])
        if (like := likeness(said)) is not None:
            found.append(Found(known[one], known[other], said, like))
    return sorted(found, key=lambda pair: (ORDER[pair.likeness], pair.key))


def _person(one: Facts) -> Person:
    place = same_place_key(one.province, one.city, one.district, one.detail) if one.detail else None
    return Person(one.name, one.born_on, one.joined_on, one.phone or one.phone_written, place)


def suspected(session: Session, *, campaign_id: int, member_ids: Collection[int]) -> set[int]:
    """Those of the members who are very likely one person with another who is owed the same."""
    pairs = [(one.one.id, one.other.id) for one in find(session, near=member_ids) if one.likeness in HELD]
    owed = store.owed_in(session, campaign_id=campaign_id, member_ids={id_ for pair in pairs for id_ in pair})
    return {id_ for pair in pairs if owed.issuperset(pair) for id_ in pair}


def list_pairs(*, organisation: str | None = None, scope: Scope = WHOEVER, sought: Sought | None = None) -> list[Pair]:
    """Every pair of which at least one is of this organisation or below it; or all. Of a scope, both are.

    Of what is sought, the name either of them has, and so many of the pairs behind a key.
    """
    with reading() as session:
        names = organisations.names(session)
        found = find(session, scope=scope)
        if organisation is not None:
            tree = set(organisations.tree_ids(session, root_id=organisations.by_name(session, name=organisation).key))
            found = [pair for pair in found if {pair.one.organisation_id, pair.other.organisation_id} & tree]
        if sought is not None:
            found = [pair for pair in found if sought.text in ("", pair.one.name, pair.other.name)]
            found = after(found, sought)
        return [
            Pair(
                pair.likeness, WORDS[pair.likeness], pair.evidence.agrees, pair.evidence.differs,
                pair.evidence.unknown, _side(pair.one, names), _side(pair.other, names),
            )
            for pair in found
        ]  # fmt: skip


def _side(one: Facts, names: dict[int, str]) -> Side:
    return Side(
        id=one.id,
        key=str(RowKey(one.id, one.version)),
        name=one.name,
        organisation=names[one.organisation_id],
        born_on=str(one.born_on or ""),
        joined_on=str(one.joined_on or ""),
        phone=masked(one.phone) if one.phone else "",
        lives_in="".join(part for part in (one.province, one.city, one.district) if part),
    )


def write_pairs(path: Path, pairs: list[Pair]) -> None:
    """All of them with phones and addresses whole: whoever decides has to see them."""
    with reading() as session:
        ids = {side.id for pair in pairs for side in (pair.one, pair.other)}
        people = members.by_ids(session, ids=ids)
        homes = residences.in_force(session, member_ids=ids, on=today())
    table = [
        [pair.verdict, *("、".join(some) for some in (pair.agrees, pair.differs, pair.unknown)),
         *(cell for side in (pair.one, pair.other) for cell in _cells(side, people[side.id], homes.get(side.id)))]
        for pair in pairs
    ]  # fmt: skip
    write_file(path, write_table(Sheet("可能重复", COLUMNS, table, notice=NOTICE), filename=path.name))


def _cells(side: Side, member: Member, home: Residence | None) -> list[Value]:
    phone = display(member.phone) if member.phone else member.phone_written
    written = home.written if home else None
    return [side.key, member.name, side.organisation, member.born_on, member.joined_on, phone, written]


def mark_distinct(one: str, other: str, *, undo: bool = False, by: str) -> bool:
    """They are two people, and nobody asks again; `undo` takes that back. False: it stood so before."""
    with writing(by) as session:
        first, second = sorted(typed.members_of(session, [one, other]), key=lambda member: member.key)
        if first.key == second.key:
            raise BadInput("请写两个不同的党员编号。")
        if gone := next((who for who in (first, second) if who.merged_into_id is not None), None):
            raise RuleBroken(
                f"编号 {gone.key} 已经并入编号 {gone.merged_into_id}；并错了的，先用“member unmerge {gone.key}”撤销。",
                member_id=gone.key,
            )
        ids = {"first_id": first.key, "second_id": second.key}
        if store.is_distinct(session, **ids) is not undo:
            return False
        if undo:
            store.forget_distinct(session, **ids)
            journal.note(session, subject=Subject.member, ids=ids.values(), what="perhaps the same")
        else:
            store.note_distinct(session, **ids, by=by, at=now())
            journal.note(session, subject=Subject.member, ids=ids.values(), what="distinct")
        return True
