"""Fonts for files of one member each: what a run's fonts hold, cut down to what this member's pages show."""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qianli.documents import deflate
from qianli.documents.cff import Cff
from qianli.documents.layout_output import Laid
from qianli.documents.pdf_file import STREAM, PdfFile
from qianli.errors import NotStampable

MOST = 100  # entries in one part of a ToUnicode map
_REFERENCE = rb"/%b \[?(\d+) 0 R\]?"
_WIDTHS = re.compile(rb"/W \[(.*)\]/FontDescriptor", re.DOTALL)
_MAPPED = re.compile(rb"^<([0-9a-f]{4})> (<[0-9a-f]+>)$", re.MULTILINE)
_TABLES = 12  # bytes before the directory of a font file
#: As in the engine's own maps.
BEGIN = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo
<< /Registry (Adobe)
/Ordering (UCS)
/Supplement 0
>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
"""
END = b"""endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


class _Cut(NamedTuple):
    """A font with some glyphs: its table compressed, how long that is, widths, and the compressed map of texts."""

    packed: bytes
    length: int
    widths: bytes
    texts: bytes


@dataclass(frozen=True)
class FontSource:
    """A font of a run: its outlines, entries of widths and texts by glyph, dictionaries without what is cut down."""

    cff: Cff
    widths: Mapping[int, bytes]
    texts: Mapping[int, bytes]
    font: bytes
    descendant: bytes
    descriptor: bytes
    known: dict[tuple[int, ...], tuple[bytes, deflate.Part]] = field(default_factory=dict)
    unchanged: dict[tuple[int, ...], _Cut] = field(default_factory=dict)  # with common glyphs and no others

    def add(self, file: PdfFile, common: tuple[int, ...], own: Iterable[int]) -> int:
        """Add a font with these glyphs to a file; `common` ones are those that many members' files have."""
        others = sorted(set(own).difference(common))
        cut = self._cut(common, others) if others or common not in self.unchanged else self.unchanged[common]
        if not others:
            self.unchanged[common] = cut
        data = _added(file, cut.packed, b"/Subtype/CIDFontType0C/Length1 %d" % cut.length)
        descriptor = file.add(self.descriptor % data)
        descendant = file.add(self.descendant % (cut.widths, descriptor))
        return file.add(self.font % (_added(file, cut.texts), descendant))

    def _cut(self, common: tuple[int, ...], own: Sequence[int]) -> _Cut:
        """What is listed of common glyphs is made once, and stands first."""
        if (known := self.known.get(common)) is None:
            known = self.known[common] = self._widths(common), deflate.packed(BEGIN + self._texts(common))
        packed, length = self.cff.packed(common, own)
        texts = deflate.stream((known[1], deflate.stored(self._texts(own) + END)))[0]
        return _Cut(packed, length, b" ".join((known[0], self._widths(own))), texts)

    def _widths(self, glyphs: Sequence[int]) -> bytes:
        return b" ".join([self.widths[one] for one in glyphs if one in self.widths])

    def _texts(self, glyphs: Sequence[int]) -> bytes:
        lines = [self.texts[one] for one in glyphs if one in self.texts]
        parts = [lines[start : start + MOST] for start in range(0, len(lines), MOST)]
        return b"".join([b"%d beginbfchar\n%bendbfchar\n" % (len(some), b"".join(some)) for some in parts])


def _added(file: PdfFile, packed: bytes, entries: bytes = b"") -> int:
    """Add a stream that is compressed already."""
    entries += b"/Filter/FlateDecode/Length %d" % len(packed)
    return file.add(b"<<%b>>%b%b\nendstream" % (entries, STREAM, packed))


def sources(laid: Laid) -> dict[bytes, FontSource]:
    """The fonts of a laid-out document by their names; NotStampable if one is not of our own kind."""
    names = laid.objects[int(laid.fonts.split()[0])]
    return {b"/" + name: _source(laid.objects, int(number)) for name, number in re.findall(rb"/(\w+) (\d+) 0 R", names)}


def _source(objects: Mapping[int, bytes], number: int) -> FontSource:
    font = objects[number]
    descendant = objects[_referred(font, b"DescendantFonts")]
    descriptor = objects[_referred(descendant, b"FontDescriptor")]
    file, texts = _data(objects, descriptor, b"FontFile3"), _data(objects, font, b"ToUnicode")
    listed = _WIDTHS.search(descendant)
    if listed is None or any(b"%" in one for one in (font, descendant, descriptor)):
        raise NotStampable("字体不是预期的格式")
    return FontSource(
        cff=Cff.read(_table(file, b"CFF ")),
        widths={one: b"%d [%b]" % (one, width) for one, width in _widths(listed[1]).items()},
        texts={int(glyph, 16): b"<%b> %b\n" % (glyph, text) for glyph, text in _MAPPED.findall(texts)},
        font=_without(
            _without(font, b"ToUnicode", b"/ToUnicode %d 0 R"), b"DescendantFonts", b"/DescendantFonts [%d 0 R]"
        ),
        descendant=_WIDTHS.sub(
            b"/W [%b]/FontDescriptor", _without(descendant, b"FontDescriptor", b"/FontDescriptor %d 0 R")
        ),
        descriptor=_without(descriptor, b"FontFile3", b"/FontFile3 %d 0 R"),
    )


def _referred(entries: bytes, name: bytes) -> int:
    found = re.search(_REFERENCE % name, entries)
    if found is None:
        raise NotStampable("字体不是预期的格式")
    return int(found[1])


def _without(entries: bytes, name: bytes, other: bytes) -> bytes:
    return re.sub(_REFERENCE % name, lambda _: other, entries)


def _data(objects: Mapping[int, bytes], entries: bytes, name: bytes) -> bytes:
    head, _, data = objects[_referred(entries, name)].partition(STREAM)
    if b"/FlateDecode" not in head:
        raise NotStampable("字体不是预期的格式")
    return zlib.decompress(data.removesuffix(b"\nendstream"))


def _table(file: bytes, name: bytes) -> bytes:
    """A table of an OpenType file."""
    for one in range(int.from_bytes(file[4:6])):
        entry = file[_TABLES + 16 * one : _TABLES + 16 * (one + 1)]
        if entry[:4] == name:
            begin, length = int.from_bytes(entry[8:12]), int.from_bytes(entry[12:])
            return file[begin : begin + length]
    raise NotStampable("字体不是预期的格式")


def _widths(listed: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for first, some in re.findall(rb"(\d+) \[([^\]]*)\]", listed):
        found.update(enumerate(some.split(), int(first)))
    return found
