"""Code128: a text as bars, and the bars as the engine draws them. Runs of figures take half the room."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from operator import mul

from barcode.charsets import code128 as table

from qianli.errors import DocumentError

CODES, STOP = table.CODES, table.STOP + "11"
QUIET = 10  # modules on either side
START_B, START_C, TO_C, TO_B = 104, 105, 99, 100
FIRST = " "
STEP = 11  # modules of a symbol
#: Pairs of figures: from four on at either end of a text, from six on inside, where changing there and back costs two.
_PIECES = re.compile(r"^(?:\d\d){2,}|(?:\d\d){2,}$|(?:\d\d){3,}|.", re.DOTALL)


def modules(text: str) -> int:
    """How many modules the bars of a text take, quiet zones included."""
    return STEP * (len(_symbols(text)) + 1) + len(STOP) + 2 * QUIET


def bars(text: str) -> Iterator[tuple[int, int]]:
    """Start and length of every bar, in modules from the left edge of the quiet zone."""
    symbols = _symbols(text)
    for place, symbol in enumerate((*symbols, _check(symbols))):
        yield from _bars_of(CODES[symbol], QUIET + STEP * place)
    yield from _bars_of(STOP, QUIET + STEP * (len(symbols) + 1))


def drawn(text: str) -> bytes:
    """The bars as operators of a page, line by line as the engine writes them for the path of an SVG."""
    symbols = _symbols(text)
    places = enumerate((*symbols, _check(symbols)))
    return b"0 0 m\n" + b"".join([_drawn(one, place) for place, one in places]) + _drawn_stop(len(symbols) + 1)


@lru_cache(maxsize=4096)
def _drawn(symbol: int, place: int) -> bytes:
    return _operators(CODES[symbol], QUIET + STEP * place)


@lru_cache(maxsize=64)
def _drawn_stop(place: int) -> bytes:
    return _operators(STOP, QUIET + STEP * place).removesuffix(b"\n")


def _operators(pattern: str, left: int) -> bytes:
    return b"".join(
        b"%d 0 m\n%d 0 l\n%d 1 l\n%d 1 l\nh\n" % (start, start + length, start + length, start)
        for start, length in _bars_of(pattern, left)
    )


def _bars_of(pattern: str, left: int) -> Iterator[tuple[int, int]]:
    return ((left + found.start(), len(found[0])) for found in re.finditer("1+", pattern))


def _check(symbols: tuple[int, ...]) -> int:
    return (symbols[0] + int(sum(map(mul, symbols, count())))) % 103


@lru_cache(maxsize=1 << 15)
def _symbols(text: str) -> tuple[int, ...]:
    """The values of a text's symbols, the start first; DocumentError if it holds what Code128 cannot say."""
    if not text or not (text.isascii() and text.isprintable()):
        raise DocumentError("编号里有条形码不能用的字符，只能用数字、英文字母和短横线。")
    symbols, pairs = list[int](), None
    for piece in _PIECES.findall(text):
        if pairs is not (now := len(piece) > 1):
            symbols.append((START_C if now else START_B) if pairs is None else (TO_C if now else TO_B))
            pairs = now
        symbols += map(int, re.findall("..", piece)) if pairs else [ord(piece) - ord(FIRST)]
    return tuple(symbols)
