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
from qianli.stages.unit import now, reading, today, writing
from qianli.store import duplicates as store
from qianli.store import journal, members, organisations, residences
from qianli.store.scope import Scope

ORDER = {one: number for number, one in enumerate(Likeness)}
COLUMNS = [
    "结论", "一致", "不同", "没有写",
    *(f"{one}{title}" for one in "甲乙" for title in ("编号", "姓名", "组织", "出生日期", "入党日期", "电话", "住址")),
]  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Two records that may be one person, and why."""

    one: Member
    other: Member
    evidence: Evidence
    likeness: Likeness


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


def find(session: Session, *, near: Iterable[int] | None = None) -> tuple[list[Found], dict[int, Residence]]:
    """Pairs that may be one person, surest first, and where each of them lives; a constant number of statements."""
    pairs = store.candidates(session, near=near)
    ids = {id_ for pair in pairs for id_ in pair}
    people = members.by_ids(session, ids=ids)
    homes = residences.in_force(session, member_ids=ids, on=today()) if ids else {}
    persons = {id_: _person(member, homes.get(id_)) for id_, member in people.items()}
    found = []
    for one, other in pairs:
        said = evidence(persons[one], persons[other])
        if (like := likeness(said)) is not None:
            found.append(Found(people[one], people[other], said, like))
    return sorted(found, key=lambda pair: (ORDER[pair.likeness], pair.one.key, pair.other.key)), homes


def _person(member: Member, home: Residence | None) -> Person:
    place = same_place_key(home.province, home.city, home.district, home.detail) if home and home.detail else None
    return Person(member.name, member.born_on, member.joined_on, member.phone or member.phone_written, place)


def suspected(session: Session, *, campaign_id: int, member_ids: Collection[int]) -> set[int]:
    """Those of the members who are very likely one person with another who is owed the same."""
    found, _ = find(session, near=member_ids)
    pairs = [(one.one.key, one.other.key) for one in found if one.likeness in HELD]
    owed = store.owed_in(session, campaign_id=campaign_id, member_ids={id_ for pair in pairs for id_ in pair})
    return {id_ for pair in pairs if owed.issuperset(pair) for id_ in pair}


def list_pairs(*, organisation: str | None = None, scope: Scope | None = None) -> list[Pair]:
    """Every pair of which at least one is of this organisation or below it; or all. Of a scope, both are."""
    with reading() as session:
        names = organisations.names(session)
        tree = set(names)
        within = tree if scope is None else set(organisations.covered(session, scope))
        if organisation is not None:
            tree = set(organisations.tree_ids(session, root_id=organisations.by_name(session, name=organisation).key))
        found, homes = find(session)
        return [
            Pair(
                pair.likeness, WORDS[pair.likeness], pair.evidence.agrees, pair.evidence.differs,
                pair.evidence.unknown, _side(pair.one, names, homes), _side(pair.other, names, homes),
            )
            for pair in found
            if {pair.one.organisation_id, pair.other.organisation_id} & tree
            and {pair.one.organisation_id, pair.other.organisation_id} <= within
        ]  # fmt: skip


def _side(member: Member, names: dict[int, str], homes: dict[int, Residence]) -> Side:
    home = homes.get(member.key)
    return Side(
        id=member.key,
        key=str(RowKey(member.key, member.version)),
        name=member.name,
        organisation=names[member.organisation_id],
        born_on=str(member.born_on or ""),
        joined_on=str(member.joined_on or ""),
        phone=masked(member.phone) if member.phone else "",
        lives_in="".join(part for part in (home.province, home.city, home.district) if part) if home else "",
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
