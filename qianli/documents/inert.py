"""Characters that may take each other's place without anything on the page moving.

Ideographs are as wide as each other, break lines alike, and no rule of our faces' (kerning, ligatures, local forms for
`zh-CN`) names any of them. Half-width forms are figures and letters under the feature `hwid`, each half an em wide.
"""

from collections import Counter, UserList
from collections.abc import Iterator
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont

from qianli.documents import fonts

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
#: Where fontTools keeps the glyphs of a coverage, of classes, of a substitution: names in a list, or as keys.
LISTS = frozenset(("glyphs", "classDefs", "mapping", "alternates"))
FACES = ((fonts.SERIF, fonts.REGULAR), (fonts.SANS, fonts.REGULAR), (fonts.SANS, fonts.BOLD))


@cache
def ideographs() -> frozenset[str]:
    """The ideographs that are inert in every face we print running text in."""
    known = frozenset(map(chr, fonts.advances()))
    return known.intersection(*(face[0] for face in _inert()))


@cache
def half_widths() -> frozenset[str]:
    """The figures and letters whose half-width forms are inert."""
    return frozenset.intersection(*(face[1] for face in _inert()))


@cache
def wide_shape() -> dict[int, str]:
    """For `str.translate`: every inert ideograph looks like any other."""
    return {ord(one): WIDE for one in ideographs()}


@cache
def half_shape() -> dict[int, str]:
    """For `str.translate`: every inert half-width form looks like any other."""
    return {ord(one): HALF for one in half_widths()}


@cache
def _inert() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    return tuple(_inert_of(*fonts.face_files(family)[weight]) for family, weight in FACES)


def _inert_of(file: str, index: int) -> tuple[frozenset[str], frozenset[str]]:
    """Inert full-width and half-width characters of one face."""
    with TTFont(file, fontNumber=index, lazy=True) as font:
        characters, widths, em = font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
        named = {glyph for tag in ("GSUB", "GPOS") for glyph in _named(font[tag].table)}
        half = _half_width_glyphs(font["GSUB"].table)
    unified = {code: glyph for code, glyph in characters.items() if any(a <= code <= z for a, z in UNIFIED)}
    shared = {glyph for glyph, count in Counter(unified.values()).items() if count > 1}  # one glyph for 胶 and 㬵
    wide = {chr(code): glyph for code, glyph in unified.items() if widths[glyph][0] == em}
    narrow = frozenset(
        one
        for one in map(chr, range(0x21, 0x7F))
        if one.isalnum()
        and (glyph := half.get(characters.get(ord(one), ""))) is not None
        and glyph not in named
        and widths[glyph][0] * 2 == em
    )
    return frozenset(one for one, glyph in wide.items() if glyph not in named and glyph not in shared), narrow


def _named(table: Any) -> set[str]:
    """Every glyph that a lookup names which is at work in our language."""
    lookups: set[int] = set()
    for record in table.ScriptList.ScriptRecord:
        systems = {one.LangSysTag: one.LangSys for one in record.Script.LangSysRecord}
        system = systems.get(LANGUAGE) or record.Script.DefaultLangSys
        if system is None:
            continue
        features = [table.FeatureList.FeatureRecord[number] for number in system.FeatureIndex]
        lookups |= {lookup for one in features if one.FeatureTag in ACTIVE for lookup in one.Feature.LookupListIndex}
    return {glyph for number in lookups for glyph in _glyphs(table.LookupList.Lookup[number])}


def _half_width_glyphs(table: Any) -> dict[str, str]:
    features = [one.Feature for one in table.FeatureList.FeatureRecord if one.FeatureTag == "hwid"]
    half: dict[str, str] = {}
    for number in {number for feature in features for number in feature.LookupListIndex}:
        for sub in table.LookupList.Lookup[number].SubTable:
            half |= getattr(sub, "ExtSubTable", sub).mapping
    return half


def _glyphs(node: Any) -> Iterator[str]:
    """All glyph names anywhere below a node of a layout table."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | UserList):
        for below in node:
            yield from _glyphs(below)
    elif hasattr(node, "ensureDecompiled"):
        node.ensureDecompiled()
        for name, below in vars(node).items():
            if name in LISTS:
                yield from below
            elif name == "ligatures":
                yield from below
                yield from (glyph for some in below.values() for one in some for glyph in one.Component)
            else:
                yield from _glyphs(below)
