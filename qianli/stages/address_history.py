"""Where one member lived, lives and will live: every residence, with both clocks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models import AddressStatus, Residence, ResidenceKind
from qianli.errors import NotFound
from qianli.receipts.names import masked
from qianli.stages.unit import day_of, end_of, reading, today
from qianli.store import members, residences

HIDDEN = "＊＊＊"


@dataclass(frozen=True)
class Lived:
    """One residence as it was known; `superseded_on` if a later report took its place by then."""

    residence: int
    kind: ResidenceKind
    since: date | None
    until: date | None
    address: str
    status: AddressStatus
    source: str
    reported_on: date
    verified_on: date | None
    recorded_at: datetime
    superseded_at: datetime | None
    in_force: bool


@dataclass(frozen=True)
class History:
    """Every residence of a member that was recorded by the end of `known` (None: now), oldest first."""

    member: int
    name: str
    version: int
    on: date
    known: date | None
    residences: list[Lived]


def history(member_id: int, *, on: date | None = None, known: date | None = None, whole: bool = False) -> History:
    """Where a member lived, lives and will live; which one is in force on a day, as known at the end of another.

    Name and detail are masked unless `whole`.
    """
    day, before = on or today(), end_of(known) if known else None
    with reading() as session:
        member = members.by_ids(session, ids=[member_id]).get(member_id)
        if member is None:
            raise NotFound(f"没有编号为 {member_id} 的党员，可用“member list”查看。", member_id=member_id)
        there = residences.in_force(session, member_ids=[member_id], on=day, known=before).get(member_id)
        found = [
            _lived(one, before, in_force=there is not None and one.id == there.id, whole=whole)
            for one in residences.of_member(session, member_id=member_id)
            if before is None or one.recorded_at < before
        ]
        name = member.name if whole else masked(member.name)
        return History(member_id, name, member.version, day, known, found)


def _lived(one: Residence, before: datetime | None, *, in_force: bool, whole: bool) -> Lived:
    gone = one.superseded_at
    verified = one.verified_at if one.verified_at and (before is None or one.verified_at < before) else None
    return Lived(
        residence=one.key,
        kind=one.kind,
        since=one.since,
        until=one.until,
        address=one.written if whole else _hidden(one),
        status=one.status,
        source=one.source,
        reported_on=one.reported_on,
        verified_on=day_of(verified) if verified else None,
        recorded_at=one.recorded_at,
        superseded_at=gone if gone and (before is None or gone < before) else None,
        in_force=in_force,
    )


def _hidden(one: Residence) -> str:
    return f"{division(one)}{HIDDEN}"


def division(one: Any) -> str:
    """Province, city and district of an address, each once."""
    return "".join(dict.fromkeys(part for part in (one.province, one.city, one.district) if part))
