"""The faces we print with: which characters they have, and whether this machine has them."""

import ctypes
import subprocess
from contextlib import suppress
from functools import cache

from qianli.documents.faces import face
from qianli.errors import ConfigurationError

SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"
FAMILIES = (SERIF, SANS)
REGULAR, BOLD = 80, 200  # fontconfig's numbers
HARFBUZZ_SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")
INSTALL = "sudo apt-get install fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 fontconfig"


def missing_characters(text: str) -> set[str]:
    """The characters of a text that a face of ours lacks; blanks aside. A name with one would print an empty box."""
    strange = set(text).difference(known())
    return {one for one in strange if not one.isspace()} if strange else strange


@cache
def known() -> frozenset[str]:
    """Every character that all faces we print with have."""
    return frozenset(map(chr, advances()))


@cache
def advances() -> dict[int, float]:
    """Every code point that all faces we print with have, and how wide the widest of them makes it, in em."""
    check_machine()
    faces = [_advances(*face) for family in FAMILIES for face in face_files(family).values()]
    common = faces[0].keys() & faces[1].keys() & faces[2].keys() & faces[3].keys()
    return {code: max(face[code] for face in faces) for code in common}


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
    pattern = [family, "--format", "%{weight}\t%{index}\t%{file}\n"]
    try:
        done = subprocess.run(["fc-list", *pattern], capture_output=True, text=True, check=True)  # noqa: S603, S607 - our own words
    except (OSError, subprocess.CalledProcessError) as error:
        raise ConfigurationError(f"本机没有 fontconfig，无法查找字体，请先安装：{INSTALL}") from error
    faces = {}
    for line in sorted(done.stdout.splitlines()):
        weight, index, file = line.split("\t")
        if weight.isdigit():
            faces[int(weight)] = (file, int(index))
    return {weight: face for weight, face in faces.items() if weight in (REGULAR, BOLD)}


def _advances(file: str, index: int) -> dict[int, float]:
    opened = face(file, index)
    codes = opened.characters()
    return {code: wide / opened.em for code, wide in zip(codes, opened.advances(opened.glyphs(codes)), strict=True)}


def _loads(library: str) -> bool:
    with suppress(OSError):
        ctypes.CDLL(library)
        return True
    return False
