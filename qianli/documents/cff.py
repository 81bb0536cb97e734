"""Small fonts cut from one: CFF tables with some glyphs of another, in no time.

The layout engine's fonts hold whole outlines (no subroutines), so a glyph is a run of bytes that can be copied. Glyphs
keep their numbers as CIDs; by CFF's own table of them every renderer finds them.
"""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qianli.errors import NotStampable

CHARSET, CHARSTRINGS, PRIVATE, SUBRS = 15, 17, 18, 19
ROS, CID_COUNT, FD_ARRAY, FD_SELECT = (12 << 8) + 30, (12 << 8) + 34, (12 << 8) + 36, (12 << 8) + 37
MOVED = frozenset((CHARSET, CHARSTRINGS, FD_ARRAY, FD_SELECT))
LEVEL = 3  # of compression: outlines become hardly smaller by a higher one
ADLER = 65521


@dataclass(frozen=True)
class Packed:
    """Bytes as a part of a compressed stream that needs nothing before it, their checksum and how many they are."""

    data: bytes
    adler: int
    length: int


@dataclass
class Cff:
    """A CID-keyed CFF table taken apart: outlines by number, and everything else as it is."""

    names: bytes
    strings: bytes
    top: dict[int, bytes]
    fonts: list[dict[int, bytes]]
    privates: list[bytes]
    outlines: Mapping[int, bytes]
    font_of: bytes
    _common: dict[tuple[int, ...], Packed] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> "Cff":
        """Take a table apart; NotStampable if it is not of the kind the engine makes of our faces."""
        try:
            return cls._read(data)
        except (IndexError, KeyError, struct.error) as error:
            raise NotStampable("字体不是预期的格式") from error

    @classmethod
    def _read(cls, data: bytes) -> "Cff":
        names, at = _index(data, data[2])
        tops, at = _index(data, at)
        top, strings = _dictionary(tops[0]), at
        _, at = _index(data, at)
        shared, at = _index(data, at)  # subroutines for all: none, but the table has a place for them
        outlines, _ = _index(data, _offset(top[CHARSTRINGS]))
        fonts = [_dictionary(one) for one in _index(data, _offset(top[FD_ARRAY]))[0]]
        if shared or ROS not in top or len(tops) != 1:
            raise NotStampable("字体不是预期的格式")
        privates = []
        for one in fonts:
            size, begin = _numbers(one[PRIVATE])
            privates.append(data[begin : begin + size])
            if SUBRS in _dictionary(privates[-1]):
                raise NotStampable("字体不是预期的格式")
        selected = _selected(data, _offset(top[FD_SELECT]), len(outlines))
        if not _is_identity(data, _offset(top[CHARSET]), len(outlines)):
            raise NotStampable("字体里的字形重新编过号")
        return cls(_written(names), data[strings:at], top, fonts, privates, dict(enumerate(outlines)), selected)

    def packed(self, common: Sequence[int], own: Iterable[int]) -> tuple[bytes, int]:
        """A compressed table with these glyphs and 0, and how long it is; `common` ones are compressed only once."""
        shared = tuple(sorted({0, *common}))
        others = sorted(set(own).difference(shared))
        glyphs = [*shared, *others]
        if shared not in self._common:
            self._common[shared] = _pack(b"".join(self.outlines[one] for one in shared))
        parts = (
            _pack(self._head(glyphs)),
            self._common[shared],
            _pack(b"".join(self.outlines[one] for one in others)),
        )
        adler = 1
        for one in parts:
            adler = _joined(adler, one.adler, one.length)
        end = b"\x03\x00"  # an empty last block
        data = b"\x78\x9c" + b"".join(one.data for one in parts) + end + adler.to_bytes(4)
        return data, sum(one.length for one in parts)

    def _head(self, glyphs: Sequence[int]) -> bytes:
        """Everything before the outlines."""
        count = len(glyphs)
        charset = b"\0" + struct.pack(f">{count - 1}H", *glyphs[1:])
        select = b"\0" + bytes([self.font_of[one] for one in glyphs])
        ends = [1]
        for one in glyphs:
            ends.append(ends[-1] + len(self.outlines[one]))
        offsets = struct.pack(">HB", count, 4) + struct.pack(f">{count + 1}I", *ends)
        privates = b"".join(self.privates)
        before = b"\1\0\4\4" + self.names
        top_length = len(_written([self._top(0, 0, 0, 0)]))
        at = len(before) + top_length + len(self.strings)
        fonts_length = len(self._fonts(0))
        charset_at = at
        select_at = charset_at + len(charset)
        fonts_at = select_at + len(select)
        privates_at = fonts_at + fonts_length
        outlines_at = privates_at + len(privates)
        top = _written([self._top(charset_at, select_at, fonts_at, outlines_at)])
        return before + top + self.strings + charset + select + self._fonts(privates_at) + privates + offsets

    def _top(self, charset: int, select: int, fonts: int, outlines: int) -> bytes:
        kept = b"".join(operands + _operator(one) for one, operands in self.top.items() if one not in MOVED)
        moved = {CHARSET: charset, FD_SELECT: select, FD_ARRAY: fonts, CHARSTRINGS: outlines}
        return kept + b"".join(_number(at) + _operator(one) for one, at in moved.items())

    def _fonts(self, at: int) -> bytes:
        written = []
        for one, private in zip(self.fonts, self.privates, strict=True):
            kept = b"".join(operands + _operator(which) for which, operands in one.items() if which != PRIVATE)
            written.append(kept + _number(len(private)) + _number(at) + _operator(PRIVATE))
            at += len(private)
        return _written(written)


