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


@dataclass(frozen=True)
class Served:
    """Which replacements are served (positions in the order given), and which first sends gave way to them."""

    positions: list[int]
    gave_way: list[int]


def serve_replacements(
    asked: Sequence[tuple[int, int]], *, available: dict[int, int], firsts: Sequence[int], kit: dict[int, int]
) -> Served:
    """Serve replacements (item, quantity), oldest first, before first sends.

    Where stock is short, first sends that have theirs reserved give way with their whole kit (`kit` is item →
    quantity), the last of `firsts` first, and never for nothing. An item that is not counted is always there.
    """
    left, waiting = dict(available), list(firsts)
    served, gave_way = [], []
    for position, (item, quantity) in enumerate(asked):
        lacking = max(quantity - left[item], 0) if item in left else 0
        givers = -(-lacking // kit[item]) if kit.get(item) else 0
        if lacking and not 0 < givers <= len(waiting):
            continue
        for _ in range(givers):
            gave_way.append(waiting.pop())
            left |= {one: left.get(one, 0) + count for one, count in kit.items()}
        if item in left:
            left[item] -= quantity
        served.append(position)
    return Served(served, gave_way)
