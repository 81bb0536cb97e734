"""What we see to with the faces that the engine puts into papers.

WeasyPrint takes a copy of the whole file of each font at each document, 26 MB apiece, and replaces it by the subset
before it looks at it. Here the copy is made when somebody looks.

It names glyphs by their numbers. In a face whose outlines have other numbers of their own (CIDs), as a subset of an
organisation's own may, MuPDF then prints nothing and Ghostscript boxes: such a list of numbers is put in order.

What is relied on is in `RELIED_ON`; where a new version of the engine lacks it, everything goes its own way as before,
and tests/documents/test_lean_fonts.py fails.
"""

import struct
from functools import cached_property
from typing import Any

from weasyprint.pdf import fonts

from qianli.documents import cff

RELIED_ON = ("Font", "get_hb_object_data")
copied: Any = getattr(fonts, "get_hb_object_data", None)


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


def _looked_at(font: Any) -> object:
    held = font.__dict__["file_content"]
    return held.content if isinstance(held, Later) else held


def _put(font: Any, content: object) -> None:
    font.__dict__["file_content"] = content


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