def _index(data: bytes, at: int) -> tuple[list[bytes], int]:
    """The members of an INDEX, and where it ends."""
    (count,) = struct.unpack_from(">H", data, at)
    if not count:
        return [], at + 2
    size = data[at + 2]
    begin = at + 3
    ends = [int.from_bytes(data[begin + size * one : begin + size * (one + 1)]) for one in range(count + 1)]
    base = begin + size * (count + 1) - 1
    return [data[base + ends[one] : base + ends[one + 1]] for one in range(count)], base + ends[-1]


def _written(members: Sequence[bytes]) -> bytes:
    """An INDEX of these."""
    ends = [1]
    for one in members:
        ends.append(ends[-1] + len(one))
    return struct.pack(">HB", len(members), 4) + struct.pack(f">{len(ends)}I", *ends) + b"".join(members)


def _dictionary(data: bytes) -> dict[int, bytes]:
    """Operands, as they are written, by operator."""
    found: dict[int, bytes] = {}
    at = begin = 0
    while at < len(data):
        first = data[at]
        if first <= 21:  # noqa: PLR2004 - CFF's own numbers, here and below
            operator = (12 << 8) + data[at + 1] if first == 12 else first  # noqa: PLR2004
            found[operator] = data[begin:at]
            at = begin = at + (2 if first == 12 else 1)  # noqa: PLR2004
        else:
            at += _length(data, at)
    return found


def _length(data: bytes, at: int) -> int:
    """How many bytes an operand takes."""
    first = data[at]
    if first == 30:  # noqa: PLR2004 - a real number: half bytes, the last of which is 15
        end = at + 1
        while data[end] >> 4 != 15 and data[end] & 15 != 15:  # noqa: PLR2004
            end += 1
        return end + 1 - at
    return {28: 3, 29: 5}.get(first, 1 if first <= 246 else 2)  # noqa: PLR2004


def _numbers(operands: bytes) -> list[int]:
    found, at = [], 0
    while at < len(operands):
        first, length = operands[at], _length(operands, at)
        if first in (28, 29):
            found.append(int.from_bytes(operands[at + 1 : at + length], signed=True))
        elif length == 1:
            found.append(first - 139)
        elif first <= 250:  # noqa: PLR2004
            found.append((first - 247) * 256 + operands[at + 1] + 108)
        else:
            found.append(-(first - 251) * 256 - operands[at + 1] - 108)
        at += length
    return found


def _offset(operands: bytes) -> int:
    return _numbers(operands)[-1]


def _number(value: int) -> bytes:
    """A number that takes five bytes whatever it is."""
    return b"\x1d" + value.to_bytes(4)


def _operator(one: int) -> bytes:
    return bytes((12, one & 255)) if one > 255 else bytes((one,))  # noqa: PLR2004


def _selected(data: bytes, at: int, count: int) -> bytes:
    """Which font of the table each glyph belongs to."""
    if data[at] == 0:
        return data[at + 1 : at + 1 + count]
    (ranges,) = struct.unpack_from(">H", data, at + 1)
    found = bytearray()
    for one in range(ranges):
        first, font, following = struct.unpack_from(">HBH", data, at + 3 + 3 * one)
        found += bytes((font,)) * (following - first)
    return bytes(found)


def _is_identity(data: bytes, at: int, count: int) -> bool:
    """Whether every glyph's CID is its number, so that what names CIDs in a page names glyphs."""
    if at == 0 and count > 0:
        return False
    form, at = data[at], at + 1
    expected = 1
    while expected < count:
        if form == 0:
            first, left, step = *struct.unpack_from(">H", data, at), 0, 2
        elif form == 1:
            first, left, step = *struct.unpack_from(">HB", data, at), 3
        else:
            first, left, step = *struct.unpack_from(">HH", data, at), 4
        if first != expected:
            return False
        expected, at = expected + left + 1, at + step
    return True


def _pack(data: bytes) -> Packed:
    packer = zlib.compressobj(LEVEL, wbits=-15)
    return Packed(packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH), zlib.adler32(data), len(data))


def _joined(one: int, other: int, length: int) -> int:
    """The checksum of two pieces of data, the second of which is so long, from theirs."""
    low = (one & 0xFFFF) + (other & 0xFFFF) - 1
    high = (one >> 16) + (other >> 16) + (one & 0xFFFF) * length - length
    return (high % ADLER) << 16 | low % ADLER
