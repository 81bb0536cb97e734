"""How many parcels will come back, judged by those before. Pure.

The share that was returned in the narrowest place of which enough is known: the district, else the province, else all
that the courier took anywhere. A return costs once more what sending it cost.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

ENOUGH = 5  # of what ended: fewer say nothing
Where = tuple[str, ...]


class Ended(Protocol):
    """What one courier took to one district: how many ended, and how many of them were returned."""

    @property
    def courier(self) -> str: ...  # noqa: D102
    @property
    def province(self) -> str | None: ...  # noqa: D102
    @property
    def city(self) -> str | None: ...  # noqa: D102
    @property
    def district(self) -> str | None: ...  # noqa: D102
    @property
    def returned(self) -> int: ...  # noqa: D102
    @property
    def ended(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Sending:
    """One parcel to be: who takes it where, in which zone of the tariff, and what that costs."""

    courier: str
    place: tuple[str, str, str]
    zone: str
    weight_g: int
    postage_fen: int


@dataclass(frozen=True)
class ZoneSum:
    """Parcels of one courier to one zone; `returned` and `return_fen` are expected, of the `judged` ones."""

    courier: str
    zone: str
    parcels: int
    weight_g: int
    postage_fen: int
    judged: int
    returned: Fraction
    return_fen: int


def share_of(history: Iterable[Ended]) -> Callable[[Sending], Fraction | None]:
    """A function from a parcel to the share that will come back; None where too little is known."""
    returned: dict[Where, int] = defaultdict(int)
    ended: dict[Where, int] = defaultdict(int)
    for one in history:
        for where in _places(one.courier, (one.province or "", one.city or "", one.district or "")):
            returned[where] += one.returned
            ended[where] += one.ended

    def share(parcel: Sending) -> Fraction | None:
        for where in _places(parcel.courier, parcel.place):
            if ended.get(where, 0) >= ENOUGH:
                return Fraction(returned[where], ended[where])
        return None

    return share


def by_zone(parcels: Iterable[Sending], history: Iterable[Ended]) -> list[ZoneSum]:
    """One sum for each courier and zone, in order of their names."""
    share, groups = share_of(history), defaultdict(list)
    for one in parcels:
        groups[one.courier, one.zone].append((one, share(one)))
    return [_sum(courier, zone, some) for (courier, zone), some in sorted(groups.items())]


def total(sums: Iterable[ZoneSum]) -> ZoneSum:
    """All of them."""
    some = list(sums)
    return ZoneSum(
        courier="",
        zone="",
        parcels=sum(one.parcels for one in some),
        weight_g=sum(one.weight_g for one in some),
        postage_fen=sum(one.postage_fen for one in some),
        judged=sum(one.judged for one in some),
        returned=sum((one.returned for one in some), Fraction(0)),
        return_fen=sum(one.return_fen for one in some),
    )


def _sum(courier: str, zone: str, some: list[tuple[Sending, Fraction | None]]) -> ZoneSum:
    known = [(one, share) for one, share in some if share is not None]
    return ZoneSum(
        courier=courier,
        zone=zone,
        parcels=len(some),
        weight_g=sum(one.weight_g for one, _ in some),
        postage_fen=sum(one.postage_fen for one, _ in some),
        judged=len(known),
        returned=sum((share for _, share in known), Fraction(0)),
        return_fen=round(sum((share * one.postage_fen for one, share in known), Fraction(0))),
    )


def _places(courier: str, place: tuple[str, str, str]) -> list[Where]:
    """From the narrowest to the widest."""
    province, city, district = place
    return [(courier, province, city, district), (courier, province), (courier,)]
