"""Planning parcels: which lines go together, to whom, in which order. Pure.

- Without consolidation every consignment is a parcel of its own.
- With it, consignments of one home organisation at one address (equal after folding width, space and punctuation;
  nothing cleverer) share parcels. The consignee is the one with the lowest number.
- A parcel over the courier's limit splits between consignments, never within one.
- Replacements travel apart from first sends.
- Parcels are ordered by courier, province, city, district, then number; that order is `sequence`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Line:
    """One kit item of one consignment that has to go."""

    kit_item_id: int
    quantity: int
    weight_g: int
    replaces_line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What one consignment has to get, and where to; `household` is None when it travels alone."""

    consignment_id: int
    number: int
    snapshot_id: int
    courier: str
    place: tuple[str, str, str]
    household: str | None
    lines: tuple[Line, ...]

    @property
    def weight_g(self) -> int:
        """Weight of all its lines."""
        return sum(line.weight_g * line.quantity for line in self.lines)

    @property
    def replaces(self) -> bool:
        """Whether this is a replacement."""
        return any(line.replaces_line_id is not None for line in self.lines)


@dataclass(frozen=True)
class PlannedParcel:
    """One parcel to be: its loads in order of number, the first being the consignee's."""

    courier: str
    loads: tuple[Load, ...]

    @property
    def weight_g(self) -> int:
        """Weight of its contents."""
        return sum(load.weight_g for load in self.loads)

    @property
    def province(self) -> str:
        """Where it goes; empty if that is unknown."""
        return self.loads[0].place[0]


def plan_parcels(loads: Iterable[Load], *, limit_g: dict[str, int]) -> list[PlannedParcel]:
    """The parcels in `sequence` order; `limit_g` is the heaviest parcel by courier."""
    parcels: list[PlannedParcel] = []
    for _, group in groupby(sorted(loads, key=household_of), key=household_of):
        parcels += _fill(list(group), limit_g)
    return sorted(parcels, key=lambda parcel: (parcel.courier, parcel.loads[0].place, parcel.loads[0].number))


def household_of(load: Load) -> tuple[str, str, bool]:
    """Loads of one household share parcels; what one household costs does not hang on the others."""
    return (load.courier, load.household or f"#{load.number}", load.replaces)


def _fill(loads: list[Load], limit_g: dict[str, int]) -> list[PlannedParcel]:
    """Fill parcels one after another, in order of number, up to the limit."""
    filled: list[list[Load]] = []
    for load in sorted(loads, key=lambda one: one.number):
        if filled and sum(one.weight_g for one in filled[-1]) + load.weight_g <= limit_g[load.courier]:
            filled[-1].append(load)
        else:
            filled.append([load])
    return [PlannedParcel(group[0].courier, tuple(group)) for group in filled]
