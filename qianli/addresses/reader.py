"""One address without anything else around it: its divisions as they are called today, the rest untouched."""

import re
from functools import cache
from typing import NamedTuple

from qianli.addresses.chain import Chain, Said, behind, read_chain
from qianli.addresses.divisions import CITY, DISTRICT, MUNICIPALITIES, Code, tables
from qianli.addresses.elsewhere import outside_mainland
from qianli.addresses.memory import Known, may_be_kept, recall, remember
from qianli.addresses.status import Status
from qianli.addresses.townships import could_be_in, known_town, town_at

SHORTEST_DETAIL = 2
KINDS = "市区县旗"  # a name that ends so needs no comma behind it to be believed
EXACT, INCOMPLETE = Status.exact, Status.incomplete
BETWEEN = re.compile(r"[\s,;:、/>|\-.·)\]}]*")


class Address(NamedTuple):
    """A read address.

    `city` is None where the district is directly under its province (仙桃市, 石河子市), `district` where the city has
    none (东莞市) or a development zone stands in its place. `detail` is everything behind them, the township too.
    `was` is what stood in the text for a place that is called otherwise today.
    """

    province: str | None
    city: str | None
    district: str | None
    detail: str
    status: Status
    candidates: tuple[str, ...] = ()
    was: str | None = None
    outside: str | None = None
    name: str | None = None
    phone: str | None = None
    postcode: str | None = None
    code: Code | None = None

    def line(self) -> str:
        """The address in one line, without saying 北京市 twice."""
        return self.place() + self.detail

    def place(self) -> str:
        """Its divisions in one line."""
        return "".join(dict.fromkeys(part for part in (self.province, self.city, self.district) if part))

    @property
    def township(self) -> str | None:
        """The town, township or street office that the detail begins with."""
        return town_at(self.code, self.detail) if self.province else None


def read_plain(plain: str) -> Address:
    """Province, city and district as they are today; `incomplete` or `ambiguous` if they are not all certain.

    Any level may be left out where the others decide, any name shortened, any former name used. Nothing is guessed.
    The text is folded, and holds no label, name or number of a person.
    """
    compact = plain if plain.isalnum() else "".join(filter(str.isalnum, plain))
    known = recall(compact)
    if known is not None and not compact.startswith(known.repeats, known.end):
        end, _, province, city, district, was, outside, code, inserted = known
        detail = inserted + (plain[end:] if compact is plain else _rest(plain, compact, end))
        status = EXACT if len(detail) >= SHORTEST_DETAIL else INCOMPLETE
        return Address(province, city, district, detail, status, (), was, outside, None, None, None, code)
    chain = read_chain(compact, plain)
    if not chain.level:
        return _unknown(plain, chain)
    if (compact is plain or chain.said[-1].written[-1] in KINDS) and may_be_kept(compact, chain):
        remember(compact[: chain.end], _known(compact, chain))
    return _address(plain, compact, chain)


def _known(compact: str, chain: Chain) -> Known:
    """What the beginning of this text says of every address that begins so."""
    code = chain.codes[0]
    province, city, district = tables().place(code)
    repeats = (*_chains(code), compact[: chain.end])
    was, inserted = _was(chain.said, chain.codes), chain.inserted.removeprefix("新疆")
    return Known(chain.end, repeats, province, city, district, was, _outside(code), code, inserted)


def _address(plain: str, compact: str, chain: Chain) -> Address:
    end = _behind_repeats(compact, chain)
    codes, said = _decided(chain, compact[end:])
    if len(codes) > 1:
        return _ambiguous(plain, compact, chain, codes)
    place = tables().place(codes[0])
    rest = _rest(plain, compact, end)
    detail = chain.inserted.removeprefix("新疆") + rest if chain.inserted else rest
    whole = len(codes[0]) == DISTRICT * 2 or codes[0] in tables().whole or chain.zone
    exact = whole and (chain.complete or len(codes[0]) == DISTRICT * 2) and len(detail) >= SHORTEST_DETAIL
    return Address(
        *place,
        detail,
        Status.exact if exact else Status.incomplete,
        _lines(chain.hints) if not exact else (),
        _was(said, codes),
        _outside(codes[0]),
        code=codes[0],
    )


