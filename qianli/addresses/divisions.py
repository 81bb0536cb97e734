"""The table of provinces, cities and districts, and the names people use for them."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "divisions.csv"

#: A province, a city in it, or a district: (province,), (province, city), (province, city, district).
#: The city is "" where the district is directly under its province.
Place = tuple[str, ...]
DISTRICT = 3
SHORTEST = 2  # 四 is no name of a province

PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|"
    "塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
REGIONS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
AUTONOMOUS = re.compile(rf"(?P<own>.{{2,}}?)(?:(?:{PEOPLES})族?)+自治(?P<level>[州县旗])")
NAMED_AFTER_PEOPLE = re.compile(r"(?P<own>.+?)族?自治(?P<level>[县旗])")
PROVINCE_OR_CITY = re.compile(r"(?P<own>.{2,}?)(?:特别行政区|省|市|地区|盟)")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place. A bare one (广东, 深圳) is believed only if a deeper place follows it."""

    place: Place
    bare: bool


def names_at(text: str, start: int) -> Iterator[tuple[int, Name]]:
    """Every name that begins at `start`, with the position behind it."""
    known, longest = _names()
    for end in range(start + 2, min(len(text), start + longest) + 1):
        for name in known.get(text[start:end], ()):
            yield end, name


def is_whole(place: Place) -> bool:
    """Whether an address needs nothing below this place: a district, or a city that has none."""
    return place in _table()


def whole_places() -> list[Place]:
    """Every place an address can end its divisions with, in a fixed order."""
    return sorted(_table())


@cache
def provinces() -> tuple[str, ...]:
    """The full names of all provinces, in the order of their codes."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return tuple(dict.fromkeys(row["province"] for row in rows))


def province_called(name: str) -> str | None:
    """The province of this full or short name (福建省, 福建, 内蒙古); None if there is none."""
    return next((one for one in provinces() if len(name) >= SHORTEST and one.startswith(name)), None)


@cache
def _table() -> frozenset[Place]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return frozenset(
            (row["province"], row["city"], row["district"]) if row["district"] else (row["province"], row["city"])
            for row in rows
        )


@cache
def _names() -> tuple[dict[str, tuple[Name, ...]], int]:
    found: dict[str, dict[Name, None]] = {}
    places = {whole[:depth] for whole in _table() for depth in range(1, len(whole) + 1) if whole[depth - 1]}
    for place in sorted(places):
        for written, bare in _written(place):
            found.setdefault(written, {})[Name(place, bare)] = None
    return {written: tuple(names) for written, names in found.items()}, max(map(len, found))


def _written(place: Place) -> Iterator[tuple[str, bool]]:
    """The full name, the usual short one (凉山州, 彭水县), and for provinces and cities the bare one (广东, 凉山)."""
    full = place[-1]
    yield full, False
    above_districts = len(place) < DISTRICT or not place[1]
    if full in REGIONS:
        yield REGIONS[full], True
    elif short := AUTONOMOUS.fullmatch(full) or NAMED_AFTER_PEOPLE.fullmatch(full):
        yield short["own"] + short["level"], False
        if above_districts:
            yield short["own"], True
    elif above_districts and (bare := PROVINCE_OR_CITY.fullmatch(full)):
        yield bare["own"], True
