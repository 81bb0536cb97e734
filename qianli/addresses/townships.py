"""Towns, townships and street offices: at the front of a detail, and deciding where a district was divided."""

import re
from functools import cache

from qianli.addresses.divisions import DATA, Code

KINDS = "街道|民族乡|苏木|镇|乡|地区"
LAST = re.compile(rf"(?:{KINDS})$")
#: A township that no table knows. 镇 and 乡 inside a longer word are none.
LOOKS_LIKE = re.compile(
    r"(?P<own>[^\W\dA-Za-z路街巷弄号村社院楼栋幢室组队厂区县市省]{1,6}?)"
    r"(?P<kind>街道|民族乡|苏木|镇(?!街道|政府|江|海路|中学|小学)|乡(?!镇|政府|村|下))"
)
OFFICE = re.compile(r"(?:街道)?(?:办事处|办)")


@cache
def _table() -> str:
    return (DATA / "townships.csv").read_text(encoding="utf-8")


@cache
def of_district(code: Code) -> tuple[str, ...]:
    """The names of a district's towns, the longest first; looked up in the text of the table when first needed."""
    table, beginning = _table(), f"\n{code.ljust(6, '0')},"
    start = table.find(beginning)
    names = table[start + len(beginning) : table.find("\n", start + 1)] if start >= 0 else ""
    return tuple(sorted(names.split(), key=len, reverse=True))


def known_town(code: Code, rest: str) -> str | None:
    """The town of this district that `rest` begins with."""
    towns = of_district(code)
    return next((town for town in towns if rest.startswith(town)), None) if rest.startswith(towns) else None


def could_be_in(code: Code, rest: str) -> bool:
    """Whether `rest` begins with a town of this district, be it called 镇 there and 街道 here."""
    if known_town(code, rest):
        return True
    said = LOOKS_LIKE.match(rest)
    return said is not None and said["own"] in _stems(code)


def town_at(code: Code | None, rest: str) -> str | None:
    """The township that a detail begins with, by the table, else by how it looks."""
    if code and (town := known_town(code, rest)):
        office = OFFICE.match(rest, len(town))
        return rest[: office.end()] if office and town.endswith("街道") else town
    said = LOOKS_LIKE.match(rest)
    if not said:
        return None
    office = OFFICE.match(rest, said.end()) if said["kind"] == "街道" else None
    return rest[: office.end()] if office else said[0]


@cache
def _stems(code: Code) -> frozenset[str]:
    return frozenset(LAST.sub("", town) for town in of_district(code)) - {""}
