"""The tables of divisions, today's and former ones, and what every name of theirs can mean."""

from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"

#: A code without its zeros: 44 广东省, 4403 深圳市, 440305 南山区. What begins with another lies inside it.
Code = str
PROVINCE, CITY, DISTRICT = 1, 2, 3
SHORTEST = 2  # 四 is no name of a province
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})

#: What a name can mean: level, today's codes, codes of what a former division became, whether it is the name alone.
Sense = tuple[int, tuple[Code, ...], tuple[Code, ...], bool]


class Place(NamedTuple):
    """Names of today. `city` is None directly under the province, `district` where the city has none, or unknown."""

    province: str
    city: str | None
    district: str | None

    def line(self) -> str:
        """Without saying 北京市 twice."""
        city = self.city if self.city != self.province else None
        return f"{self.province}{city or ''}{self.district or ''}"


class Tables:
    """The tables in memory; names are found by their first two characters."""

    def __init__(self) -> None:
        self._beginnings = {line[:2]: line for line in lines("names.txt")}
        self._names = {line[:6]: line for line in lines("divisions.csv")}
        self.whole = {_short(digits) for digits, line in self._names.items() if ",whole," in line}
        #: Places outside a city today that once were in it, by the city's code.
        self.once_in: dict[Code, set[Code]] = {}
        #: Where parts of a district went that is still there.
        self.split: dict[Code, tuple[Code, ...]] = {}
        for line in lines("former.csv"):
            self._read_former(line)

    @cached_property
    def names(self) -> dict[str, tuple[tuple[str, tuple[Sense, ...]], ...]]:
        """Names by their first two characters, the longest first; filled as they are asked for."""
        return _Names(self._beginnings)

    @cache  # noqa: B019 - one instance a process
    def place(self, code: Code) -> Place:
        """The names of a code, from the province down."""
        province = self.name(code[:2])
        if code[:2] in MUNICIPALITIES:
            city: str | None = province
        else:
            city = self.name(code[:4]) if code[:4].ljust(6, "0") in self._names and len(code) // 2 >= CITY else None
        return Place(province, city, self.name(code) if len(code) // 2 == DISTRICT else None)

    def codes(self) -> list[Code]:
        """Every place of today."""
        return [_short(digits) for digits in self._names]

    def name(self, code: Code) -> str:
        """Its full name today."""
        return self._names[code.ljust(6, "0")].split(",", 2)[1]

    def is_inside(self, code: Code, region: Code) -> bool:
        """Whether it lies in the region, or once did."""
        return code.startswith(region) or code in self.once_in.get(region, ())

    def _read_former(self, line: str) -> None:
        digits, name, _, _, _, heirs = line.split(",")
        if " " not in heirs and heirs[:4] == digits[:4]:
            return
        now = [_short(one) for one in heirs.split(" ")]
        if now[0] == digits and len(now) > 1 and self.name(digits) == name:
            self.split[digits] = tuple(now[1:])
        moved = [one for one in now if not one.startswith(digits[:4])]
        if moved and not digits.endswith("00"):
            self.once_in.setdefault(digits[:4], set()).update(moved)


class _Names(dict[str, tuple[tuple[str, tuple[Sense, ...]], ...]]):
    """Reads a line of names.txt when it is first needed."""

    def __init__(self, lines: dict[str, str]) -> None:
        super().__init__()
        self._lines = lines

    def __missing__(self, beginning: str) -> tuple[tuple[str, tuple[Sense, ...]], ...]:
        line = self._lines.get(beginning)
        if line is None:
            return ()
        self[beginning] = found = tuple(_name(told) for told in line.split("\t")[1:])
        return found


def _name(told: str) -> tuple[str, tuple[Sense, ...]]:
    written, *senses = told.split(",")
    return written, tuple(_sense(one) for one in senses)


def _sense(told: str) -> Sense:
    bare = told[1] == "*"
    today, _, former = told[1 + bare :].partition("/")
    return int(told[0]), tuple(today.split()), tuple(former.split()), bare


def whole_places() -> list[Place]:
    """Every place of today that an address can end its divisions with, in the order of the codes."""
    return [
        tables().place(code)
        for code in sorted(tables().codes())
        if len(code) // 2 == DISTRICT or code in tables().whole
    ]


@cache
def provinces() -> tuple[str, ...]:
    """The full names of all provinces, in the order of their codes."""
    return tuple(tables().name(code) for code in sorted(tables().codes()) if len(code) // 2 == PROVINCE)


def province_called(name: str) -> str | None:
    """The province of this full or short name (福建省, 福建, 内蒙古); None if there is none."""
    return next((one for one in provinces() if len(name) >= SHORTEST and one.startswith(name)), None)


@cache
def tables() -> Tables:
    """The tables, read once in a process."""
    return Tables()


def lines(name: str) -> list[str]:
    """The rows of a table, below its remarks and titles."""
    found = (DATA / name).read_text(encoding="utf-8").rstrip("\n").split("\n")
    first = next(number for number, line in enumerate(found) if not line.startswith(("#", "code")))
    return found[first:]


def _short(digits: str) -> Code:
    return digits.removesuffix("00").removesuffix("00")
