"""Characters that may take each other's place without anything on the page moving.

Ideographs are as wide as each other, break lines alike, and no rule of our faces' (kerning, ligatures, local forms for
`zh-CN`) names any of them. Half-width forms are figures and letters under the feature `hwid`, each half an em wide.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cache
from itertools import compress

from qianli.documents import fonts
from qianli.documents.faces import Face, face

WIDE, HALF = "一", "0"  # what stands for any of them in a shape
#: Unified ideographs. Those for compatibility share glyphs with others: what is copied out of the PDF would differ.
UNIFIED = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2F7FF), (0x30000, 0x323AF))
#: Features that are on without being asked for, and are not switched off by our base style sheet.
ACTIVE = frozenset(
    [
        "abvm", "blwm", "ccmp", "curs", "dist", "dnom", "frac", "kern", "locl", "ltra", "ltrm", "mark", "mkmk", "numr",
        "rclt", "rlig", "rtla", "rtlm", "rvrn",
    ]
)  # fmt: skip
LANGUAGE = "ZHS "
FACES = ((fonts.SERIF, fonts.REGULAR), (fonts.SANS, fonts.REGULAR), (fonts.SANS, fonts.BOLD))


def unified(opened: Face) -> "array[int]":
    """The unified ideographs of a face, in order."""
    every, found = opened.characters(), array("I")  # in order as well
    for first, last in UNIFIED:
        found += every[bisect_left(every, first) : bisect_right(every, last)]
    return found


@cache
def ideographs(body: str = fonts.SERIF) -> frozenset[str]:
    """The ideographs that are inert in every face we print running text in, and in this family."""
    return frozenset.intersection(*(one[0] for one in _inert(body)))


@cache
def half_widths() -> frozenset[str]:
    """The figures and letters whose half-width forms are inert."""
    return frozenset.intersection(*(one[1] for one in _inert(fonts.SERIF)))


@cache
def wide_shape(body: str = fonts.SERIF) -> dict[int, str]:
    """For `str.translate`: every inert ideograph looks like any other."""
    return dict.fromkeys(map(ord, ideographs(body)), WIDE)


@cache
def half_shape() -> dict[int, str]:
    """For `str.translate`: every inert half-width form looks like any other."""
    return {ord(one): HALF for one in half_widths()}


@cache
def _inert(body: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    more = () if body == fonts.SERIF else ((body, fonts.REGULAR),)
    return tuple(_inert_of(*fonts.face_files(family)[weight]) for family, weight in (*FACES, *more))


@cache
def _inert_of(file: str, index: int) -> tuple[frozenset[str], frozenset[str]]:
    """Inert full-width and half-width characters of one face."""
    opened = face(file, index)
    named = set[int]()
    for table in ("GSUB", "GPOS"):
        named.update(opened.named(table, opened.lookups(table, LANGUAGE, ACTIVE)))
    codes = unified(opened)
    glyphs = opened.glyphs(codes)
    left = dict(zip(glyphs, codes, strict=True))
    of_others = compress(glyphs, map(opened.em.__ne__, opened.advances(glyphs)))
    of_several = (glyph for glyph, users in Counter(glyphs).items() if users > 1)  # one glyph for 胶 and 㬵
    for glyph in (*of_others, *of_several, *named):
        left.pop(glyph, None)
    figures = (one for one in map(chr, range(0x21, 0x7F)) if one.isalnum())
    half = frozenset(one for one in figures if _is_half(opened, one, named))
    return frozenset(map(chr, left.values())), half


def _is_half(opened: Face, one: str, named: set[int]) -> bool:
    """Whether a figure or letter has a half-width form that no rule names."""
    glyph = opened.glyph(ord(one))
    forms = {opened.substitute(lookup, glyph) for lookup in opened.lookups("GSUB", LANGUAGE, ["hwid"])} - {None}
    return len(forms) == 1 and all(
        form is not None and form not in named and opened.advance(form) * 2 == opened.em for form in forms
    )
