"""Whom a campaign is for: by home or host, by where they live, by how long they have been away. Pure."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from qianli.addresses.divisions import province_called
from qianli.addresses.parse import read_address

MOST_CANDIDATES = 5


class ManagedAs(StrEnum):
    """By what an organisation counts a member as its own."""

    home = "home"
    host = "host"
    either = "either"


#: Province, city and district; null below the level that is meant, and where there is no such level.
Division = tuple[str, str | None, str | None]


def division_called(written: str) -> Division:
    """The province, city or district that is meant; ValueError says why none is, or which it could be."""
    if province := province_called(written):
        return province, None, None
    found = read_address(written)
    if found.status == "ambiguous":
        could_be = "、".join(found.candidates[:MOST_CANDIDATES])
        raise ValueError(f"“{written}”有几处，请写全省、市：可能是 {could_be}")
    if found.outside:
        raise ValueError(f"“{written}”不在境内省、市、县之列")
    if found.province is None or found.detail or found.township:
        raise ValueError(f"“{written}”不是省、市、县的名称，请写成“浙江省杭州市”“贵州省遵义市播州区”这样")
    return found.province, found.city, found.district


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month if it has no such day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = number // 12, number % 12 + 1
    if year < 1:
        return date.min
    return date(year, month, min(day.day, monthrange(year, month)[1]))
