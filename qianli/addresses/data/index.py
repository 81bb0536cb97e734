"""Every written name of a place with all it can mean, put in order once so that reading the tables takes no time."""

from collections.abc import Iterator
from pathlib import Path

#: Level, whether it is the name alone; today's code or "", codes of a former division's heirs.
Meaning = tuple[int, bool, str, tuple[str, ...]]
DISTRICT = 3


def index(folder: Path) -> str:
    """One line for all names that begin with the same two characters."""
    meanings: dict[str, list[Meaning]] = {}
    for written, meaning in [*_of_today(folder), *_of_former(folder)]:
        meanings.setdefault(written, []).append(meaning)
    lines: dict[str, list[str]] = {}
    for written in sorted(meanings, key=lambda one: (one[:2], -len(one), one)):
        lines.setdefault(written[:2], []).append(_told(written, meanings[written]))
    return "".join(f"{beginning}\t{chr(9).join(told)}\n" for beginning, told in lines.items())


def rows(path: Path) -> list[list[str]]:
    """The cells of a table that has no quotes, below its remarks and titles."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split(",") for line in lines if not line.startswith("#")][1:]


def short_code(digits: str) -> str:
    """44 for 440000, 4403 for 440300."""
    return digits.removesuffix("00").removesuffix("00")


def _of_today(folder: Path) -> Iterator[tuple[str, Meaning]]:
    for digits, name, _, short, bare, _since in rows(folder / "divisions.csv"):
        code = short_code(digits)
        yield from _written(name, short, bare, (len(code) // 2, code, ()))


def _of_former(folder: Path) -> Iterator[tuple[str, Meaning]]:
    names = {short_code(row[0]): row[1] for row in rows(folder / "divisions.csv")}
    for digits, name, short, bare, _, heirs in rows(folder / "former.csv"):
        now = tuple(map(short_code, heirs.split(" ")))
        level = len(now[0] if digits.endswith("--") else short_code(digits)) // 2
        if names[now[0]] != name or level != len(now[0]) // 2:  # else it only moved, or a part of it left
            yield from _written(name, short, bare, (level, "", now))


def _written(
    name: str, short: str, bare: str, meaning: tuple[int, str, tuple[str, ...]]
) -> Iterator[tuple[str, Meaning]]:
    """凉山州 is as good as the full name; 凉山 is the name alone."""
    level, code, heirs = meaning
    for one in (name, *short.split()):
        yield one, (level, False, code, heirs)
    if bare:
        yield bare, (level, True, code, heirs)


def _told(written: str, meanings: list[Meaning]) -> str:
    """Meanings of one level put together, from the province down."""
    groups: dict[tuple[int, bool], tuple[dict[str, None], dict[str, None]]] = {}
    for level, bare, code, heirs in meanings:
        today, former = groups.setdefault((level, bare), ({}, {}))
        if code:
            today[code] = None
        former.update(dict.fromkeys(heirs))
    told = [written]
    for (level, bare), (today, former) in sorted(groups.items()):
        gone = [one for one in former if one not in today]
        told.append(f"{level}{'*' * bare}{' '.join(today)}/{' '.join(gone)}")
    return ",".join(told)
