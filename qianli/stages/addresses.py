"""Where one member lives, as a person writes it down by hand: moves, stays, corrections, verifications."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from models import AddressStatus, Member, Residence, ResidenceKind, Subject
from qianli.addresses.parse import read_address
from qianli.errors import BadInput, Conflict, NotFound, RuleBroken
from qianli.ledger.member_row import MemberRow
from qianli.ledger.members import LONGEST
from qianli.ledger.privacy import without_identity_numbers
from qianli.stages.address_history import division
from qianli.stages.moves import COPIED, PLACE, Moves, noon
from qianli.stages.unit import day_of, now, reading, today, writing
from qianli.store import journal, members, residences
from qianli.store.edits import STALE

BY_HAND = "手工登记"


@dataclass(frozen=True)
class Changed:
    """What one act did: `what` is moved, corrected, verified or nothing; `division` holds no detail."""

    member: int
    what: str
    division: str
    status: AddressStatus | None
    version: int


def move(
    member_id: int,
    *,
    address: str,
    since: date | None = None,
    until: date | None = None,
    temporary: bool = False,
    version: int | None = None,
    by: str,
) -> Changed:
    """A member lives somewhere else from a day on (today, unless told), or for a while (`temporary`, until a day)."""
    begins = since or today()
    written = _written(address)
    if temporary and until is None:
        raise BadInput(
            "临时住址要写明住到哪一天（--until，当天不含在内）；不回来的，请按搬家登记，不要写 --temporary。"
        )
    if until is not None and not temporary:
        raise BadInput("只有临时住址才写 --until；长期住址到下一次搬家为止，加上 --temporary 就是临时的。")
    if until is not None and until <= begins:
        raise BadInput("--until 要在 --since 之后。")
    with _one(member_id, version, by) as (session, member):
        moves = Moves({written: read_address(written)}, source=BY_HAND, today=today(), at=now())
        row = MemberRow("", 0, address=written, address_on=begins)
        known = residences.mains(session, member_ids=[member_id]).get(member_id, [])
        if temporary:
            return _away(session, member, moves, row, until)
        changes = moves.judge(row, known)
        moves.take(member_id, row, known, changes)
        for one in moves.added:
            one["reported_on"] = min(one["reported_on"], today())  # of a move to come it was told today
        moves.write(session)
        what = "moved" if changes.add else "verified" if changes.confirm else ""
        return _done(session, member, what, moves.addresses[written])


def _away(session: Session, member: Member, moves: Moves, row: MemberRow, until: date | None) -> Changed:
    new = moves.new(member.key, row) | {"kind": ResidenceKind.temporary, "since": row.address_on, "until": until}
    new |= {"reported_on": min(new["reported_on"], today()), "recorded_at": moves.at}
    new |= {"verified_at": None, "superseded_at": None}
    there = [
        one
        for one in residences.of_member(session, member_id=member.key)
        if one.superseded_at is None and one.kind is ResidenceKind.temporary
    ]
    same = ("since", "until", *PLACE[:4])
    if any(all(getattr(one, name) == new[name] for name in same) for one in there):
        return _done(session, member, "", moves.addresses[str(row.address)])
    residences.add_all(session, rows=[new])
    return _done(session, member, "moved", moves.addresses[str(row.address)])


def correct(
    residence_id: int,
    *,
    address: str | None = None,
    since: date | None = None,
    until: date | None = None,
    remove: bool = False,
    version: int | None = None,
    by: str,
) -> Changed:
    """What was written down of one residence was wrong: another takes its place, or none with `remove`.

    The wrong one stays as it was known, superseded from now on.
    """
    if not remove and address is None and since is None and until is None:
        raise BadInput("请写明要更正什么：--address、--since、--until，或者 --remove（这一条登记错了，作废）。")
    if remove and not (address is None and since is None and until is None):
        raise BadInput("--remove 是把这一条作废，不能再写别的内容。")
    with reading() as session:
        there = residences.by_ids(session, ids=[residence_id]).get(residence_id)
    if there is None:
        raise NotFound(f"没有编号为 {residence_id} 的住址，可用“member addresses 党员编号”查看。")
    with _one(there.member_id, version, by) as (session, member):
        wrong = residences.by_ids(session, ids=[residence_id])[residence_id]
        if wrong.superseded_at is not None:
            raise RuleBroken(f"住址 {residence_id} 已经不算数了，请用“member addresses {member.key}”看现在的是哪一条。")
        right = _corrected(wrong, address, since, until)
        if not remove and all(getattr(wrong, name) == value for name, value in right.items()):
            return _done(session, member, "", wrong)
        at = now()
        residences.supersede(session, ids=[residence_id], at=at)
        if remove:
            return _done(session, member, "corrected", wrong)
        copied = {name: getattr(wrong, name) for name in (*COPIED, "since", "until", "verified_at")} | right
        told = {"source": BY_HAND, "reported_on": today(), "verified_at": None} if address is not None else {}
        residences.add_all(session, rows=[copied | told | {"recorded_at": at, "superseded_at": None}])
        return _done(session, member, "corrected", Residence(**copied | {"recorded_at": at}))


def _corrected(wrong: Residence, address: str | None, since: date | None, until: date | None) -> dict[str, Any]:
    """The columns that get another value."""
    right: dict[str, Any] = {}
    if address is not None:
        written = _written(address)
        read = read_address(written)
        right = {name: getattr(read, name) for name in PLACE} | {"status": AddressStatus(read.status)}
        right["written"] = written
    begins, ends = since or wrong.since, until or wrong.until
    if begins and ends and ends <= begins:
        raise BadInput("住到哪一天（--until）要在从哪天起（--since）之后。")
    return right | {"since": begins, "until": ends}


def verify(member_ids: Sequence[int], *, on: date | None = None, version: int | None = None, by: str) -> list[Changed]:
    """Somebody asked: each of them lives where the ledger says, as of today or an earlier day."""
    day = on or today()
    if day > today():
        raise BadInput("核实的日子不能在今天之后。")
    if version is not None and len(member_ids) > 1:
        raise BadInput("--version 只能在核实一个人的时候写。")
    at = noon(day)
    with writing(by) as session:
        found = members.lock(session, ids=member_ids)
        if unknown := [id_ for id_ in member_ids if id_ not in found]:
            raise NotFound(f"没有编号为 {'、'.join(map(str, unknown))} 的党员，可用“member list”查看。")
        homes = residences.in_force(session, member_ids=found, on=today())
        if without := [id_ for id_ in found if id_ not in homes]:
            raise RuleBroken(
                f"党员 {'、'.join(map(str, without))} 现在没有住址可核实，请先用“member move”登记。", member_ids=without
            )
        for member in found.values():
            _fresh(member, version)
        newer = [id_ for id_, home in homes.items() if home.verified_at is None or day_of(home.verified_at) < day]
        residences.confirm_all(session, verified_at={homes[id_].key: at for id_ in newer})
        members.change_all(session, rows=[{"id": id_, "version": found[id_].version} for id_ in newer], at=now())
        journal.note(session, subject=Subject.member, ids=newer, what="verified", why=BY_HAND)
        return [_changed(found[id_], "verified" if id_ in newer else "", homes[id_]) for id_ in member_ids]


def _written(address: str) -> str:
    written = without_identity_numbers(" ".join(address.split()))
    if not written:
        raise BadInput("没有写地址。")
    if len(written) > LONGEST["address"]:
        raise BadInput(f"地址太长，最多 {LONGEST['address']} 个字符。")
    return written


@contextmanager
def _one(member_id: int, version: int | None, by: str) -> Iterator[tuple[Session, Member]]:
    """A transaction about one member, kept from others; Conflict if somebody changed the member since `version`."""
    with writing(by) as session:
        member = members.lock(session, ids=[member_id]).get(member_id)
        if member is None:
            raise NotFound(f"没有编号为 {member_id} 的党员，可用“member list”查看。", member_id=member_id)
        _fresh(member, version)
        yield session, member


def _fresh(member: Member, version: int | None) -> None:
    if version is not None and version != member.version:
        raise Conflict(STALE.format(count=1), member_id=member.key)


def _done(session: Session, member: Member, what: str, place: Any) -> Changed:
    """Note what was done to one member; nothing is nothing."""
    done = _changed(member, what, place)
    if what:
        members.change_all(session, rows=[{"id": member.key, "version": member.version}], at=now())
        journal.note(session, subject=Subject.member, ids=[member.key], what=what, why=BY_HAND)
    return done


def _changed(member: Member, what: str, place: Any) -> Changed:
    status = AddressStatus(place.status)
    return Changed(member.key, what or "nothing", division(place), status, member.version + bool(what))
