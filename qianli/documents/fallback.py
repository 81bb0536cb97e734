"""The fallback chain: further faces, in order, for characters that our own faces lack. Data, and how it is written.

An entry is `FAMILY:WHAT`, WHAT being scripts by name or ranges of code points in hex: `BabelStone Han:han`,
`单位造字:E000-E7FF,F900`. A face is asked for nothing else: many have signs of their own where other makers have
ideographs (the private use area above all), and would print them.
"""

import re
from dataclasses import dataclass
from functools import cache

Range = tuple[int, int]


@dataclass(frozen=True)
class Script:
    """A script by its code points: what it is called, its language, and whether it runs from right to left."""

    label: str
    ranges: tuple[Range, ...]
    language: str = ""
    right_to_left: bool = False

    def __contains__(self, one: str) -> bool:
        return within(one, self.ranges)


#: Unified and compatibility ideographs with extensions A to I, and signs that stand among them.
HAN = ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x31C0, 0x31EF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
       (0x20000, 0x2FA1F), (0x30000, 0x323AF))  # fmt: skip
ARABIC = ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
#: By the word that stands in an entry.
SCRIPTS = {
    "han": Script("生僻汉字", HAN),
    "tibetan": Script("藏文", ((0xF00, 0xFFF),), "bo"),
    "arabic": Script("维吾尔文、哈萨克文", ARABIC, "ug", right_to_left=True),
    "yi": Script("彝文", ((0xA000, 0xA4CF),), "ii"),
    "mongolian": Script("蒙古文", ((0x1800, 0x18AF),), "mn"),
}
#: What is asked for where nobody said otherwise, and the Debian package that has it.
SHIPPED = {
    "BabelStone Han:han": "fonts-babelstone-han",
    "HanaMinA:han": "fonts-hanazono",
    "HanaMinB:han": "fonts-hanazono",
    "Noto Serif Tibetan:tibetan": "fonts-noto-core",
    "Noto Naskh Arabic:arabic": "fonts-noto-core",
    "Noto Sans Yi:yi": "fonts-noto-core",
}
_ENTRY = re.compile(r"\s*([^:;{}<>\"'\\,\x00-\x1f]+?)\s*:\s*([A-Za-z0-9,\s-]+?)\s*")
_RANGE = re.compile(r"([0-9A-Fa-f]{1,6})(?:-([0-9A-Fa-f]{1,6}))?")


@dataclass(frozen=True)
class Fallback:
    """A further family, and what it is asked for."""

    family: str
    ranges: tuple[Range, ...]
    package: str = ""


def within(one: str, ranges: tuple[Range, ...]) -> bool:
    """Whether a character lies in one of these ranges."""
    return any(first <= ord(one) <= last for first, last in ranges)


def fallback(entry: str) -> Fallback:
    """An entry of the chain; ValueError, in Chinese, if it is not one."""
    found = _ENTRY.fullmatch(entry)
    if not found:
        raise ValueError(f"“{entry}”应写成“字体名:用途”，例如“BabelStone Han:han”或“单位造字:E000-F8FF”")
    ranges = [some for what in found[2].split(",") for some in _ranges(what.strip())]
    return Fallback(found[1], tuple(ranges), SHIPPED.get(entry, ""))


def _ranges(what: str) -> tuple[Range, ...]:
    if what in SCRIPTS:
        return SCRIPTS[what].ranges
    found = _RANGE.fullmatch(what)
    if not found:
        raise ValueError(f"字体的用途“{what}”不认识，可以写{'、'.join(SCRIPTS)}，或十六进制的字符范围，如 E000-F8FF")
    return ((int(found[1], 16), int(found[2] or found[1], 16)),)


@cache
def _chain(entries: tuple[str, ...]) -> tuple[Fallback, ...]:
    return tuple(map(fallback, entries))


_entries = [tuple(SHIPPED)]


def use(entries: tuple[str, ...]) -> None:
    """Have this process print with another chain; ValueError if an entry is not one."""
    _chain(entries)
    _entries[:] = [entries]


def entries() -> tuple[str, ...]:
    """The chain of this process as it is written."""
    return _entries[0]


def chain() -> tuple[Fallback, ...]:
    """The chain of this process; the same one while it is not changed."""
    return _chain(_entries[0])


def script_of(one: str) -> Script | None:
    """The script of a character that runs otherwise than Chinese; None for others."""
    return next((script for script in SCRIPTS.values() if script.language and one in script), None)
