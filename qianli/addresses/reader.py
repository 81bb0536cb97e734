"""Reading an address: its province, city and district from the front, the rest untouched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from models import AddressStatus
from qianli.addresses.divisions import DISTRICT, Place, is_whole, names_at
from qianli.folding import fold

BETWEEN = re.compile(r"[\s,、/>|\-.]*")
LABEL = re.compile(
    r"^(?:(?:现?居?住?|家庭|收[货件]|通[讯信]|邮寄|联系)?(?:地址|住址)\s*:\s*)?(?:中国(?=.{2,}[省市区]))?"
)
POSTCODE = re.compile(r"[(\[]?\s*(?:邮编|邮政编码)\s*:?\s*(\d{6})\s*[)\]]?|^(\d{6})(?=\D)|(?<=\s)(\d{6})$")
#: Words between two divisions that are none themselves; they stay in the detail.
INSERTED = re.compile(r"雄安新区|(?:新疆)?(?:生产建设)?兵团(?:农?第?[一二三四五六七八九十]{1,3}师)?")
SHORT = 3
SHORTEST_DETAIL = 2


@dataclass(frozen=True)
class Address:
    """A read address. `city` is None where the district is directly under its province (仙桃市, 石河子市)."""

    province: str | None
    city: str | None
    district: str | None
    detail: str
    postcode: str | None
    status: AddressStatus

    def line(self) -> str:
        """The address in one line, without saying 北京市 twice."""
        return "".join(dict.fromkeys(part for part in (self.province, self.city, self.district) if part)) + self.detail


@dataclass(frozen=True, slots=True)
class _Reading:
    place: Place
    end: int
    full: int
    bare: int
    inserted: str = ""

    def rank(self) -> tuple[int, int, int, int]:
        """Deeper is better, then longer, then said with more full names, then with fewer bare ones."""
        return len(self.place), self.end, self.full, -self.bare


def read_address(text: str) -> Address:
    """Province, city and district of a full address, or `incomplete` or `ambiguous` with the whole text as detail.

    A province may be left out where the city is unique, a city where the district is; what is said twice is
    said once; a city without districts (东莞, 中山) needs none. Nothing is guessed.
    """
    plain, postcode = _without_postcode(LABEL.sub("", fold(text)))
    readings = list(_readings(plain, _Reading((), 0, 0, 0)))
    top = max(reading.rank() for reading in readings)
    best = {reading.place: reading for reading in readings if reading.rank() == top}
    if len(best) > 1:
        return Address(None, None, None, plain, postcode, AddressStatus.ambiguous)
    (place, reading) = best.popitem()
    detail = reading.inserted + _without_repeats(plain[reading.end :], place)
    whole = is_whole(place) and len(detail) >= SHORTEST_DETAIL
    province, city, district = (*place, *[""] * (DISTRICT - len(place)))
    status = AddressStatus.exact if whole else AddressStatus.incomplete
    return Address(province or None, city or None, district or None, detail, postcode, status)


def _readings(text: str, so_far: _Reading) -> Iterator[_Reading]:
    """Every way to read on from `so_far`, which is the first of them."""
    yield so_far
    place = so_far.place
    at = _behind(BETWEEN, text, so_far.end) if place else so_far.end
    for end, name in names_at(text, at):
        deeper = name.place[: len(place)] == place and len(name.place) > len(place)
        repeated = len(place) < DISTRICT and place[: len(name.place)] == name.place and not name.bare
        if repeated or (deeper and not _too_short(text[at:end], place, name.place)):
            further = replace(
                so_far,
                place=name.place if deeper else place,
                end=end,
                full=so_far.full + (not name.bare),
                bare=so_far.bare + name.bare,
            )
            for found in _readings(text, further):
                if not name.bare or len(found.place) > len(name.place):
                    yield found
    skipped = INSERTED.match(text, at)
    if skipped and 0 < len(place) < DISTRICT and not so_far.inserted:
        beyond = _readings(text, replace(so_far, end=skipped.end(), inserted=skipped[0]))
        yield from (found for found in beyond if len(found.place) == DISTRICT)


def _too_short(name: str, known: Place, place: Place) -> bool:
    """城区, 东区 at the very front could be anywhere; 忠县 could not."""
    return not known and len(place) == DISTRICT and len(name) < SHORT and not name.endswith("县")


def _behind(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _without_postcode(text: str) -> tuple[str, str | None]:
    found = POSTCODE.search(text)
    if not found:
        return text, None
    code = next(group for group in found.groups() if group)
    return (text[: found.start()] + text[found.end() :]).strip(" ,;"), code


def _without_repeats(rest: str, place: Place) -> str:
    """The detail, without the whole chain of divisions said once more behind the district."""
    detail = rest[_behind(BETWEEN, rest, 0) :]
    said = list(dict.fromkeys(part for part in place if part))
    for chain in {"".join(said), "".join(said[1:]), said[0] + said[-1]} if len(said) > 1 else set():
        if chain != said[-1] and detail.startswith(chain):
            return _without_repeats(detail[len(chain) :], place)
    return detail
