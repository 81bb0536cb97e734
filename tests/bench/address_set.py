"""At least 500 addresses with what they mean today: built by rule from the tables, and written by hand.

The rules read the CSV files themselves and know nothing of the reader.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qianli.settings import ROOT

TABLES = ROOT / "qianli/addresses/data"
CASES = ROOT / "tests/addresses/data"
MUNICIPALITIES = {"11", "12", "31", "50"}
STREETS = [
    "人民路12号",
    "青海路8号2幢301室",
    "解放街道北京东路3号",
    "城关镇红旗村5组",
    "中山大道66号阳光花园3栋402",
    "和平村委会旁",
    "科技园A座10楼",
    "建设北路8号职工宿舍转交李书记",
]
SEED, SAMPLE = 20270120, 90


class Case(NamedTuple):
    """A text, and the places and status that are right."""

    text: str
    province: str | None
    city: str | None
    district: str | None
    status: str

    @property
    def place(self) -> tuple[str | None, str | None, str | None]:
        """All levels."""
        return self.province, self.city, self.district


def cases(name: str) -> list[Case]:
    """A file of cases; an empty cell is a level that does not exist or is not known."""
    return [Case(row["text"], row["province"] or None, row["city"] or None, row["district"] or None, row["status"])
            for row in _rows(CASES / name)]  # fmt: skip


@cache
def whole_set() -> tuple[Case, ...]:
    """Everything, each text once, in a fixed order."""
    made = [*_today(), *_former(), *_shared(), *_unfinished()]
    return tuple({case.text: case for case in [*made, *cases("by_hand.csv")]}.values())


def _today() -> Iterator[Case]:
    """Places of today: levels dropped, names shortened, noise added."""
    chance = random.Random(SEED)  # noqa: S311 - a sample
    names = _names()
    often = Counter(name for code, name in names.items() if not code.endswith("00"))
    often.update(Counter({row["name"] for row in _rows(TABLES / "former.csv")}))
    districts = [code for code, name in names.items() if not code.endswith("00") and len(name) > 2 and code[0] < "7"]
    short = {row["code"]: row for row in _rows(TABLES / "divisions.csv")}
    for code in chance.sample(districts, SAMPLE):
        province, city, district = _place(code)
        above = "" if city == province else city or ""
        street = chance.choice(STREETS)
        place = (province, city, district)
        yield Case(f"{province}{above}{district}{street}", *place, "exact")
        yield Case(f"{_bare(short, code[:2])}{above}{district}{street}", *place, "exact")
        if above or often[district] == 1:
            yield Case(f"{above}{district}{street}", *place, "exact")
        if often[district] == 1:
            yield Case(f"{district}{street}", *place, "exact")
            yield Case(f"{province}{district}{street}", *place, "exact")
        bare_city = _bare(short, code[:4]) if above else ""
        brief = short[code]["short"].split(" ")[0] or district
        yield Case(f"{bare_city}{brief}{street}" if bare_city else f"{province}{brief}{street}", *place, "exact")
        yield Case(_noisy(chance, [province, above, district, street]), *place, "exact")


def _former() -> Iterator[Case]:
    """Former divisions with one heir, as a branch wrote them then."""
    chance = random.Random(SEED + 1)  # noqa: S311 - a sample
    names = _names()
    rows = [row for row in _rows(TABLES / "former.csv") if " " not in row["now"] and row["until"] > "2002-12"]
    rows = [row for row in rows if not row["code"].endswith("00") and not row["now"].endswith("00")]
    rows = [row for row in rows if names.get(row["code"][:4] + "00") or row["code"][:2] in MUNICIPALITIES]
    for row in chance.sample(rows, SAMPLE):
        if names[row["now"]] == row["name"] or len(row["name"]) < 3 and not row["name"].endswith("县"):  # noqa: RUF021
            continue
        above = "" if row["code"][:2] in MUNICIPALITIES else names[row["code"][:4] + "00"]
        text = f"{names[row['code'][:2] + '0000']}{above}{row['name']}{chance.choice(STREETS)}"
        yield Case(text, *_place(row["now"]), "exact")


def _shared() -> Iterator[Case]:
    """Names that several cities have, without a city."""
    names = _names()
    often = Counter(name for code, name in names.items() if not code.endswith("00"))
    for number, (name, count) in enumerate(sorted(often.items())):
        if count > 1 and len(name) > 2 and not name.endswith("自治县"):
            shared = {code[:2] for code, other in names.items() if other == name}
            if len(shared) > 1:
                yield Case(f"{name}{STREETS[number % len(STREETS)]}", None, None, None, "ambiguous")


def _unfinished() -> Iterator[Case]:
    """A city without its district, and a road that is named after another place."""
    chance = random.Random(SEED + 2)  # noqa: S311 - a sample
    names, without = _names(), {"441900", "442000", "460300", "460400", "620200"}
    cities = [code for code, name in names.items() if code.endswith("00") and not code.endswith("0000")
              and code not in without and name.endswith("市") and code[0] < "7"]  # fmt: skip
    for code in chance.sample(cities, 30):
        road = chance.choice(["青海路1号", "北京东路2号3单元", "上海街18号", "中山北路5号", "重庆大厦9楼"])
        yield Case(f"{names[code]}{road}", names[code[:2] + "0000"], names[code], None, "incomplete")


def _noisy(chance: random.Random, parts: list[str]) -> str:
    """Spaces, commas, a name and a number before or behind, a label, the province twice."""
    parts = [part for part in parts if part]
    plain = "".join(parts)
    return chance.choice(
        [
            " ".join(parts),
            "，".join(parts),
            " ".join(plain[:6]) + plain[6:],
            f"地址：{plain}",
            f"张伟 13912345678 {plain}",
            f"{plain} 收件人：阿依努尔·热合曼 电话：0991-2345678转12",
            f"邮编：518000 {plain}",
            f"{parts[0]}{plain}",
            f"收货人: 李娜\n手机号码: 13912345678\n详细地址: {plain}",
            f"　{plain}　",
        ]
    )


def _bare(rows: dict[str, dict[str, str]], code: str) -> str:
    row = rows[code.ljust(6, "0")]
    return row["bare"] or row["name"]


@cache
def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in _rows(TABLES / "divisions.csv")}


def _place(code: str) -> tuple[str, str | None, str | None]:
    names = _names()
    province = names[code[:2] + "0000"]
    city = province if code[:2] in MUNICIPALITIES else names.get(code[:4] + "00")
    return province, city, None if code.endswith("00") else names[code]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
