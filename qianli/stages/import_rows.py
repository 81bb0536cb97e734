"""The rows of one ledger against the members there are, in one transaction: what is new, changed, or refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlmodel import Session

from models import AddressStatus, HoldReason, Member, Organisation, Residence, Subject
from qianli.addresses.parse import Address
from qianli.ledger.matching import NAMESAKE, Known, match
from qianli.ledger.member_row import MemberRow
from qianli.ledger.members import Ledger
from qianli.ledger.merging import changes, first_values
from qianli.ledger.out import Value
from qianli.ledger.problems import RowProblem
from qianli.stages.ledger_cells import cells
from qianli.stages.member_marks import withhold_of
from qianli.stages.moves import Moves, shown_of
from qianli.stages.unit import end_of
from qianli.store import journal, ledger_imports, members, organisations, residences, review

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
NEW_ORGANISATION = "台账里原来没有这个组织，已按新组织处理；如果是名称写错了，请核对后重新导入"
AT_ONCE = 5_000  # rows that are judged and written together

T = TypeVar("T")


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
    told: Callable[[int], None] = lambda _done: None
    wrote: ledger_imports.Log = field(default_factory=ledger_imports.Log)
    touched: int = 0
    homes: set[int] = field(default_factory=set)
    refused: list[tuple[MemberRow, str, str]] = field(default_factory=list)
    remarks: list[RowProblem] = field(default_factory=list)
    current: dict[tuple[str, int], dict[str, Value]] = field(default_factory=dict)

    def run(self, *, into: int | None) -> Outcome:
        """Judge every row and write what it changes; without an organisation to write `into`, only judge.

        So many rows at a time, so that a hundred thousand of them are never all in memory as what they change.
        """
        if self.is_new:
            self.remarks.append(RowProblem("", 0, "", NEW_ORGANISATION))
        self.everybody = _everybody(self.session, self.home, self.ledger.rows) if self.home else []
        matching = match(self.ledger.rows, self.everybody, home=self.home.key if self.home else 0)
        self.refused = [(row, "name", reason) for row, reason in matching.refused]
        self.remarks += [self._problem(row, "name", reason) for row, reason in matching.repeated]
        done = stood = 0
        for new in _cut(matching.new):
            for row in new:
                self.remarks += self._remarks_on(row, None, housed=False)
            if into is not None:
                self._add(new, into)
            self.told(done := done + len(new))
        for known in _cut(matching.known):
            stood += self._known(known, write=into is not None)
            self.told(done := done + len(known))
        if into is not None:
            since = end_of(self.moves.today - timedelta(days=1))
            review.note_reported(self.session, organisation_ids={into, *self.homes}, since=since, why=WHY)
        return self._outcome(added=len(matching.new), stood=stood)

    def _outcome(self, *, added: int, stood: int) -> Outcome:
        return Outcome(
            added=added,
            changed=self.touched,
            unchanged=stood - self.touched,
            refused=[self._problem(row, column, reason) for row, column, reason in self.refused],
            notices=self.remarks,
            current=self.current,
        )

    def _add(self, rows: Sequence[MemberRow], organisation_id: int) -> None:
        """New members, where they live, and a journal entry for each."""
        values = [first_values(row) for row in rows]
        ids = members.add_all(self.session, organisation_id=organisation_id, rows=values, at=self.moves.at)
        journal.note(self.session, subject=Subject.member, ids=ids, what="imported", why=WHY)
        self.wrote.made(self.session, ids)
        for id_, row in zip(ids, rows, strict=True):
            self.moves.report(id_, row, [])
        self.moves.write(self.session)
        self.moves.clear()

    def _known(self, rows: Sequence[tuple[MemberRow, Known]], *, write: bool) -> int:
        """Rows about members that are known; the answer is how many of them stand."""
        batch = _Batch(residences.mains(self.session, member_ids=[member.id for _, member in rows]))
        standing = [(row, member) for row, member in rows if self._taken(row, member, batch)]
        for row, member in standing:
            self.remarks += self._remarks_on(row, member, housed=member.id in batch.at_home)
        stored = members.by_ids(self.session, ids=[member.id for _, member in batch.stale]) if batch.stale else {}
        for row, member in batch.stale:
            home = shown_of(batch.at_home.get(member.id, []), self.moves.today)
            self.current[row.sheet, row.row] = cells(stored[member.id], home)
        self.touched += len(batch.touched())
        self.homes |= {member.organisation_id for _, member in standing}
        if write:
            self._change({member.id: member for _, member in standing}, batch)
        self.moves.clear()
        return len(standing)

    def _taken(self, row: MemberRow, member: Known, batch: "_Batch") -> bool:
        """Whether the row stands; then its changes are collected."""
        found = changes(member, row)
        at_home = batch.at_home.get(member.id, [])
        moves = self.moves.judge(row, at_home)
        if member.merged_into_id is not None:
            return self._of_merged(row, member, nothing=not found and moves.nothing())
        if row.key and row.key.version != member.version and (found or not moves.nothing()):
            self.refused.append((row, "key", STALE))
            batch.stale.append((row, member))
            return False
        if row.key and member.clashes(found, self.everybody):
            self.refused.append((row, "name", NAMESAKE))
            return False
        self.moves.take(member.id, row, at_home, moves)
        if found:
            batch.changed[member.id] = found
        if moves.add:
            batch.moved.add(member.id)
        elif moves.confirm:
            batch.verified.add(member.id)
        return True

    def _of_merged(self, row: MemberRow, member: Known, *, nothing: bool) -> bool:
        """A row about a record that leads to another one: the other one's branch reports, this one cannot any more."""
        if not nothing:
            self.refused.append((row, "name", MERGED.format(kept=member.merged_into_id)))
        return nothing

    def _change(self, known: Mapping[int, Known], batch: "_Batch") -> None:
        """Members first, then where they live; a journal entry for each that changed."""
        values = [known[id_].values() | batch.changed.get(id_, {}) for id_ in sorted(batch.touched())]
        members.change_all(self.session, rows=values, at=self.moves.at)
        self.wrote.changed(
            self.session, list(map(batch.was(self.moves.confirmed), (known[one["id"]] for one in values)))
        )
        self.moves.write(self.session)
        if gone := [id_ for id_, found in batch.changed.items() if found.get("deceased_on")]:
            withhold_of(self.session, sorted(gone), HoldReason.deceased)
        for what, touched_so in (("changed", batch.changed), ("moved", batch.moved), ("verified", batch.verified)):
            journal.note(self.session, subject=Subject.member, ids=sorted(touched_so), what=what, why=WHY)

    def _remarks_on(self, row: MemberRow, member: Known | None, *, housed: bool) -> Iterator[RowProblem]:
        """What went in, and will still hold up a parcel."""
        if row.phone_problem:
            kept = "；仍用台账里原有的号码" if member and member.phone else ""
            yield self._problem(row, "phone", row.phone_problem + kept)
        if row.address is None and not housed:
            yield self._problem(row, "address", NO_ADDRESS)
        if row.address and (said := _remark_on(self.moves.addresses[row.address])):
            yield self._problem(row, "address", said)

    def _problem(self, row: MemberRow, column: str, reason: str) -> RowProblem:
        return RowProblem(row.sheet, row.row, self.ledger.title(row.sheet, column), reason)


