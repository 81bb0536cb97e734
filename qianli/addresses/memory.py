"""Divisions that were read before: a ledger says the same few hundred of them again and again.

Only readings that no text behind them could change are kept; what is kept is found by the text up to the name's end.
"""

import re
from typing import NamedTuple

from qianli.addresses.chain import Chain
from qianli.addresses.divisions import DISTRICT, Code, tables

MOST = 20_000
#: Where divisions are likely to end: at the first 区, 县 or 旗, else at the last 市 near the front.
ENDS = re.compile(r"[^\d]{1,24}?(?:(?<![地治])区|[县旗])")
WITHOUT_DISTRICTS = frozenset({"4419", "4420", "4604", "6202"})
CITY_ENDS = re.compile(r"[^\d]{1,20}市")


class Known(NamedTuple):
    """What the text up to `end` says of an address; behind it `repeats` would say it again."""

    end: int
    repeats: tuple[str, ...]
    province: str | None
    city: str | None
    district: str | None
    was: str | None
    outside: str | None
    code: Code
    inserted: str


_KNOWN: dict[str, Known] = {}


def recall(text: str) -> Known | None:
    """What the front of `text` says, if it was read before."""
    found = ENDS.match(text)
    if found is not None and (known := _KNOWN.get(found[0])):
        return known
    found = CITY_ENDS.match(text)
    return _KNOWN.get(found[0]) if found is not None else None


def may_be_kept(text: str, chain: Chain) -> bool:
    """Whether this beginning is always read like this, and will be found again."""
    if not chain.complete or chain.zone or len(chain.codes) > 1:
        return False
    head = text[: chain.end]
    if chain.level != DISTRICT:
        city = CITY_ENDS.match(text)
        return chain.codes[0] in WITHOUT_DISTRICTS and city is not None and city[0] == head
    found = (ENDS.match(text), CITY_ENDS.match(text))
    is_found = any(one is not None and one[0] == head for one in found)
    return is_found and chain.codes[0] not in tables().split and all(_is_certain(head, one.start) for one in chain.said)


def remember(head: str, known: Known) -> None:
    """Keep it; when there are too many, begin anew."""
    if len(_KNOWN) >= MOST:
        _KNOWN.clear()
    _KNOWN[head] = known


def _is_certain(head: str, start: int) -> bool:
    """Whether no longer name, and no other meaning of this one, could come of what follows the head."""
    said = head[start:]
    return not any(
        (written.startswith(said) and len(written) > len(said)) or (written == said and len(senses) > 1)
        for written, senses in tables().names[said[:2]]
    )
