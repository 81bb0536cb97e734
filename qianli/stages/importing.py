"""Importing a ledger of members: the file is read outside the transaction, everything it changes is one."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models import AddressStatus, ArtefactKind, Member, Organisation, Residence, Subject
from qianli.addresses.parse import Address
from qianli.ledger.fixit import RefusedRow, fix_file
from qianli.ledger.matching import Known, Matching, match
from qianli.ledger.members import Ledger, MemberRow, read_ledger
from qianli.ledger.merging import changes, first_values
from qianli.ledger.problems import RowProblem
from qianli.stages.artefacts import publish_artefact
from qianli.stages.moves import Moves, read_addresses
from qianli.stages.unit import now, reading, today, writing
from qianli.store import journal, members, organisations, residences

__all__ = ["ImportResult", "RowProblem", "import_members"]

WHY = "导入党员台账"
NO_ADDRESS = "没有地址，准备寄送时会暂缓这一份；请补上后再导入"
ADDRESS_NOTICES = {
    AddressStatus.incomplete: "地址不完整，缺省、市、县或门牌；准备寄送时会暂缓这一份",
    AddressStatus.ambiguous: "地址里的区县不止一个城市有，请写上省和市；准备寄送时会暂缓这一份",
}


RENAMED = "地址里的“{was}”现在属于“{now}”，已按现在的名称登记；台账里的写法仍保留，请核对"
OUTSIDE = "地址在{place}，这里读不到省、市、县；准备寄送时会暂缓这一份，请与本人商量怎样送达"
MOST_CANDIDATES = 5


@dataclass(frozen=True)
class ImportResult:
    """How many members were added, changed and left alone, and what a person has to look at."""

    added: int
    changed: int
    unchanged: int
    rejected: list[RowProblem]
    notices: list[RowProblem]
    fix_file: str | None


@dataclass
class _Outcome:
    """What one transaction did, or would do."""

    added: int
    changed: int
    unchanged: int
    refused: list[RowProblem]
    notices: list[RowProblem]


def import_members(
    content: bytes, *, filename: str, organisation: str, sheet: str | None = None, dry_run: bool = False, by: str
) -> ImportResult:
    """Take a ledger in: good rows become or change members of `organisation`, bad rows go to a fix-it file.

    Nobody is removed, nothing known is erased by an empty cell, the same file twice changes nothing.
    With `dry_run` the same is found out, and nothing is written.
    """
    ledger = read_ledger(content, filename=filename, only=sheet)
    moves = Moves(read_addresses(ledger.rows), source=filename, today=today(), at=now())
    if dry_run:
        with reading() as session:
            home = organisations.find(session, path=organisation)
            outcome = _Import(session, ledger, moves, home, is_new=home is None).outcome()
    else:
        with writing(by) as session:
            found = organisations.find(session, path=organisation)
            home = found or organisations.find_or_add(session, path=organisation)
            organisations.lock(session, organisation_id=home.key)
            importing = _Import(session, ledger, moves, home, is_new=found is None)
            outcome = importing.outcome()
            importing.write(home.key)
    refused = _in_order(ledger, ledger.refused + outcome.refused)
    return ImportResult(
        added=outcome.added,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        rejected=refused,
        notices=_in_order(ledger, ledger.notices + outcome.notices),
        fix_file=_publish_fix_file(ledger, refused, by) if refused and not dry_run else None,
    )


@dataclass
class _Import:
    """One ledger against the members of one organisation (None: it does not exist yet), in one transaction."""

    session: Session
    ledger: Ledger
    moves: Moves
    home: Organisation | None
    is_new: bool
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    verified: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        stored: list[Member] = []
        if self.home is not None:
            names = {row.name for row in self.ledger.rows}
            stored = members.named(self.session, organisation_id=self.home.key, names=names, lock=True)
        self.matching: Matching = match(self.ledger.rows, [_known(member) for member in stored])
        ids = [member.id for _, member in self.matching.known]
        self.residences: dict[int, list[Residence]] = residences.mains(self.session, member_ids=ids)
        for row, member in self.matching.known:
            if found := changes(member, row):
                self.changed[member.id] = found
            moves = self.moves.report(member.id, row, self.residences.get(member.id, []))
            if moves.add:
                self.moved.add(member.id)
            elif moves.confirm:
                self.verified.add(member.id)

    def outcome(self) -> _Outcome:
        """What is to be said about it."""
        touched = self.changed.keys() | self.moved | self.verified
        return _Outcome(
            added=len(self.matching.new),
            changed=len(touched),
            unchanged=len(self.matching.known) - len(touched),
            refused=[self._problem(row, "name", reason) for row, reason in self.matching.refused],
            notices=[
                *(self._problem(row, "name", reason) for row, reason in self.matching.repeated),
                *self._remarks(),
            ],
        )

    def write(self, organisation_id: int) -> None:
        """Members first, then where they live; a journal entry for each that changed."""
        new = self.matching.new
        rows = [first_values(row) for row in new]
        ids = members.add_all(self.session, organisation_id=organisation_id, rows=rows, at=self.moves.at)
        journal.note(self.session, subject=Subject.member, ids=ids, what="imported", why=WHY)
        for id_, row in zip(ids, new, strict=True):
            self.moves.report(id_, row, [])
        known = {member.id: member for _, member in self.matching.known}
        touched = sorted(self.changed.keys() | self.moved | self.verified)
        values = [known[id_].values() | self.changed.get(id_, {}) for id_ in touched]
        members.change_all(self.session, rows=values, at=self.moves.at)
        self.moves.write(self.session)
        for what, touched_so in (("changed", self.changed), ("moved", self.moved), ("verified", self.verified)):
            journal.note(self.session, subject=Subject.member, ids=sorted(touched_so), what=what, why=WHY)

    def _remarks(self) -> Iterator[RowProblem]:
        """What went in, and will still hold up a parcel."""
        if self.is_new:
            yield RowProblem("", 0, "", "台账里原来没有这个组织，已按新组织处理；如果是名称写错了，请核对后重新导入")
        for row in self.matching.new:
            yield from self._remarks_on(row, None)
        for row, member in self.matching.known:
            yield from self._remarks_on(row, member)

    def _remarks_on(self, row: MemberRow, member: Known | None) -> Iterator[RowProblem]:
        if row.phone_problem:
            kept = "；仍用台账里原有的号码" if member and member.phone else ""
            yield self._problem(row, "phone", row.phone_problem + kept)
        if row.address is None and not (member and self.residences.get(member.id)):
            yield self._problem(row, "address", NO_ADDRESS)
        if row.address and (said := _remark_on(self.moves.addresses[row.address])):
            yield self._problem(row, "address", said)

    def _problem(self, row: MemberRow, column: str, reason: str) -> RowProblem:
        return RowProblem(row.sheet, row.row, self.ledger.title(row.sheet, column), reason)


def _remark_on(address: Address) -> str | None:
    """What a person has to look at; of a former name, what it is called today."""
    if address.outside and AddressStatus(address.status) is not AddressStatus.exact:
        return OUTSIDE.format(place=address.outside)
    if said := ADDRESS_NOTICES.get(AddressStatus(address.status)):
        could_be = f"；可能是：{'、'.join(address.candidates[:MOST_CANDIDATES])}" if address.candidates else ""
        return said + could_be
    return RENAMED.format(was=address.was, now=address.place()) if address.was else None


def _known(member: Member) -> Known:
    return Known(
        id=member.key,
        name=member.name,
        version=member.version,
        born_on=member.born_on,
        joined_on=member.joined_on,
        phone=member.phone,
        phone_written=member.phone_written,
        away_since=member.away_since,
        occupation=member.occupation,
        details=dict(member.details),
    )


def _in_order(ledger: Ledger, problems: list[RowProblem]) -> list[RowProblem]:
    """What concerns the file first, then by sheet as in the file, then by row."""
    place = {name: number for number, name in enumerate(ledger.tables, start=1)}
    return sorted(problems, key=lambda problem: (place.get(problem.sheet, 0), problem.row))


def _publish_fix_file(ledger: Ledger, refused: list[RowProblem], by: str) -> str:
    """The refused rows with all their reasons; the same refusals are the same file."""
    reasons: dict[tuple[str, int], list[str]] = {}
    for problem in refused:
        said = f"{problem.column}：{problem.reason}" if problem.column else problem.reason
        reasons.setdefault((problem.sheet, problem.row), []).append(said)
    rows = [
        RefusedRow(sheet, row, ledger.as_written(sheet, row), tuple(said)) for (sheet, row), said in reasons.items()
    ]
    content = fix_file(rows)
    path = f"fix/members-{hashlib.sha256(content).hexdigest()[:12]}.xlsx"
    return publish_artefact(kind=ArtefactKind.fix_file, path=path, content=content, by=by)
