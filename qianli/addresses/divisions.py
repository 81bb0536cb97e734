"""The tables of divisions, today's and former ones, and what every name of theirs can mean."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data"

#: A code without its zeros: 44 广东省, 4403 深圳市, 440305 南山区. What begins with another lies inside it.
Code = str
PROVINCE, CITY, DISTRICT = 1, 2, 3
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})

#: What a name can mean: level, today's codes, codes of what a former division became, whether it is the name alone.
Sense = tuple[int, tuple[Code, ...], tuple[Code, ...], bool]
#: A row's part in one written name: level, bare, code of today (or ""), codes of a former one's heirs.
Meaning = tuple[int, bool, Code, tuple[Code, ...]]


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
    """Both tables in memory, with names found by their first two characters."""

    def __init__(self) -> None:
        self.names: dict[Code, str] = {}
        self.whole: set[Code] = set()
        self.zones: dict[Code, list[str]] = {}
        #: Places outside a city today that once were in it, by the city's code.
        self.once_in: dict[Code, set[Code]] = {}
        #: Where parts of a district went that is still there.
        self.split: dict[Code, tuple[Code, ...]] = {}
        self._by_beginning: dict[str, list[tuple[str, Meaning]]] = {}
        self._read_today()
        self._read_former()

    def names_like(self, beginning: str) -> list[tuple[str, tuple[Sense, ...]]]:
        """Every name that begins with these two characters, the longest first, with what it means."""
        meanings: dict[str, list[Meaning]] = {}
        for written, meaning in self._by_beginning.get(beginning, ()):
            meanings.setdefault(written, []).append(meaning)
        return [(one, _senses(meanings[one])) for one in sorted(meanings, key=len, reverse=True)]

    def place(self, code: Code) -> Place:
        """The names of a code, from the province down."""
        province = self.names[code[:2]]
        city = province if code[:2] in MUNICIPALITIES else self.names.get(code[:4]) if len(code) > 2 else None  # noqa: PLR2004 - codes
        return Place(province, city, self.names[code] if len(code) > 4 else None)  # noqa: PLR2004 - codes

    def is_inside(self, code: Code, region: Code) -> bool:
        """Whether it lies in the region, or once did."""
        return code.startswith(region) or code in self.once_in.get(region, ())

    def _read_today(self) -> None:
        by_beginning, names = self._by_beginning, self.names
        for line in _rows("divisions.csv"):
            written, name, kind, short, bare, _ = line.split(",")
            code = written.removesuffix("00").removesuffix("00")
            if kind == "zone":
                self.zones.setdefault(code[:4], []).append(name)
                continue
            names[code] = name
            if kind:
                self.whole.add(code)
            meaning = (len(code) // 2, False, code, ())
            by_beginning.setdefault(name[:2], []).append((name, meaning))
            if short or bare:
                self._add_shorter(short, bare, meaning)

    def _read_former(self) -> None:
        for line in _rows("former.csv"):
            written, name, short, bare, _, heirs = line.split(",")
            now = tuple(one.removesuffix("00").removesuffix("00") for one in heirs.split(" "))
            code, city = written.removesuffix("00").removesuffix("00"), written[:4]
            level = len(now[0] if code.endswith("--") else code) // 2
            moved = [one for one in now if not one.startswith(city)] if level == DISTRICT else ()
            if moved:
                self.once_in.setdefault(city, set()).update(moved)
            if code == now[0] and self.names[code] == name:
                self.split[code] = now[1:]
            elif self.names[now[0]] != name or level != len(now[0]) // 2:
                meaning = (level, False, "", now)
                self._by_beginning.setdefault(name[:2], []).append((name, meaning))
                self._add_shorter(short, bare, meaning)

    def _add_shorter(self, short: str, bare: str, meaning: Meaning) -> None:
        """凉山州 is as good as the full name; 凉山 is the name alone."""
        for one in short.split():
            self._by_beginning.setdefault(one[:2], []).append((one, meaning))
        if bare:
            alone = (meaning[0], True, meaning[2], meaning[3])
            self._by_beginning.setdefault(bare[:2], []).append((bare, alone))


@cache
def tables() -> Tables:
    """The tables, read once in a process."""
    return Tables()


def _senses(meanings: list[Meaning]) -> tuple[Sense, ...]:
    """Meanings of one level put together, from the province down, names that say their kind before bare ones."""
    groups: dict[tuple[int, bool], tuple[dict[Code, None], dict[Code, None]]] = {}
    for level, bare, code, heirs in meanings:
        today, former = groups.setdefault((level, bare), ({}, {}))
        if code:
            today[code] = None
        former.update(dict.fromkeys(heirs))
    return tuple(
        (level, tuple(today), tuple(one for one in former if one not in today), bare)
        for (level, bare), (today, former) in sorted(groups.items())
    )


def _rows(name: str) -> Iterator[str]:
    """The rows of a table that has no quotes, below its remarks and titles."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    yield from lines[first + 1 :]
