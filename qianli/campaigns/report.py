"""How a campaign ended, in numbers. Rows in, numbers out; everything is counted in consignments, money in fen."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from models import ConsignmentState, Tracking

S = ConsignmentState
CONFIRMED = {S.confirmed, S.confirmed_with_issues}
NO_PROVINCE = "地址不详"


@dataclass(frozen=True)
class Owed:
    """What one member was owed, and where it stands. `group` is the home organisation."""

    number: int
    state: ConsignmentState
    province: str | None
    organisation_id: int
    organisation: str
    reason: str | None = None


@dataclass(frozen=True)
class Sent:
    """One parcel that a courier took; `numbers` are the consignments in it, the consignee's first."""

    numbers: tuple[int, ...]
    tracking: Tracking
    taken_back: bool
    postage_fen: int
    handed_over_on: date
    delivered_on: date | None


@dataclass(frozen=True)
class Issued:
    """So many of an item used up for one consignment: issued, less put back, plus written off."""

    number: int
    item: str
    quantity: int
    fen: int


@dataclass
class Group:
    """One line of a table."""

    label: str
    owed: int = 0
    sent: int = 0
    delivered: int = 0
    confirmed: int = 0
    returned: int = 0
    postage_fen: int = 0
    items_fen: int = 0
    days: list[int] = field(default_factory=list)

    @property
    def fen(self) -> int:
        """What it cost."""
        return self.postage_fen + self.items_fen


@dataclass(frozen=True)
class Numbers:
    """A whole campaign, and the same by province and by organisation."""

    total: Group
    provinces: list[Group]
    organisations: list[Group]
    states: dict[ConsignmentState, int]
    items: list[Issued]
    parcels: int
    not_sent: list[Owed]


def numbers(owed: Sequence[Owed], sent: Sequence[Sent], issued: Sequence[Issued]) -> Numbers:
    """Count it all. Who was cancelled was owed nothing any more; their parcels and goods still cost what they cost."""
    total = Group("合计")
    provinces: dict[object, Group] = {}
    organisations: dict[object, Group] = {}
    groups: dict[int, tuple[Group, ...]] = {}
    for one in sorted(owed, key=lambda row: row.number):
        province, organisation = one.province or NO_PROVINCE, one.organisation_id
        groups[one.number] = (
            total,
            provinces.setdefault(province, Group(province)),
            organisations.setdefault(organisation, Group(one.organisation)),
        )
        if one.state != S.cancelled:
            _add(groups[one.number], owed=1, confirmed=int(one.state in CONFIRMED))
    _count_parcels(groups, sent)
    for used in issued:
        _add(groups[used.number], items_fen=used.fen)
    return Numbers(
        total=total,
        provinces=_largest_first(provinces.values()),
        organisations=_largest_first(organisations.values()),
        states=dict(Counter(one.state for one in owed)),
        items=_by_item(issued),
        parcels=len(sent),
        not_sent=[one for one in owed if one.state == S.not_sent],
    )


def _count_parcels(groups: dict[int, tuple[Group, ...]], sent: Sequence[Sent]) -> None:
    """A consignment counts once however many parcels it took; a parcel's postage and days are its consignee's."""
    delivered = {number for one in sent if one.tracking == Tracking.delivered for number in one.numbers}
    back = {number for one in sent if one.taken_back or one.tracking == Tracking.returned for number in one.numbers}
    for number in {number for one in sent for number in one.numbers}:
        _add(groups[number], sent=1, delivered=int(number in delivered), returned=int(number in back))
    for one in sent:
        _add(groups[one.numbers[0]], postage_fen=one.postage_fen)
        if one.tracking == Tracking.delivered and one.delivered_on is not None:
            for group in groups[one.numbers[0]]:
                group.days.append(max((one.delivered_on - one.handed_over_on).days, 0))


def _add(groups: Iterable[Group], **counts: int) -> None:
    for group in groups:
        for name, count in counts.items():
            setattr(group, name, getattr(group, name) + count)


def _largest_first(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.owed, -group.sent, group.label))


def _by_item(issued: Iterable[Issued]) -> list[Issued]:
    """Item by item in the order given, over all consignments (number 0)."""
    found: dict[str, Issued] = {}
    for one in issued:
        before = found.get(one.item, Issued(0, one.item, 0, 0))
        found[one.item] = Issued(0, one.item, before.quantity + one.quantity, before.fen + one.fen)
    return [one for one in found.values() if one.quantity]


def average_days(days: Sequence[int]) -> str | None:
    """The mean to one decimal, halves up; None of nothing."""
    return _decimal(Fraction(sum(days), len(days)), 1) if days else None


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return _decimal(Fraction(fen, 100), 2)


def each(fen: int, count: int) -> str | None:
    """Yuan for each of so many, to the fen, halves up; None for nobody."""
    return _decimal(Fraction(fen, 100 * count), 2) if count else None


def _decimal(value: Fraction, places: int) -> str:
    """Halves go up, as a cashier rounds; binary floats would not know a half."""
    scaled = int(value * 10**places + Fraction(1, 2))
    return f"{scaled // 10**places}.{scaled % 10**places:0{places}d}"


def by_days(days: Sequence[int], *, most: int = 15) -> list[tuple[str, int]]:
    """How many parcels took how many days, without gaps; everything from `most` days on is one bar."""
    if not days:
        return []
    counts = Counter(min(day, most) for day in days)
    labels = range(min(counts), max(counts) + 1)
    return [(f"{day}+" if day == most else str(day), counts[day]) for day in labels]
