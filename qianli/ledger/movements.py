"""Reports of movements: which two are of one move, whether they agree, and which address is the better one. Pure."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models import AddressStatus, ReportSide
from qianli.addresses.divisions import province_called
from qianli.addresses.parse import read_address
from qianli.addresses.sameness import same_place_key

LATEST_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Where:
    """A place as one report tells it; `written` is empty if it does not say."""

    written: str
    province: str | None
    city: str | None
    district: str | None
    detail: str
    status: AddressStatus

    @property
    def levels(self) -> tuple[str | None, str | None, str | None]:
        """From the province down; null where not known."""
        return self.province, self.city, self.district

    @property
    def is_exact(self) -> bool:
        """Whether a parcel would find it."""
        return self.status is AddressStatus.exact


@dataclass(frozen=True)
class Report:
    """What pairing looks at."""

    id: int
    member_id: int
    side: ReportSide
    moved_on: date
    where: Where


def read_where(written: str) -> Where:
    """A place as people write it; a bare name of a province (广东) is one, too."""
    read = read_address(written)
    province = read.province or province_called(written)
    return Where(written, province, read.city, read.district, read.detail, AddressStatus(read.status))


def fingerprint(moved_on: date, *said: object) -> str:
    """Equal for equal reports: what a file says twice is said once."""
    told = json.dumps([moved_on.isoformat(), *said], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def pairs(reports: Iterable[Report], *, within_days: int) -> list[tuple[Report, Report]]:
    """Home and host reports of one move: of one member, at most so many days apart, the nearest first, each once."""
    sides = defaultdict[int, dict[ReportSide, list[Report]]](lambda: {side: [] for side in ReportSide})
    for report in reports:
        sides[report.member_id][report.side].append(report)
    return [pair for own in sides.values() for pair in _pairs(own[ReportSide.home], own[ReportSide.host], within_days)]


def _pairs(homes: Sequence[Report], hosts: Sequence[Report], within_days: int) -> list[tuple[Report, Report]]:
    near = (
        sorted(
            (abs((host.moved_on - home.moved_on).days), home.id, host.id, home, host)
            for home in homes
            for host in hosts
        )
        if len(homes) + len(hosts) > 1
        else []
    )
    found, taken = list[tuple[Report, Report]](), set[int]()
    for days, home_id, host_id, home, host in near:
        if days <= within_days and not taken & {home_id, host_id}:
            taken |= {home_id, host_id}
            found.append((home, host))
    return found


def agree(one: Where, other: Where) -> bool:
    """Whether two places can be one.

    | one      | other    | they agree if                                                  |
    |----------|----------|----------------------------------------------------------------|
    | exact    | exact    | they are the same place                                        |
    | any      | coarser  | no level that both name differs                                |
    | any      | unread   | always: what says nothing, or can be several, contradicts none |
    """
    if one.is_exact and other.is_exact:
        return _key(one) == _key(other)
    known = [(here, there) for here, there in zip(one.levels, other.levels, strict=True) if here and there]
    return all(here == there for here, there in known)


def better(home: Where, host: Where) -> Where:
    """The one a parcel finds more surely: exact before coarse, more levels before fewer; the host's of two alike."""
    return home if _sureness(home) > _sureness(host) else host


def says_more(new: Where, standing: Where) -> bool:
    """Whether a report tells something that the standing address does not hold already."""
    return bool(new.written) and (new.is_exact or not standing.is_exact or not agree(new, standing))


def same_move(one: date, other: date, *, within_days: int) -> bool:
    """Whether two reports of one side can be of one move: the later one corrects the earlier."""
    return abs((one - other).days) <= within_days


def _sureness(where: Where) -> tuple[bool, int, bool]:
    return where.is_exact, sum(level is not None for level in where.levels), bool(where.written)


def _key(where: Where) -> str:
    return same_place_key(*where.levels, where.detail)
