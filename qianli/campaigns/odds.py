"""When the odds of arriving are poor. Pure.

The rule, as it is told: an address from which something came back, and to which nothing has arrived since; and what one
courier takes to one district, where of at least 5 that ended it is 95% sure that more than one in ten did not arrive.
"""

from collections.abc import Iterable
from math import sqrt
from typing import Protocol

LEAST, MOST_LOST, Z = 5, 0.10, 1.96
RULE = "寄到原址退回过、此后没有送到的；以及同一快递在同一区县有结果的满 5 份、九成五把握认为每十份有一份以上没有送到的"


class Ended(Protocol):
    """How many of what one courier took to one district arrived, of how many that ended."""

    @property
    def arrived(self) -> int: ...  # noqa: D102
    @property
    def ended(self) -> int: ...  # noqa: D102


def wilson_lower(hits: int, of: int) -> float:
    """The lower bound of a share at 95%, after Wilson; 0 of nothing, and of none."""
    if hits == 0:
        return 0.0
    share, square = hits / of, Z * Z
    middle = share + square / (2 * of)
    width = Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, (middle - width) / (1 + square / of))


def is_poor(one: Ended) -> bool:
    """Whether so many did not arrive that it is no accident."""
    return one.ended >= LEAST and wilson_lower(one.ended - one.arrived, one.ended) > MOST_LOST


def was_it_right(warned: Iterable[tuple[bool, bool, bool]]) -> dict[bool, tuple[int, int, int]]:
    """(warned, returned, delivered) of what was sent → warned or not: how many, of them returned, delivered."""
    found = {True: [0, 0, 0], False: [0, 0, 0]}
    for was, returned, delivered in warned:
        for place, counts in enumerate((True, returned, delivered)):
            found[was][place] += counts
    return {was: (counts[0], counts[1], counts[2]) for was, counts in found.items()}
