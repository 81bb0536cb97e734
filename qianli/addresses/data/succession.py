"""Which of today's divisions a former one became: by name from edition to edition, else from own.csv."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qianli.addresses.data.packages import Names
from qianli.addresses.data.written import own_part

OWN = Path(__file__).with_name("own.csv")
NOT_NAMES = re.compile(r"市辖区|晋城市市辖区|县|市|.*直辖.*|[西南中]沙群岛.*")
MUNICIPALITIES = ("11", "12", "31", "50")


@dataclass(frozen=True)
class Former:
    """A division of old: its last code and name, the first edition without it, today's codes."""

    code: str
    name: str
    until: str
    now: tuple[str, ...]


@dataclass(frozen=True)
class Own:
    """A row of own.csv."""

    code: str
    name: str
    until: str
    now: str

    def is_split(self) -> bool:
        """Whether the place is still there, with a part of it elsewhere."""
        return self.now.split(";")[0] == self.name


def own_rows() -> list[Own]:
    """What we know ourselves."""
    with OWN.open(encoding="utf-8", newline="") as file:
        return [Own(**row) for row in csv.DictReader(line for line in file if not line.startswith("#"))]


class Succession:
    """Follows every division of every edition to today."""

    def __init__(self, editions: list[tuple[str, Names]]) -> None:
        self.editions = editions
        self.today = editions[-1][1]
        self.own = {(row.code, row.name): row for row in own_rows()}
        self.lost: list[tuple[str, str, str]] = []

    def former(self) -> list[Former]:
        """Everything that is no more, or no more where it was, in order of code and name."""
        found: dict[tuple[str, str], Former] = {}
        for number, (_, names) in enumerate(self.editions[:-1]):
            for code, name in names.items():
                if not NOT_NAMES.fullmatch(name) and self.today.get(code) != name:
                    until, now = self._end(number, code, name)
                    found[code, name] = Former(code, name, until, now)
        for row in self.own.values():
            now = tuple(self._code(row.code, place) for place in row.now.split(";"))
            found[row.code, row.name] = Former(row.code, row.name, row.until, now)
        return sorted((one for one in found.values() if one.now), key=lambda one: (one.code, one.name))

    def _end(self, number: int, code: str, name: str) -> tuple[str, tuple[str, ...]]:
        """When it ended, and what it is today; nothing if nobody knows."""
        until = ""
        for before, (month, after) in zip(self.editions[number:], self.editions[number + 1 :], strict=False):
            if own := self.own.get((code, name)):
                return own.until, tuple(self._code(own.code, place) for place in own.now.split(";"))
            if after.get(code) == name:
                continue
            heir = _heir(before[1], after, code, name)
            if heir is None:
                self.lost.append((code, name, month))
                return month, ()
            until, code, name = until or month, heir, after[heir]
        if own := self.own.get((code, name)):
            return until, tuple(self._code(own.code, place) for place in own.now.split(";"))
        return until, (code,)

    def _code(self, near: str, place: str) -> str:
        """Today's code of `city/district` as own.csv has it, in the province and city of `near`."""
        city, _, district = place.rpartition("/")
        found = [code for code, name in self.today.items() if self._is(code, name, near, city, district)]
        if len(found) != 1:
            raise LookupError(f"own.csv: {place} near {near} is {found or 'nowhere'}")
        return found[0]

    def _is(self, code: str, name: str, near: str, city: str, district: str) -> bool:
        if code[:2] != near[:2]:
            return False
        if not district:
            return code.endswith("00") and name == city
        inside = self.today.get(f"{code[:4]}00") == city if city else code[:4] == near[:4] or near[:2] in MUNICIPALITIES
        return inside and name == district and not code.endswith("00")


def _heir(before: Names, after: Names, code: str, name: str) -> str | None:
    """The code that took over: of the same name, else the same code, else a new one of the same own part."""
    level = code.endswith("00")
    near = [
        one for one in after if one[:2] == code[:2] and one.endswith("00") == level and before.get(one) != after[one]
    ]
    same = [one for one in near if after[one] == name]
    if len(same) == 1:
        return same[0]
    if code in after and after[code] not in _in_province(frozenset(before.items()), code[:2]):
        return code
    kin = [one for one in near if one not in before and own_part(after[one]) == own_part(name)]
    return kin[0] if len(kin) == 1 else None


@cache
def _in_province(edition: frozenset[tuple[str, str]], province: str) -> set[str]:
    return {name for code, name in edition if code.startswith(province)}