@dataclass
class _Batch:
    """So many known members: where they live, and what their rows change."""

    at_home: dict[int, list[Residence]]
    changed: dict[int, dict[str, Any]] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)
    verified: set[int] = field(default_factory=set)
    stale: list[tuple[MemberRow, Known]] = field(default_factory=list)

    def was(self, confirmed: Mapping[int, Any]) -> Callable[[Known], ledger_imports.Was]:
        """Of a member: the columns that its row changes, and when its addresses that are confirmed were last."""

        def one(member: Known) -> ledger_imports.Was:
            values, homes = member.values(), self.at_home.get(member.id, [])
            columns = {name: values[name] for name in self.changed.get(member.id, {})}
            checked = {home.key: home.verified_at for home in homes if home.key in confirmed}
            return ledger_imports.Was(member.id, member.version + 1, columns, checked)

        return one

    def touched(self) -> set[int]:
        """Whom anything of it concerns."""
        return self.changed.keys() | self.moved | self.verified


def _cut(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in their order, so many at a time."""
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _remark_on(address: Address) -> str | None:
    """What a person has to look at; of a former name, what it is called today."""
    if address.outside and AddressStatus(address.status) is not AddressStatus.exact:
        return OUTSIDE.format(place=address.outside)
    if said := ADDRESS_NOTICES.get(AddressStatus(address.status)):
        could_be = f"；可能是：{'、'.join(address.candidates[:MOST_CANDIDATES])}" if address.candidates else ""
        return said + could_be
    return RENAMED.format(was=address.was, now=address.place()) if address.was else None


def _everybody(session: Session, home: Organisation, rows: Sequence[MemberRow]) -> list[Known]:
    """Everybody a row may speak of: namesakes in the organisation; with keys, those and namesakes in its tree."""
    keys = sorted({row.key.member_id for row in rows if row.key})
    tree = organisations.tree_ids(session, root_id=home.key) if keys else [home.key]
    found: dict[int, Known] = {}

    def add(some: Iterable[Member]) -> None:
        found.update((member.key, _known(member)) for member in some if member.key not in found)

    for names in _cut(sorted({row.name for row in rows if row.name})):
        add(members.named(session, organisation_ids=tree, names=names))
    for ids in _cut(keys):
        add(members.of_ids(session, organisation_ids=tree, ids=ids))
    for names in _cut(sorted({one.name for one in found.values()}) if keys else []):
        add(members.named(session, organisation_ids=tree, names=names))
    return [found[id_] for id_ in sorted(found) if found[id_].merged_into_id not in found]


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
        merged_into_id=member.merged_into_id,
    )


def as_text(value: Value) -> str:
    """A cell of today's ledger as it is written into a fix-it file."""
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
