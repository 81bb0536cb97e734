"""Text in a face whose characters are one or half an em wide: how wide it is, and where the layout engine ends lines.

Of the characters we know, only the pair decides whether a line may end between two of them, so that the engine's line
breaking is plain arithmetic. What holds any other character is not plain; nobody guesses how it would be laid out.
"""

import re
import string
from array import array
from collections import Counter
from functools import cache, lru_cache

from qianli.documents import fonts
from qianli.documents.faces import face
from qianli.documents.inert import ACTIVE, LANGUAGE, unified

BLANK, LAST_NARROW = " ", "~"
LAST_NARROW_CODE = ord(LAST_NARROW)
POINT = "."  # where lines end beside it depends on more than its neighbours: plain only where no line can end
LETTERS = string.ascii_letters + "#&*_·×"
OPENS, CLOSES = "（《【「", "，。、；：？！）》】」"
#: Class of a character → classes before which a line may end after it.
_KINDS = {
    **dict.fromkeys(string.digits, "0"), **dict.fromkeys(LETTERS, "a"), **dict.fromkeys(OPENS, "（"),
    **dict.fromkeys(CLOSES, "，"), **dict.fromkeys("“”‘’", "“"), "-": "-", "(": "(", ")": ")",
}  # fmt: skip
_WIDE = "国"
_BESIDE_WIDE = re.compile(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])")
_MAY_END = {
    _WIDE: "国0a(（", "0": "国（", "a": "国（", "，": "国0a(（", ")": "国(（", "-": "国a(（",
    "（": "", "(": "", "“": "",
}  # fmt: skip


def halves(text: str) -> int:
    """The width of a plain text in halves of an em."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def is_plain(text: str) -> bool:
    """Whether every character is known, and blanks stand alone between characters that are no punctuation."""
    if not _characters().issuperset(text):
        return False
    return BLANK not in text or all(map(_may_stand_by_a_blank, text.split(BLANK)))


def closed_up(text: str) -> str:
    """A text without the blanks beside ideographs, which Chinese is not set with."""
    return _BESIDE_WIDE.sub("", text) if BLANK in text else text


@lru_cache(maxsize=1 << 12)
def lines(text: str, measure: int) -> tuple[str, ...] | None:
    """A text in lines of at most so many halves of an em; None if it is not plain, or a word is wider than a line."""
    if not is_plain(text):
        return None
    if halves(text) <= measure:
        return (text,)
    done, line, room = list[str](), "", measure
    for word in _words(text):
        wide = 2 if len(word) == 1 and word > LAST_NARROW else halves(word)
        bare = wide - 1 if word[-1] == BLANK else wide  # a blank may hang over the end
        if bare > measure:
            return None
        if bare > room:
            done.append(line.rstrip(BLANK))
            line, room = "", measure
        line += word
        room -= wide
    return (*done, line.rstrip(BLANK))


def one_line(text: str, measure: int) -> tuple[str] | None:
    """A text that is never broken, which may be an amount with its point; None if it is not plain, or too wide."""
    figures = text.replace(POINT, "0") if POINT in _printable() else text
    return (text,) if halves(text) <= measure and is_plain(figures) else None


def _may_stand_by_a_blank(word: str) -> bool:
    return bool(word) and all(one not in _KINDS or _KINDS[one] in "0a" for one in (word[0], word[-1]))


def _words(text: str) -> list[str]:
    """Pieces between which a line may end, each with the blank behind it."""
    words, start, before = [], 0, ""
    for place, one in enumerate(text):
        kind = _KINDS.get(one, _WIDE) if one != BLANK else BLANK
        if before == BLANK or (before and kind in _MAY_END.get(before, "")):
            words.append(text[start:place])
            start = place
        before = kind
    return [*words, text[start:]]


@cache
def _characters() -> frozenset[str]:
    """The characters beside which we know where lines end."""
    return _printable() - {POINT}


@cache
def _printable() -> frozenset[str]:
    """The characters we know, in the regular and the bold face alike, and printed in no other face."""
    return fonts.known().intersection(*(_known(*face) for face in fonts.face_files(fonts.MONO).values()))


def _known(file: str, index: int) -> frozenset[str]:
    """Those of a face that are as wide as they should be, and that no rule of the face's names."""
    opened = face(file, index)
    named = set[int]()
    for table in ("GSUB", "GPOS"):
        named.update(opened.named(table, opened.lookups(table, LANGUAGE, ACTIVE)))
    codes = array("I", [*map(ord, _KINDS), ord(BLANK), ord(POINT)]) + unified(opened)
    glyphs = opened.glyphs(codes)
    shared = {glyph for glyph, users in Counter(glyphs).items() if users > 1} | named | {0}
    return frozenset(
        chr(code)
        for code, glyph, advance in zip(codes, glyphs, opened.advances(glyphs), strict=True)
        if advance * (2 if code < LAST_NARROW_CODE else 1) == opened.em and glyph not in shared
    )
