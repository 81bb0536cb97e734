"""Reported addresses against the residences there are: what ends, what begins, what is confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session

from models import AddressStatus, Residence, ResidenceKind
from qianli.addresses.corrections import correct, instead, shown
from qianli.addresses.parse import Address, read_address
from qianli.addresses.placement import Changes, Stay, place
from qianli.addresses.sameness import same_place_key
from qianli.ledger.member_row import MemberRow
from qianli.store import residences

PLACE = ("province", "city", "district", "detail", "postcode", "status")
COPIED = ("member_id", "kind", "written", *PLACE, "source", "reported_on")
LONGEST_SOURCE = 100


class Addresses(dict[str, Address]):
    """What addresses read as, by how they are written; read when asked for, and so many remembered."""

    MOST = 5_000

    def __missing__(self, written: str) -> Address:
        if len(self) >= self.MOST:
            self.clear()
        read = self[written] = read_address(written)
        return read


@dataclass
class Moves:
    """Collects what the rows of one import change about residences, and writes it in a few statements."""

    addresses: dict[str, Address]
    source: str
    today: date
    at: datetime
    superseded: list[int] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)
    confirmed: dict[int, datetime] = field(default_factory=dict)

    def report(self, member_id: int, row: MemberRow, known: Sequence[Residence]) -> Changes:
        """What the row's address changes for this member; nothing if it has none or the same one."""
        changes = self.judge(row, known)
        self.take(member_id, row, known, changes)
        return changes

    def judge(self, row: MemberRow, known: Sequence[Residence]) -> Changes:
        """The same, and nothing is collected. A row with a key corrects what it was written from."""
        if row.address is None:
            return Changes()
        stays, address = [_stay(residence) for residence in known], self._key(row.address)
        if row.key is None:
            return place(stays, address, row.address_on)
        # What went out and comes back as it was is the same address, however it would be read today.
        as_written = (stay.address for stay, one in zip(stays, known, strict=True) if one.written == row.address)
        found = correct(stays, next(as_written, address), row.address_on, self.today)
        spoken_of = next((one for one in known if found.spoken_of and one.id == found.spoken_of.id), None)
        if found.spoken_of and spoken_of and row.postcode not in (None, spoken_of.postcode) and found.changes.nothing():
            return instead(found.spoken_of, address, self.today)
        return found.changes

    def take(self, member_id: int, row: MemberRow, known: Sequence[Residence], changes: Changes) -> None:
        """Collect what was judged."""
        if row.address is None:
            return
        by_id = {residence.id: residence for residence in known}
        self.superseded += [stay.id for stay in changes.supersede if stay.id is not None]
        for stay in changes.add:
            original = by_id.get(stay.id) if stay.id is not None else None
            content = _copy(original) if original else self.new(member_id, row)
            self.added.append(
                content
                | {
                    "since": stay.since,
                    "until": stay.until,
                    "verified_at": noon(stay.confirmed_on) if stay.confirmed_on else None,
                    "recorded_at": self.at,
                    "superseded_at": None,
                }
                | ({"reported_on": stay.reported_on} if stay.reported_on else {})
            )
        if changes.confirm and changes.confirm.id is not None and changes.confirm.confirmed_on:
            self.confirmed[changes.confirm.id] = noon(changes.confirm.confirmed_on)

    def write(self, session: Session) -> None:
        """Supersede first: the database refuses two main residences that overlap."""
        residences.supersede(session, ids=self.superseded, at=self.at)
        residences.add_all(session, rows=self.added)
        residences.confirm_all(session, verified_at=self.confirmed)

    def clear(self) -> None:
        """Nothing is collected any more."""
        self.superseded, self.added, self.confirmed = [], [], {}

    def _key(self, written: str) -> str:
        address = self.addresses[written]
        return _key(
            AddressStatus(address.status), (address.province, address.city, address.district, address.detail), written
        )

    def new(self, member_id: int, row: MemberRow) -> dict[str, Any]:
        """What a new residence says of the address in a row."""
        written = row.address or ""
        address = self.addresses[written]
        return {
            **{name: getattr(address, name) for name in PLACE},
            "status": AddressStatus(address.status),
            "member_id": member_id,
            "kind": ResidenceKind.main,
            "written": written,
            "postcode": row.postcode or address.postcode,
            "source": (f"{self.source} {row.sheet}!{row.row}" if row.sheet else self.source)[-LONGEST_SOURCE:],
            "reported_on": row.address_on or self.today,
        }


def _stay(residence: Residence) -> Stay:
    parts = (residence.province, residence.city, residence.district, residence.detail)
    return Stay(
        address=_key(residence.status, parts, residence.written),
        since=residence.since,
        until=residence.until,
        confirmed_on=residence.verified_at.date() if residence.verified_at else None,
        id=residence.id,
        reported_on=residence.reported_on,
    )


def shown_of(known: Sequence[Residence], today: date) -> Residence | None:
    """The residence that a ledger of today shows."""
    stay = shown([_stay(residence) for residence in known], today)
    return next((residence for residence in known if stay and residence.id == stay.id), None)


def known_on(residence: Residence) -> date | None:
    """The last day somebody said that the address is right, as a ledger shows it."""
    return _stay(residence).known_on


def _key(status: AddressStatus, parts: tuple[str | None, str | None, str | None, str], written: str) -> str:
    """What was read compares by its parts; what could not be read compares as it was written."""
    return same_place_key(*parts) if status == AddressStatus.exact else same_place_key(None, None, None, written)


def _copy(residence: Residence) -> dict[str, Any]:
    return {name: getattr(residence, name) for name in COPIED}


def noon(day: date) -> datetime:
    """An instant that falls on this day in China and in UTC alike."""
    return datetime.combine(day, time(4), UTC)