def _decided(chain: Chain, rest: str) -> tuple[tuple[Code, ...], tuple[Said, ...]]:
    """The places that are left when the township has spoken, and the names as they were said."""
    codes, said = chain.codes, chain.said
    if len(codes) == 1:
        gone = tables().split.get(codes[0])
        if gone and not known_town(codes[0], rest):
            there = [code for code in gone if could_be_in(code, rest)]
            if len(there) == 1:
                return (there[0],), said
        return codes, said
    one_city = len({code[: 2 if code[:2] in MUNICIPALITIES else 4] for code in codes}) == 1
    if one_city or any(one.level == CITY for one in said):
        there = [code for code in codes if could_be_in(code, rest)]
        if len(there) == 1:
            return (there[0],), said
    return codes, said


def _ambiguous(plain: str, compact: str, chain: Chain, codes: tuple[Code, ...]) -> Address:
    """What all candidates share is known; the detail begins with the name that is not."""
    rest = compact[chain.end :]
    likely = sorted(codes, key=lambda code: (not could_be_in(code, rest), code))
    places = [tables().place(code) for code in likely]
    said = {one.level for one in chain.said}
    province = places[0].province if len({one.province for one in places}) == 1 and said & {1, 2} else None
    city = places[0].city if province and len({one.city for one in places}) == 1 and CITY in said else None
    known = (city and CITY) or (province and 1) or 0
    open_ = (one.start for one in chain.said if one.level > known or not _bears(one, codes))
    start = next(open_, chain.end)
    detail = _rest(plain, compact, start if known else 0)
    if known and chain.inserted:
        detail = chain.inserted.removeprefix("新疆") + detail
    return Address(province, city, None, detail, Status.ambiguous, _lines(tuple(likely)))


def _bears(one: Said, codes: tuple[Code, ...]) -> bool:
    """Whether the name is borne today by what all these places lie in."""
    return bool(one.today) and all(code.startswith(one.today) for code in codes)


def _unknown(plain: str, chain: Chain) -> Address:
    return Address(None, None, None, plain, Status.incomplete, _lines(chain.hints), None, outside_mainland(plain))


def _was(said: tuple[Said, ...], codes: tuple[Code, ...]) -> str | None:
    """The names in the text that no place above or at this one bears today."""
    former = [one.written for one in said if not _bears(one, codes)]
    return "".join(former) or None


def _behind_repeats(compact: str, chain: Chain) -> int:
    """Where the detail begins: behind the chain of divisions, and behind the whole chain said once more."""
    end = chain.end
    if len(chain.codes) != 1 or chain.zone:
        return end
    chains = _chains(chain.codes[0])
    while found := next((one for one in chains if compact.startswith(one, end)), None):
        end += len(found)
    said = compact[chain.said[0].start : chain.end]
    while len(chain.said) > 1 and compact.startswith(said, end):
        end += len(said)
    return end


@cache
def _chains(code: Code) -> tuple[str, ...]:
    """The ways in which all divisions of a place are said again, the longest first."""
    said = list(dict.fromkeys(part for part in tables().place(code) if part))
    if len(said) == 1:
        return ()
    found = {"".join(said), "".join(said[1:]), said[0] + said[-1]} - {said[-1]}
    return tuple(sorted(found, key=len, reverse=True))


def _rest(plain: str, compact: str, end: int) -> str:
    """The text from a position of the compact one on."""
    if end >= len(compact):
        return ""
    at = behind(plain, end) if compact is not plain else end
    found = BETWEEN.match(plain, at)
    return plain[found.end() :] if found else plain[at:]


def _lines(codes: tuple[Code, ...]) -> tuple[str, ...]:
    return tuple(tables().place(code).line() for code in codes)


def _outside(code: Code) -> str | None:
    return {"71": "台湾", "81": "香港", "82": "澳门"}.get(code[:2])
