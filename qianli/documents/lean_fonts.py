"""What we see to with the faces that the engine puts into papers.

WeasyPrint takes a copy of the whole file of each font at each document, 26 MB apiece, and replaces it by the subset
before it looks at it. Here the copy is made when somebody looks.

It cuts each subset twice, the second time so that the face ends after the last glyph used and is without hints; the
cutter does both in one go, and the same bytes come of it in a third of the time.

It names glyphs by their numbers. In a face whose outlines have other numbers of their own (CIDs), as a subset of an
organisation's own may, MuPDF then prints nothing and Ghostscript boxes: such a list of numbers is put in order.

What is relied on is in `RELIED_ON`; where a new version of the engine lacks it, everything goes its own way as before,
and tests/documents/test_lean_fonts.py fails.
"""

import struct
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset

from qianli.documents import cff

RELIED_ON = ("Font", "get_hb_object_data")
copied: Any = getattr(fonts, "get_hb_object_data", None)
cut_twice: Any = getattr(fonts.Font, "_harfbuzz_subset", None)
#: Tables of a face that no paper needs, as the engine has it.
DROPPED = (b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT", b"SVG ")


class Later:
    """The bytes of a face, once they are wanted; the face is kept until then."""

    def __init__(self, face: object) -> None:
        self._face = face

    def __bool__(self) -> bool:
        """Whether there are any: the engine asks that of subsets."""
        return bool(self.content)

    @cached_property
    def content(self) -> bytes | None:
        """The copy."""
        made: bytes | None = copied(self._face)
        return numbered(made) if made else made


def copy_late() -> None:
    """Have faces copied when they are looked at; a second time changes nothing."""
    if all(hasattr(fonts, one) for one in RELIED_ON) and fonts.get_hb_object_data is copied:
        fonts.get_hb_object_data = lambda face, *how: copied(face, *how) if how else Later(face)
        fonts.Font.file_content = property(_looked_at, _put)
        if cut_twice is not None:
            fonts.Font._harfbuzz_subset = cut_once  # noqa: SLF001 - no public way


def _looked_at(font: Any) -> object:
    held = font.__dict__["file_content"]
    return held.content if isinstance(held, Later) else held


def _put(font: Any, content: object) -> None:
    font.__dict__["file_content"] = content


def cut_once(font: Any, used: dict[int, str], hinting: bool) -> None:  # noqa: FBT001 - the engine's own way
    """Leave a face with the glyphs used, which keep their numbers, and end it after the last of them."""
    if "CFF " not in font.tables:  # hints of TrueType faces go in another order
        cut_twice(font, used, hinting)
        return
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), used)
    dropped = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    _add(dropped, (harfbuzz.hb_tag_from_string(one, -1) for one in DROPPED))
    flags = (
        harfbuzz_subset.HB_SUBSET_FLAGS_RETAIN_GIDS
        | harfbuzz_subset.HB_SUBSET_FLAGS_PASSTHROUGH_UNRECOGNIZED
        | harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
        | (0 if hinting else harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING)
        | (harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE if font.missing else 0)
    )
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    face = ffi.gc(harfbuzz_subset.hb_subset_or_fail(font.hb_face, wanted), harfbuzz.hb_face_destroy)
    if face and harfbuzz.hb_face_get_glyph_count(face) == max(used) + 1:
        font.file_content = Later(face)
    else:  # a variant of a glyph, which comes after the last one
        cut_twice(font, used, hinting)


def _add(numbers: Any, more: Iterable[int]) -> None:
    some = ffi.new("hb_codepoint_t[]", sorted(more))
    harfbuzz.hb_set_add_sorted_array(numbers, some, len(some))


def numbered(font: bytes) -> bytes:
    """A font file in which glyphs are called by their numbers; collections are left alone."""
    if not font.startswith(b"OTTO"):
        return font
    (tables,) = struct.unpack_from(">H", font, 4)
    for one in range(tables):
        tag, _, begin, length = struct.unpack_from(">4sIII", font, 12 + 16 * one)
        if tag == b"CFF ":
            return font[:begin] + cff.numbered(font[begin : begin + length]) + font[begin + length :]
    return font
