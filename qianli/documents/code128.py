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
FIRST = ord(" ")
STEP = 11  # modules of a symbol
#: Pairs of figures: from four on at either end of a text, from six on inside, where changing there and back costs two.
_PAIRS = re.compile(r"(^(?:\d\d){2,}|(?:\d\d){2,}$|(?:\d\d){3,})")


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
    """The bars as operators of a page, a rectangle each."""
    symbols = _symbols(text)
    places = enumerate((*symbols, _check(symbols)))
    return b"".join([_drawn(one, place) for place, one in places]) + _drawn_stop(len(symbols) + 1)


def drawn_by_engine(text: str) -> bytes:
    """The same bars line by line as the engine writes them for the path of an SVG."""
    corners = b"%d 0 m\n%d 0 l\n%d 1 l\n%d 1 l\nh"
    each = [corners % (start, start + length, start + length, start) for start, length in bars(text)]
    return b"\n".join((b"0 0 m", *each))


@lru_cache(maxsize=4096)
def _drawn(symbol: int, place: int) -> bytes:
    return _rectangles(CODES[symbol], QUIET + STEP * place)


@lru_cache(maxsize=64)
def _drawn_stop(place: int) -> bytes:
    return _rectangles(STOP, QUIET + STEP * place).removesuffix(b"\n")


def _rectangles(pattern: str, left: int) -> bytes:
    return b"".join(b"%d 0 %d 1 re\n" % one for one in _bars_of(pattern, left))


def _bars_of(pattern: str, left: int) -> Iterator[tuple[int, int]]:
    return ((left + found.start(), len(found[0])) for found in re.finditer("1+", pattern))


def _check(symbols: tuple[int, ...]) -> int:
    return (symbols[0] + int(sum(map(mul, symbols, count())))) % 103


@lru_cache(maxsize=1 << 15)
def _symbols(text: str) -> tuple[int, ...]:
    """The values of a text's symbols, the start first; DocumentError if it holds what Code128 cannot say."""
    if not text or not (text.isascii() and text.isprintable()):
        raise DocumentError("编号里有条形码不能用的字符，只能用数字、英文字母和短横线。")
    symbols = list[int]()
    for place, piece in enumerate(_PAIRS.split(text)):  # in turn what is no pairs of figures and what is
        if piece:
            to_pairs, to_others = (TO_C, TO_B) if symbols else (START_C, START_B)
            symbols.append(to_pairs if place % 2 else to_others)
            symbols += map(int, re.findall("..", piece)) if place % 2 else [ord(one) - FIRST for one in piece]
    return tuple(symbols)
