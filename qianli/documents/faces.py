"""What a font file knows of single characters, asked of HarfBuzz, which the layout engine asks as well.

A face of ours has 65,535 glyphs and files of 26 MB: unpacked in Python they take seconds and 200 MB, here moments and
only what is asked for.
"""

import ctypes
from array import array
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from ctypes import byref, c_char_p, c_int32, c_uint, c_uint32, c_void_p
from functools import cache
from typing import Any

from qianli.errors import ConfigurationError

LIBRARIES = ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll")
INSTALL = "sudo apt-get install libharfbuzz0b"
NONE = 0xFFFFFFFF
SIZE = ctypes.sizeof(c_uint32)
#: Those of HarfBuzz's functions whose answer is not a number.
POINTERS = ("hb_blob_create_from_file", "hb_face_create", "hb_font_create", "hb_set_create")


class Face:
    """One face of a font file."""

    def __init__(self, file: str, index: int) -> None:
        self._call = _library()
        blob = c_void_p(self._call("hb_blob_create_from_file")(c_char_p(file.encode())))
        self._face = c_void_p(self._call("hb_face_create")(blob, c_uint(index)))
        self._font = c_void_p(self._call("hb_font_create")(self._face))
        self._call("hb_blob_destroy")(blob)
        self.em = int(self._call("hb_face_get_upem")(self._face))
        if not self._call("hb_face_get_glyph_count")(self._face):
            raise ConfigurationError(f"字体文件读不了：{file}")

    def characters(self) -> "array[int]":
        """Every code point the face has a glyph for, in order."""
        codes = self._new_set()
        self._call("hb_face_collect_unicodes")(self._face, codes)
        return self._taken(codes)

    def glyph(self, code: int) -> int:
        """The glyph of a code point; 0 if there is none."""
        found = c_uint32()
        self._call("hb_font_get_nominal_glyph")(self._font, c_uint32(code), byref(found))
        return found.value

    def glyphs(self, codes: "array[int]") -> "array[int]":
        """The glyphs of code points that the face has."""
        found = array("I", bytes(SIZE * len(codes)))
        name, count = "hb_font_get_nominal_glyphs", c_uint(len(codes))
        self._call(name)(self._font, count, _at(codes), c_uint(SIZE), _at(found), c_uint(SIZE))
        return found

    def advance(self, glyph: int) -> int:
        """How wide a glyph is, in the face's own units."""
        return int(self._call("hb_font_get_glyph_h_advance")(self._font, c_uint32(glyph)))

    def advances(self, glyphs: "array[int]") -> "array[int]":
        """How wide glyphs are."""
        found = array("i", bytes(SIZE * len(glyphs)))
        name, count = "hb_font_get_glyph_h_advances", c_uint(len(glyphs))
        self._call(name)(self._font, count, _at(glyphs), c_uint(SIZE), _at(found), c_uint(SIZE))
        return found

    def lookups(self, table: str, language: str, features: Iterable[str]) -> list[int]:
        """The lookups of `GSUB` or `GPOS` that these features use in a language, whatever the script."""
        asked, found = {_tag(one) for one in features}, set[int]()
        scripts = self._many("hb_ot_layout_table_get_script_tags", c_uint32(_tag(table)))
        for script in range(len(scripts)):
            system = c_uint32()
            where = (self._face, c_uint32(_tag(table)), c_uint(script))
            wanted = (c_uint32 * 1)(_tag(language))
            self._call("hb_ot_layout_script_select_language")(*where, c_uint(1), wanted, byref(system))
            tags = self._many("hb_ot_layout_language_get_feature_tags", *where[1:], system)
            numbers = self._many("hb_ot_layout_language_get_feature_indexes", *where[1:], system)
            for tag, number in zip(tags, numbers, strict=True):
                if tag in asked:
                    found.update(self._many("hb_ot_layout_feature_get_lookups", where[1], c_uint(number)))
        return sorted(found)

    def named(self, table: str, lookups: Iterable[int]) -> "array[int]":
        """Every glyph that lookups act on or look at."""
        glyphs = self._new_set()
        for lookup in lookups:
            asked = (self._face, c_uint32(_tag(table)), c_uint(lookup))
            self._call("hb_ot_layout_lookup_collect_glyphs")(*asked, glyphs, glyphs, glyphs, None)
        return self._taken(glyphs)

    def substitute(self, lookup: int, glyph: int) -> int | None:
        """The one glyph a lookup of `GSUB` puts in another's place, if it does."""
        glyphs = self._new_set()
        self._call("hb_set_add")(glyphs, c_uint32(glyph))
        self._call("hb_ot_layout_lookup_substitute_closure")(self._face, c_uint(lookup), glyphs)
        others = [one for one in self._taken(glyphs) if one != glyph]
        return others[0] if len(others) == 1 else None

    def _many(self, name: str, *asked: Any) -> Sequence[int]:
        """What HarfBuzz answers with a count and that many numbers."""
        total = int(self._call(name)(self._face, *asked, c_uint(0), None, None))
        found, count = array("I", bytes(SIZE * total)), c_uint(total)
        self._call(name)(self._face, *asked, c_uint(0), byref(count), _at(found))
        return found[: count.value]

    def _new_set(self) -> c_void_p:
        return c_void_p(self._call("hb_set_create")())

    def _taken(self, numbers: c_void_p) -> "array[int]":
        """The numbers of a set, which is given back."""
        found = array("I", bytes(SIZE * self._call("hb_set_get_population")(numbers)))
        count = c_uint(len(found))
        self._call("hb_set_next_many")(numbers, c_uint32(NONE), _at(found), count)
        self._call("hb_set_destroy")(numbers)
        return found


@cache
def face(file: str, index: int) -> Face:
    """A face; one that was opened stays open."""
    return Face(file, index)


def _at(numbers: "array[int]") -> c_void_p:
    return c_void_p(numbers.buffer_info()[0])


def _tag(text: str) -> int:
    return int.from_bytes(text.encode("ascii"))


@cache
def _library() -> Callable[[str], Any]:
    for name in LIBRARIES:
        with suppress(OSError, AttributeError):
            library = ctypes.CDLL(name)
            library.hb_set_next_many  # noqa: B018 - the youngest of the functions we use, of HarfBuzz 4.2
            for one in POINTERS:
                getattr(library, one).restype = c_void_p
            library.hb_font_get_glyph_h_advance.restype = c_int32
            return lambda function: getattr(library, function)
    raise ConfigurationError(f"本机缺少 libharfbuzz（4.2 以上），请先安装：{INSTALL}")
