"""Small fonts cut from one: CFF tables with some glyphs of another, in no time.

The layout engine's fonts hold whole outlines (no subroutines), so a glyph is a run of bytes that can be copied. Glyphs
keep their numbers as CIDs; by CFF's own table of them every renderer finds them.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from qianli.documents import cff_parts as parts
from qianli.documents import deflate
from qianli.errors import NotStampable

CHARSET, CHARSTRINGS, PRIVATE, SUBRS = 15, 17, 18, 19
ROS, CID_COUNT, FD_ARRAY, FD_SELECT = (12 << 8) + 30, (12 << 8) + 34, (12 << 8) + 36, (12 << 8) + 37
MOVED = frozenset((CHARSET, CHARSTRINGS, FD_ARRAY, FD_SELECT))


@dataclass(frozen=True)
class Common:
    """Glyphs that many small tables begin with: their outlines, and their part of each list before these."""

    glyphs: frozenset[int]
    packed: deflate.Part
    charset: bytes
    select: bytes
    offsets: bytes


@dataclass
class Cff:
    """A CID-keyed CFF table taken apart: outlines by number, and everything else as it is."""

    names: bytes
    strings: bytes
    top: dict[int, bytes]
    fonts: list[dict[int, bytes]]
    privates: list[bytes]
    outlines: Sequence[bytes]
    font_of: bytes
    _common: dict[tuple[int, ...], "Common"] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> "Cff":
        """Take a table apart; NotStampable if it is not of the kind the engine makes of our faces."""
        try:
            return cls._read(data)
        except (IndexError, KeyError, ValueError, struct.error) as error:
            raise NotStampable("字体不是预期的格式") from error

    @classmethod
    def _read(cls, data: bytes) -> "Cff":
        names, at = parts.index(data, data[2])
        tops, at = parts.index(data, at)
        top, strings = parts.dictionary(tops[0]), at
        _, at = parts.index(data, at)
        shared, at = parts.index(data, at)  # subroutines for all: none, but the table has a place for them
        outlines, _ = parts.index(data, parts.offset(top[CHARSTRINGS]))
        fonts = [parts.dictionary(one) for one in parts.index(data, parts.offset(top[FD_ARRAY]))[0]]
        if shared or ROS not in top or len(tops) != 1:
            raise NotStampable("字体不是预期的格式")
        privates = []
        for one in fonts:
            size, begin = parts.numbers(one[PRIVATE])
            privates.append(data[begin : begin + size])
            if SUBRS in parts.dictionary(privates[-1]):
                raise NotStampable("字体不是预期的格式")
        selected = parts.selected(data, parts.offset(top[FD_SELECT]), len(outlines))
        if not parts.is_identity(data, parts.offset(top[CHARSET]), len(outlines)):
            raise NotStampable("字体里的字形重新编过号")
        return cls(parts.written(names), data[strings:at], top, fonts, privates, outlines, selected)

    def packed(self, common: tuple[int, ...], own: Iterable[int]) -> tuple[bytes, int]:
        """A compressed table with these glyphs and 0, and how long it is; `common` ones are compressed only once."""
        if (shared := self._common.get(common)) is None:
            shared = self._common[common] = self._shared(common)
        others = sorted(set(own) - shared.glyphs)
        outlines = [self.outlines[one] for one in others]
        head = deflate.stored(self._head(shared, others, outlines))
        return deflate.stream((head, shared.packed, deflate.packed(b"".join(outlines))))

    def _shared(self, common: Iterable[int]) -> Common:
        glyphs = sorted({0, *common})
        outlines = [self.outlines[one] for one in glyphs]
        return Common(
            frozenset(glyphs),
            deflate.packed(b"".join(outlines)),
            charset=b"\0" + struct.pack(f">{len(glyphs) - 1}H", *glyphs[1:]),
            select=b"\0" + bytes([self.font_of[one] for one in glyphs]),
            offsets=struct.pack(f">{len(glyphs) + 1}I", *accumulate(map(len, outlines), initial=1)),
        )

    def _head(self, shared: Common, others: Sequence[int], outlines: Sequence[bytes]) -> bytes:
        """Everything before the outlines."""
        charset = shared.charset + struct.pack(f">{len(others)}H", *others)
        select = shared.select + bytes([self.font_of[one] for one in others])
        _, *ends = accumulate(map(len, outlines), initial=1 + shared.packed.length)
        count = struct.pack(">HB", len(shared.glyphs) + len(others), 4)
        offsets = count + shared.offsets + struct.pack(f">{len(ends)}I", *ends)
        charset_at = len(self._before) + len(parts.written([self._top(0, 0, 0, 0)])) + len(self.strings)
        select_at = charset_at + len(charset)
        fonts_at = select_at + len(select)
        privates_at = fonts_at + self._fonts_length
        outlines_at = privates_at + len(self._privates)
        top = parts.written([self._top(charset_at, select_at, fonts_at, outlines_at)])
        fonts = self._fonts(privates_at)
        return b"".join((self._before, top, self.strings, charset, select, fonts, self._privates, offsets))

    def _top(self, charset: int, select: int, fonts: int, outlines: int) -> bytes:
        return self._top_kept % (charset.to_bytes(4), select.to_bytes(4), fonts.to_bytes(4), outlines.to_bytes(4))

    @cached_property
    def _before(self) -> bytes:
        return b"\1\0\4\4" + self.names

    @cached_property
    def _privates(self) -> bytes:
        return b"".join(self.privates)

    @cached_property
    def _top_kept(self) -> bytes:
        """The top dictionary with holes for the four offsets that move."""
        kept = b"".join(operands + parts.operator(one) for one, operands in self.top.items() if one not in MOVED)
        moved = (
            parts.NUMBER + b"%b" + parts.literal(parts.operator(one))
            for one in (CHARSET, FD_SELECT, FD_ARRAY, CHARSTRINGS)
        )
        return parts.literal(kept) + b"".join(moved)

    @cached_property
    def _fonts_kept(self) -> bytes:
        """The fonts of the table with a hole each for where its private part begins."""
        kept, end, nowhere = b"", parts.NUMBER + b"%b" + parts.operator(PRIVATE), bytes(4)
        written = []
        for one, private in zip(self.fonts, self.privates, strict=True):
            begin = b"".join(operands + parts.operator(which) for which, operands in one.items() if which != PRIVATE)
            written.append(begin + parts.number(len(private)))
            kept += parts.literal(written[-1]) + end
        head = parts.written([one + end % nowhere for one in written])[: 3 + 4 * (len(written) + 1)]
        return parts.literal(head) + kept

    @cached_property
    def _fonts_length(self) -> int:
        return len(self._fonts(0))

    def _fonts(self, at: int) -> bytes:
        begins = list(accumulate(map(len, self.privates), initial=at))[:-1]
        return self._fonts_kept % tuple([one.to_bytes(4) for one in begins])


def numbered(data: bytes) -> bytes:
    """A table whose glyphs' CIDs are their numbers, as pages of the layout engine name them; most are already.

    The list of CIDs is written over in its place: one that is in order never takes more.
    """
    _, at = parts.index(data, data[2])
    top = parts.dictionary(parts.index(data, at)[0][0])
    if ROS not in top:
        return data
    (count,) = struct.unpack_from(">H", data, parts.offset(top[CHARSTRINGS]))
    at = parts.offset(top[CHARSET]) if CHARSET in top else 0
    if count < 2 or parts.is_identity(data, at, count):  # noqa: PLR2004 - glyph 0 is always CID 0
        return data
    if not at:
        raise NotStampable("字体不是预期的格式")
    if data[at] == 0:
        ordered = b"\0" + struct.pack(f">{count - 1}H", *range(1, count))
    else:
        few = count - 2 <= 0xFF  # noqa: PLR2004
        ordered = struct.pack(">BHB" if few else ">BHH", 1 if few else 2, 1, count - 2)
    return data[:at] + ordered + data[at + len(ordered) :]
