"""Compressed streams put together of parts: what many files share is compressed once, what is short not at all."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

LEVEL = 3  # of compression: outlines become hardly smaller by a higher one
ADLER = 65521
HEAD, END = b"\x78\x9c", b"\x03\x00"  # of zlib's format; an empty last block
MOST_STORED = 0xFFFF


@dataclass(frozen=True)
class Part:
    """Bytes as a part of a compressed stream that needs nothing before it, their checksum and how many they are."""

    data: bytes
    adler: int
    length: int


def packed(data: bytes) -> Part:
    """A compressed part."""
    packer = zlib.compressobj(LEVEL, wbits=-15)
    return Part(packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH), zlib.adler32(data), len(data))


def stored(data: bytes) -> Part:
    """A part as it is: for a few hundred bytes, compressing takes longer than writing them."""
    length = len(data)
    if length > MOST_STORED:
        return packed(data)
    head = b"\0" + length.to_bytes(2, "little") + (length ^ MOST_STORED).to_bytes(2, "little")
    return Part(head + data, zlib.adler32(data), length)


def stream(parts: Iterable[Part]) -> tuple[bytes, int]:
    """The parts as one stream in zlib's format, and how long it is when taken apart."""
    adler, length, written = 1, 0, [HEAD]
    for one in parts:
        adler = _joined(adler, one.adler, one.length)
        length += one.length
        written.append(one.data)
    return b"".join((*written, END, adler.to_bytes(4))), length


def _joined(one: int, other: int, length: int) -> int:
    """The checksum of two pieces of data, the second of which is so long, from theirs."""
    low = (one & 0xFFFF) + (other & 0xFFFF) - 1
    high = (one >> 16) + (other >> 16) + (one & 0xFFFF) * length - length
    return (high % ADLER) << 16 | low % ADLER
