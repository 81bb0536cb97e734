"""What a CFF table is made of, read and written: INDEX, dictionary, number, the lists of fonts and of CIDs by glyph."""

import struct
from collections.abc import Sequence
from itertools import pairwise

NUMBER = b"\x1d"  # before a number of four bytes


def index(data: bytes, at: int) -> tuple[list[bytes], int]:
    """The members of an INDEX, and where it ends."""
    (count,) = struct.unpack_from(">H", data, at)
    if not count:
        return [], at + 2
    size, begin = data[at + 2], at + 3
    base = begin + size * (count + 1) - 1
    wide = bytearray(4 * (count + 1))  # a face has 65,535 glyphs: numbers of one to four bytes are all read at once
    for one in range(size):
        wide[4 - size + one :: 4] = data[begin + one : base + 1 : size]
    ends = [base + one for one in struct.unpack(f">{count + 1}I", wide)]
    return [data[start:end] for start, end in pairwise(ends)], ends[-1]


def written(members: Sequence[bytes]) -> bytes:
    """An INDEX of these."""
    ends = [1]
    for one in members:
        ends.append(ends[-1] + len(one))
    return struct.pack(">HB", len(members), 4) + struct.pack(f">{len(ends)}I", *ends) + b"".join(members)


def dictionary(data: bytes) -> dict[int, bytes]:
    """Operands, as they are written, by operator."""
    found: dict[int, bytes] = {}
    at = begin = 0
    while at < len(data):
        first = data[at]
        if first <= 21:  # noqa: PLR2004 - CFF's own numbers, here and below
            which = (12 << 8) + data[at + 1] if first == 12 else first  # noqa: PLR2004
            found[which] = data[begin:at]
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


def numbers(operands: bytes) -> list[int]:
    """The whole numbers of an operand."""
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


def offset(operands: bytes) -> int:
    """The last of its numbers, where something begins."""
    return numbers(operands)[-1]


def number(value: int) -> bytes:
    """A number that takes five bytes whatever it is."""
    return NUMBER + value.to_bytes(4)


def operator(one: int) -> bytes:
    """An operator of one byte or two, as `dictionary` names it."""
    return bytes((12, one & 255)) if one > 255 else bytes((one,))  # noqa: PLR2004


def literal(data: bytes) -> bytes:
    """Data as a part of a template that is filled by %."""
    return data.replace(b"%", b"%%")


def selected(data: bytes, at: int, count: int) -> bytes:
    """Which font of the table each glyph belongs to."""
    if data[at] == 0:
        return data[at + 1 : at + 1 + count]
    (ranges,) = struct.unpack_from(">H", data, at + 1)
    found = bytearray()
    for one in range(ranges):
        first, font, following = struct.unpack_from(">HBH", data, at + 3 + 3 * one)
        found += bytes((font,)) * (following - first)
    return bytes(found)


def is_identity(data: bytes, at: int, count: int) -> bool:
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
