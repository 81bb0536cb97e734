"""The rows of one ledger against the members there are, in one transaction: what is new, changed, or refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from models import AddressStatus, HoldReason, Member, Organisation, Residence, Subject
from qianli.addresses.parse import Address
from qianli.ledger.matching import NAMESAKE, Known, Matching, match
from qianli.ledger.members import Ledger, MemberRow
from qianli.ledger.merging import changes, first_values
from qianli.ledger.out import Value
from qianli.ledger.problems import RowProblem
from qianli.stages.ledger_cells import cells
from qianli.stages.member_marks import withhold_of
from qianli.stages.moves import Moves, shown_of
from qianli.stages.unit import end_of
from qianli.store import journal, members, organisations, residences, review

WHY = "导入党员台账"
STALE = (
    "这份表导出之后，台账里这个人又改过，为免盖掉别人的修改，这一行没有导入：待改表里已换成台账现在的内容，"
    "您原来填的写在旁边；核对后改好待改表，再导入一次"
)
MERGED = "这个人的记录已并入编号 {kept}（见 member list），请在那条记录上改；并错了的，先用“member unmerge”撤销，再导入"
NO_ADDRESS = "没有地址，准备寄送时会暂缓这一份；请补上后再导入"
ADDRESS_NOTICES = {
    AddressStatus.incomplete: "地址不完整，缺省、市、县或门牌；准备寄送时会暂缓这一份",
    AddressStatus.ambiguous: "地址里的区县不止一个城市有，请写上省和市；准备寄送时会暂缓这一份",
}
RENAMED = "地址里的“{was}”现在属于“{now}”，已按现在的名称登记；台账里的写法仍保留，请核对"
OUTSIDE = "地址在{place}，这里读不到省、市、县；准备寄送时会暂缓这一份，请与本人商量怎样送达"
MOST_CANDIDATES = 5


@dataclass
class Outcome:
    """What one transaction did, or would do. `current`: (sheet, row) of stale rows → what the ledger holds now."""

    added: int
    changed: int
    unchanged: int
    refused: list[RowProblem]
    notices: list[RowProblem]
    current: dict[tuple[str, int], dict[str, Value]]


@dataclass
class RowsImport:
    """One ledger against the members of one organisation (None: it does not exist yet), in one transaction."""

    session: Session
    ledger: Ledger
    moves: Moves
    home: Organisation | None
    is_new: bool
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    verified: set[int] = field(default_factory=set)
    refused: list[tuple[MemberRow, str, str]] = field(default_factory=list)
    current: dict[tuple[str, int], dict[str, Value]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stored = _stored(self.session, self.home, self.ledger.rows) if self.home else {}
        known = [_known(member) for member in self.stored.values()]
        self.matching: Matching = match(self.ledger.rows, known, home=self.home.key if self.home else 0)
        self.refused = [(row, "name", reason) for row, reason in self.matching.refused]
        ids = [member.id for _, member in self.matching.known]
        self.residences: dict[int, list[Residence]] = residences.mains(self.session, member_ids=ids)
        self.matching.known = [(row, one) for row, one in self.matching.known if self._taken(row, one, known)]

    def _taken(self, row: MemberRow, member: Known, everybody: list[Known]) -> bool:
        """Whether the row stands; then its changes are collected."""
        found = changes(member, row)
        at_home = self.residences.get(member.id, [])
        moves = self.moves.judge(row, at_home)
        if self.stored[member.id].merged_into_id is not None:
            return self._of_merged(row, member, nothing=not found and moves.nothing())
        if row.key and row.key.version != member.version and (found or not moves.nothing()):
            self.refused.append((row, "key", STALE))
            home = shown_of(at_home, self.moves.today)
            self.current[row.sheet, row.row] = cells(self.stored[member.id], home)
            return False
        if row.key and member.clashes(found, everybody):
            self.refused.append((row, "name", NAMESAKE))
            return False
        self.moves.take(member.id, row, at_home, moves)
        if found:
            self.changed[member.id] = found
        if moves.add:
            self.moved.add(member.id)
        elif moves.confirm:
            self.verified.add(member.id)
        return True

    def _of_merged(self, row: MemberRow, member: Known, *, nothing: bool) -> bool:
        """A row about a record that leads to another one: the other one's branch reports, this one cannot any more."""
        if not nothing:
            self.refused.append((row, "name", MERGED.format(kept=self.stored[member.id].merged_into_id)))
        return nothing

    def outcome(self) -> Outcome:
        """What is to be said about it."""
        touched = self.changed.keys() | self.moved | self.verified
        return Outcome(
            added=len(self.matching.new),
            changed=len(touched),
            unchanged=len(self.matching.known) - len(touched),
            refused=[self._problem(row, column, reason) for row, column, reason in self.refused],
            notices=[
                *(self._problem(row, "name", reason) for row, reason in self.matching.repeated),
                *self._remarks(),
            ],
            current=self.current,
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
        homes = {organisation_id, *(member.organisation_id for _, member in self.matching.known)}
        since = end_of(self.moves.today - timedelta(days=1))
        review.note_reported(self.session, organisation_ids=homes, since=since, why=WHY)
        gone = [id_ for id_, found in self.changed.items() if found.get("deceased_on")]
        withhold_of(self.session, sorted(gone), HoldReason.deceased)
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


def _stored(session: Session, home: Organisation, rows: list[MemberRow]) -> dict[int, Member]:
    """Everybody a row may speak of: namesakes in the organisation; with keys, those and namesakes in its tree."""
    keys = {row.key.member_id for row in rows if row.key}
    tree = organisations.tree_ids(session, root_id=home.key) if keys else [home.key]
    found = members.named(session, organisation_ids=tree, names={row.name for row in rows if row.name})
    found += members.of_ids(session, organisation_ids=tree, ids=keys)
    found += members.named(session, organisation_ids=tree, names={one.name for one in found}) if keys else []
    there = {member.key for member in found}
    counting = [member for member in found if member.merged_into_id not in there]
    return {member.key: member for member in sorted(counting, key=lambda member: member.key)}


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
        deceased_on=member.deceased_on,
        occupation=member.occupation,
        dues_paid_until=member.dues_paid_until,
        certificate_number=member.certificate_number,
        certificate_issued_on=member.certificate_issued_on,
        certificate_checked_on=member.certificate_checked_on,
        details=dict(member.details),
        organisation_id=member.organisation_id,
    )


def as_text(value: Value) -> str:
    """A cell of today's ledger as it is written into a fix-it file."""
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
