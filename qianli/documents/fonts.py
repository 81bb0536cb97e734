"""The faces we print with: which of them serves a character, and whether this machine has them.

Two families of our own, regular and bold, carry every paper. What one of their faces lacks is served by the first face
of the fallback chain that has it, or by none: then it is not printed at all.
"""

import ctypes
import subprocess
from contextlib import suppress
from functools import cache

from qianli.documents import fallback
from qianli.documents.faces import Face, face
from qianli.documents.fallback import Fallback
from qianli.errors import ConfigurationError

SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"
MONO = "Noto Sans Mono CJK SC"  # of tables and labels: every character is one or half an em wide
FAMILIES = (SERIF, SANS)
OURS = (*FAMILIES, MONO)
OWN = ""  # said of a character that needs no fallback
REGULAR, BOLD = 80, 200  # fontconfig's numbers
HARFBUZZ_SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")
INSTALL = "sudo apt-get install fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 fontconfig"


def missing_characters(text: str) -> set[str]:
    """The characters of a text that no face serves; blanks aside. A name with one would print an empty box."""
    return {one for one in rare_characters(text) if served_by(one) is None}


def rare_characters(text: str) -> set[str]:
    """The characters of a text that our own faces do not serve; blanks aside."""
    strange = set(text).difference(known())
    return {one for one in strange if not one.isspace()} if strange else strange


def served_by(one: str) -> str | None:
    """The family that a character is printed with: OWN if all faces of ours have it; None if no face serves it."""
    return OWN if one in known() else _first(one, fallback.chain())


@cache
def _first(one: str, chain: tuple[Fallback, ...]) -> str | None:
    for link in chain:
        some = opened(link.family) if fallback.within(one, link.ranges) else ()
        if some and all(each.glyph(ord(one)) for each in some):
            return link.family
    return None


@cache
def opened(family: str) -> tuple[Face, ...]:
    """Every face of a family that this machine has."""
    found = (line.split("\t") for line in _listed(family, "%{index}\t%{file}\n"))
    return tuple(face(file, int(index)) for index, file in found)


def forget() -> None:
    """Ask this machine anew what it has."""
    for asked in (_first, opened, known, advances, _ours, face_files, check_machine):
        asked.cache_clear()


@cache
def known() -> frozenset[str]:
    """Every character that all faces we print with have."""
    return frozenset(map(chr, set[int].intersection(*(set(one.characters()) for one in _ours()))))


class Advances(dict[int, float]):
    """By code point, how wide the widest of our faces makes a character, in em; 1 where one of them lacks it.

    A text has few of the 44,000 that they have: only what is asked for is looked up.
    """

    def __missing__(self, code: int) -> float:
        found = [(one, one.glyph(code)) for one in _ours()]
        ours = all(glyph for _, glyph in found)
        self[code] = max(one.advance(glyph) / one.em for one, glyph in found) if ours else 1.0
        return self[code]


@cache
def advances() -> Advances:
    """How wide characters are."""
    return Advances()


@cache
def _ours() -> tuple[Face, ...]:
    check_machine()
    return tuple(face(*one) for family in FAMILIES for one in face_files(family).values())


@cache
def advances_of(family: str) -> dict[int, float]:
    """How wide a further family's regular face makes its characters, in em; empty for our own."""
    return {} if family in FAMILIES else _advances(*face_files(family)[REGULAR])


@cache
def check_machine() -> None:
    """Refuse to print on a machine without our fonts, or where each letter would take seconds instead of moments."""
    lacking = [family for family in FAMILIES if not {REGULAR, BOLD} <= face_files(family).keys()]
    if lacking:
        raise ConfigurationError(f"本机缺少印制文书的字体（{'、'.join(lacking)}），请先安装：{INSTALL}")
    if not any(_loads(name) for name in HARFBUZZ_SUBSET):
        raise ConfigurationError(f"本机缺少 libharfbuzz-subset，印一封信要十几秒，请先安装：{INSTALL}")


@cache
def face_files(family: str) -> dict[int, tuple[str, int]]:
    """File and index of a family's faces by weight, as the layout engine will find them."""
    found = {}
    for line in _listed(family, "%{weight}\t%{index}\t%{file}\n"):
        weight, index, file = line.split("\t")
        if weight.isdigit():
            found[int(weight)] = (file, int(index))
    return {weight: one for weight, one in found.items() if weight in (REGULAR, BOLD)}


def _listed(family: str, form: str) -> list[str]:
    """A line for each face of a family that this machine has."""
    asked = ["fc-list", ":family=" + family.replace("-", r"\-"), "--format", form]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603 - no shell, and escaped
    except (OSError, subprocess.CalledProcessError) as error:
        raise ConfigurationError(f"本机没有 fontconfig，无法查找字体，请先安装：{INSTALL}") from error
    return sorted(set(done.stdout.splitlines()))


def _advances(file: str, index: int) -> dict[int, float]:
    opened = face(file, index)
    codes = opened.characters()
    return {code: wide / opened.em for code, wide in zip(codes, opened.advances(opened.glyphs(codes)), strict=True)}


def _loads(library: str) -> bool:
    with suppress(OSError):
        ctypes.CDLL(library)
        return True
    return False
