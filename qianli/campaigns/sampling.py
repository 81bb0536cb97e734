"""How many to ask for a chosen margin of error, whom, and what their answers say. Pure.

Sample size: Cochran, Sampling Techniques, 3rd ed. (Wiley, 1977), ch. 4, for a share of one half, with the
finite-population correction. Interval: E. B. Wilson, JASA 22 (1927), 209-212.
"""

import math
import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from models import ConsignmentState, Finding, Stratum

S = ConsignmentState
STRATUM = {
    S.confirmed: Stratum.confirmed,
    S.confirmed_with_issues: Stratum.confirmed,
    S.denied: Stratum.confirmed,
    S.unconfirmed: Stratum.unconfirmed,
    S.under_way: Stratum.not_yet_said,
    S.held: Stratum.not_yet_said,
}
SAID = {
    S.confirmed: Finding.has_complete,
    S.confirmed_with_issues: Finding.has_part,
    S.denied: Finding.has_not,
}


def z_of(confidence_percent: int) -> float:
    """How many standard deviations to either side hold so much of a normal distribution; 95 gives 1.96."""
    return NormalDist().inv_cdf(0.5 + confidence_percent / 200)


def size(population: int, *, margin_percent: int, confidence_percent: int = 95) -> int:
    """N = n0 / (1 + (n0 - 1) / N) with n0 = z² · 0.25 / e², rounded up: never more than there are."""
    if population <= 0:
        return 0
    endless = z_of(confidence_percent) ** 2 * 0.25 / (margin_percent / 100) ** 2
    return min(population, math.ceil(endless / (1 + (endless - 1) / population)))


def shares(counts: Mapping[Stratum, int], wanted: int) -> dict[Stratum, int]:
    """So many of each stratum, by its size, the largest remainders first; at least one of each that has somebody."""
    there = {stratum: count for stratum, count in counts.items() if count}
    total = sum(there.values())
    wanted = min(max(wanted, len(there)), total)
    left = wanted - len(there)
    room = total - len(there)
    exact = {one: left * (count - 1) / room if room else 0.0 for one, count in there.items()}
    taken = {one: 1 + math.floor(exact[one]) for one in there}
    rest = sorted(there, key=lambda one: (math.floor(exact[one]) - exact[one], str(one)))
    for one in rest[: wanted - sum(taken.values())]:
        taken[one] += 1
    return taken


def draw(strata: Mapping[Stratum, Collection[int]], wanted: int, *, seed: str) -> list[int]:
    """Ids drawn, in the order in which they are asked; the same seed draws the same from the same."""
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated, not a secret
    taken = shares({stratum: len(ids) for stratum, ids in strata.items()}, wanted)
    drawn = [id_ for one in sorted(taken, key=str) for id_ in chance.sample(sorted(strata[one]), taken[one])]
    chance.shuffle(drawn)
    return drawn


def believed(state: ConsignmentState, *, delivered: bool) -> Finding | None:
    """The member's own word; where there is none, that the courier delivered; else nobody knows."""
    return SAID.get(state) or (Finding.has_complete if delivered else None)


@dataclass(frozen=True)
class Share:
    """So many of so many, and between which shares (0 to 1) the truth lies by Wilson's interval."""

    count: int
    of: int
    low: float
    high: float


def share(count: int, of: int, *, confidence_percent: int = 95) -> Share:
    """Wilson's score interval; of nobody anything may be true."""
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    z = z_of(confidence_percent)
    p, spread = count / of, z * z / of
    centre = (p + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(p * (1 - p) / of + spread / (4 * of))
    return Share(count, of, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))


@dataclass(frozen=True)
class Asked:
    """One who was drawn: the group they are counted in, what was believed, and what was found."""

    group: str
    believed: Finding | None
    finding: Finding | None


@dataclass(frozen=True)
class Result:
    """One group in sums. `agreed` counts those reached of whom something was believed."""

    group: str
    drawn: int
    reached: int
    not_reached: int
    found: dict[Finding, int]
    agreed: Share


def results(asked: Iterable[Asked], *, confidence_percent: int) -> list[Result]:
    """Each group in sums, by name."""
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        groups.setdefault(one.group, []).append(one)
    return [_result(name, own, confidence_percent) for name, own in sorted(groups.items())]


def _result(name: str, own: list[Asked], confidence_percent: int) -> Result:
    found = {kind: sum(one.finding is kind for one in own) for kind in Finding}
    reached = [one for one in own if one.finding not in (None, Finding.not_reached)]
    known = [one for one in reached if one.believed is not None]
    agreed = sum(one.believed is one.finding for one in known)
    return Result(
        name,
        len(own),
        len(reached),
        found[Finding.not_reached],
        found,
        share(agreed, len(known), confidence_percent=confidence_percent),
    )


@dataclass(frozen=True)
class Crossed:
    """What was found of those of whom the same was believed; None: nobody said anything of them."""

    believed: Finding | None
    drawn: int
    found: dict[Finding, int]
    open: int


def crossed(asked: Iterable[Asked]) -> list[Crossed]:
    """Belief beside finding, a row for each belief there is; `open` counts those nobody has asked yet."""
    own = list(asked)
    rows = [(one, [who for who in own if who.believed is one]) for one in (*Finding, None)]
    return [
        Crossed(
            one,
            len(there),
            {kind: sum(who.finding is kind for who in there) for kind in Finding},
            sum(who.finding is None for who in there),
        )
        for one, there in rows
        if there
    ]


def sentence(number: int, total: Result, *, margin_percent: int, confidence_percent: int) -> str:
    """What one sample says, for the report."""
    low, high = round(total.agreed.low * 100), round(total.agreed.high * 100)
    known = (
        f"与系统记载相符 {total.agreed.count}/{total.agreed.of}（{confidence_percent}% 的把握在 {low}%～{high}% 之间）"
        if total.agreed.of
        else "还没有可以对照的"
    )
    found = total.found
    return (
        f"第 {number} 次抽样核实（允许误差 {margin_percent}%）：抽 {total.drawn} 人，问到 {total.reached} 人，"
        f"其中齐全 {found[Finding.has_complete]} 人、缺件 {found[Finding.has_part]} 人、"
        f"没有收到 {found[Finding.has_not]} 人；{known}。"
    )
