"""QR symbols: one at a time by segno, or thousands that differ in a code only.

For one address, length and mask a symbol is an affine function of the bits of its text (error correction is linear,
the mask is fixed): a symbol is that of a base text with, for each bit that differs, always the same modules turned.
"""

import string
from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4  # modules, as the standard asks
SCALE = 4  # dots a module
BASE = "A"
ALPHABET = string.digits + string.ascii_letters
BITS = 7  # of an ASCII character


def symbol(text: str) -> segno.QRCode:
    """A QR of level Q. All codes of one address have the mask that suits a sample code, so that they differ little."""
    head, slash, code = text.rpartition("/")
    return _made(text, _mask(head + slash, len(code)))


@dataclass(frozen=True)
class Bitmap:
    """Rows of dots from the top, eight a byte; a set bit is white."""

    dots: int
    rows: bytes


def bitmap(text: str) -> Bitmap:
    """A symbol with its quiet zone."""
    return _bitmap(symbol(text))


@dataclass(frozen=True)
class Family:
    """All symbols of one address followed by a code of one length."""

    dots: int
    base: int
    size: int
    turned: tuple[dict[str, int], ...]  # by place in the code and character: the dots that change

    def rows(self, code: str) -> bytes:
        """The rows of a code's symbol, as `bitmap` has them."""
        dots = self.base
        for place, one in zip(self.turned, code, strict=True):
            dots ^= place[one]
        return dots.to_bytes(self.size)


@lru_cache(maxsize=8)
def family(head: str, length: int) -> Family:
    """The family of an address; the text of its symbols is `head` and a code of figures and letters."""
    first = bitmap(head + BASE * length)
    base, mask = int.from_bytes(first.rows), _mask(head, length)
    turned = []
    for place in range(length):
        bits = [
            base ^ int.from_bytes(_bitmap(_made(head + _turned(place, bit, length), mask)).rows) for bit in range(BITS)
        ]
        turned.append({one: _all_of(bits, ord(one) ^ ord(BASE)) for one in ALPHABET})
    return Family(first.dots, base, len(first.rows), tuple(turned))


def _turned(place: int, bit: int, length: int) -> str:
    """The base code with one bit of one character turned."""
    return BASE * place + chr(ord(BASE) ^ (1 << bit)) + BASE * (length - place - 1)


def _all_of(bits: list[int], chosen: int) -> int:
    dots = 0
    for place, changed in enumerate(bits):
        if chosen >> place & 1:
            dots ^= changed
    return dots


@lru_cache(maxsize=64)
def _mask(head: str, length: int) -> int:
    made = segno.make(head + BASE * length, error="q", micro=False, boost_error=False, mode="byte")
    return int(made.mask)


def _made(text: str, mask: int) -> segno.QRCode:
    return segno.make(text, error="q", micro=False, boost_error=False, mode="byte", mask=mask)


def _bitmap(made: segno.QRCode) -> Bitmap:
    matrix = [bytes(row) for row in made.matrix]
    modules = len(matrix) + 2 * QUIET
    dots = modules * SCALE
    wide = -(-dots // 8) * 8
    white = (1 << wide) - 1
    quiet = [bytes(modules)] * QUIET
    rows = [*quiet, *(bytes(QUIET) + row + bytes(QUIET) for row in matrix), *quiet]
    packed = b""
    for row in rows:
        dark = int("".join(("1" if module else "0") * SCALE for module in row), 2) << (wide - dots)
        packed += (white ^ dark).to_bytes(wide // 8) * SCALE
    return Bitmap(dots, packed)
