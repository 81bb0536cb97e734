"""Who is served when stock or an approval does not reach for all. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Allocation:
    """Consignment ids: who is served, who waits for stock, who waits for another approval."""

    served: list[int]
    out_of_stock: list[int]
    over_approval: list[int]


def allocate(
    wanting: Sequence[int],
    *,
    needs: dict[int, int],
    available: dict[int, int],
    allowed: int,
) -> Allocation:
    """Serve in the order given (the consignments' numbers), whole kits only.

    `needs` is item → quantity of one kit, `available` item → quantity nobody waits for,
    `allowed` how many more the approval covers. One without stock does not use up the approval.
    """
    kits = min((available.get(item, 0) // quantity for item, quantity in needs.items()), default=len(wanting))
    kits, allowed = max(kits, 0), max(allowed, 0)
    served = list(wanting[: min(kits, allowed)])
    rest = list(wanting[len(served) :])
    short = kits <= allowed and kits < len(wanting)
    return Allocation(served, rest if short else [], [] if short else rest)
