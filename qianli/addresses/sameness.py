"""When two addresses are the same: equal after folding width, space and punctuation; nothing cleverer."""

import re
import unicodedata

from qianli.folding import fold

PUNCTUATION = re.compile(r"[\W_]+")


def same_place_key(province: str | None, city: str | None, district: str | None, detail: str) -> str:
    """Equal for equal addresses. What stands between two numbers stays a dash: 3-12 is not 31-2."""
    bare = unicodedata.normalize("NFKC", fold(detail)).casefold()
    folded = PUNCTUATION.sub(lambda found: "-" if _between_digits(found) else "", bare)
    return "|".join((province or "", city or "", district or "", folded))


def _between_digits(found: re.Match[str]) -> bool:
    whole, start, end = found.string, found.start(), found.end()
    return start > 0 and end < len(whole) and whole[start - 1].isdigit() and whole[end].isdigit()
