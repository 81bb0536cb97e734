"""Stencils: a block's laid-out sample cut into what all blocks of its shape share and holes for what is each one's own.

A sample stands alone on its page, in its upper left corner; elsewhere the engine would write the very same operators
with other coordinates.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qianli.documents import code128
from qianli.documents.blocks import Block
from qianli.documents.layout_output import Force, Page, Piece, pieces
from qianli.errors import NotStampable

BLACK = b"0 0 0 rg"  # of every field and code
BASE = re.compile(rb"1 0 0 -1 0 [\d.]+ cm|0\.75 0 0 0\.75 0 0 cm")
FIRST_INK = 0x010201  # colours no template uses
#: Operators with places on the page: how many numbers, and which of them lie across and down.
_PLACES = {
    b"Tm": (6, (4,), (5,)), b"cm": (6, (4,), (5,)), b"re": (4, (0,), (1,)), b"m": (2, (0,), (1,)),
    b"l": (2, (0,), (1,)), b"c": (6, (0, 2, 4), (1, 3, 5)), b"v": (4, (0, 2), (1, 3)), b"y": (4, (0, 2), (1, 3)),
}  # fmt: skip
PLAIN_STATES = frozenset((b"/a1 gs", b"/a1.0 gs"))

Hole = tuple[str, int]  # a field and its line; of a code, -1
Ends = tuple[float, float]  # where a full line set right begins, and how far half an em is


@dataclass(frozen=True)
class Stencil:
    """A block of one shape at one place: the shared part, and the operators of its own with their holes."""

    static: bytes
    own: bytes
    holes: tuple[Hole, ...]
    ends: Mapping[str, Ends]


@dataclass(frozen=True)
class Cut:
    """A sample's page in lines: those all share, and those of its own, with `None` for a hole."""

    base: tuple[bytes, ...]
    static: tuple[bytes, ...]
    own: tuple[bytes, ...]
    holes: tuple[Hole, ...]
    ends: Mapping[str, Ends]

    def at(self, left: int, top: int) -> Stencil:
        """The stencil for this place."""
        static = b"\n".join(_moved(self.static, left, top))
        ends = {name: (begins + left, half) for name, (begins, half) in self.ends.items()}
        return Stencil(static, b"\n".join(_moved(self.own, left, top, inside=True)), self.holes, ends)


def inks(block: Block) -> dict[str, str]:
    """The sample's colour of each field."""
    return {name: f"#{FIRST_INK + place:06x}" for place, name in enumerate(block.fields)}


def cut(page: Page, block: Block) -> Cut:
    """A page that shows a sample of this block alone, cut."""
    if b"%" in page.content:
        raise NotStampable("版面里有百分号")
    colours = {_paint(FIRST_INK + place): name for place, name in enumerate(block.fields)}
    bars = {name: tuple(code128.drawn_by_engine(text).split(b"\n")) for name, text in block.codes.items()}
    cutter = _Cutter(colours, bars, {name for name, one in block.fields.items() if one.right})
    cutter.cut(list(pieces(page.content)))
    wanted = {(name, line) for name, one in block.fields.items() for line in range(one.most)}
    if sorted(cutter.holes) != sorted(wanted | {(name, -1) for name in block.codes}):
        raise NotStampable("有会变的内容没有在版面上找到")
    base = tuple(line for line in page.content.split(b"\n", 3)[:3] if BASE.fullmatch(line))
    return Cut(base, tuple(cutter.static), tuple(cutter.own), tuple(cutter.holes), cutter.ends)


class _Cutter:
    """Sorts the pieces of a page."""

    def __init__(self, colours: Mapping[bytes, str], bars: Mapping[str, tuple[bytes, ...]], right: set[str]) -> None:
        self.static, self.own, self.holes = list[bytes](), list[bytes](), list[Hole]()
        self.ends = dict[str, Ends]()
        self._colours, self._bars, self._right = colours, dict(bars), right
        self._next = dict.fromkeys(colours.values(), 0)

    def cut(self, some: Sequence[Piece]) -> None:
        """Sort them all."""
        place = 0
        while place < len(some):
            piece = some[place]
            paint = piece.force.paint.get(b"rg", b"")
            if piece.shown and paint in self._colours:
                self._text(piece, self._colours[paint])
            elif name := self._code_at(some, place):
                self._code(piece.force, name)
                place += len(self._bars.pop(name))  # what follows fills the path
            elif not (piece.lines[0].endswith(b" rg") and piece.lines[0] in self._colours):
                self.static += piece.lines
            place += 1

    def _text(self, piece: Piece, name: str) -> None:
        shows = [line for line in piece.lines if line.endswith(b" TJ")]
        faces = {line for line in piece.lines if line.endswith(b" Tf")}
        matrices = [line for line in piece.lines if line.endswith(b" Tm")]
        if len(shows) != 1 or len(matrices) != 1 or not faces or _moves(piece.force):
            raise NotStampable("会变的字不在一行一种字体里")
        face = [line for line in piece.lines if line.endswith(b" Tf")][-1]
        matrix = matrices[0]
        if name in self._right:
            *scale, begins, down, operator = matrix.split()
            self.ends[name] = float(begins), float(face.split()[1]) / 2
            matrix = b" ".join((*scale, b"%b", down, operator))
        self.own += [b"BT", face, matrix, b"[<%b>] TJ", b"ET"]
        self.holes.append((name, self._next[name]))
        self._next[name] += 1

    def _code_at(self, some: Sequence[Piece], place: int) -> str | None:
        for name, bars in self._bars.items():
            if all(one.lines == (bar,) for one, bar in zip(some[place:], bars, strict=False)):
                return name
        return None

    def _code(self, force: Force, name: str) -> None:
        if force.paint.get(b"rg", BLACK) != BLACK:
            raise NotStampable("条形码不是黑色")
        self.own += [b"q", *_moves(force), b"%b", b"f", b"Q"]
        self.holes.append((name, -1))


def _moves(force: Force) -> list[bytes]:
    """What is in force besides the page's own scale."""
    if force.bound or not PLAIN_STATES.issuperset(force.paint.get(b"gs", b"/a1 gs").split(b"\n")):
        raise NotStampable("会变的内容在裁剪框或特殊颜色里")
    return [move for move in force.moves if not BASE.fullmatch(move)]


def _paint(colour: int) -> bytes:
    parts = [number(part / 255) for part in colour.to_bytes(3)]
    return b" ".join(parts) + b" rg"


def _moved(lines: Sequence[bytes], left: int, top: int, *, inside: bool = False) -> Iterator[bytes]:
    """The lines as they would be elsewhere. Once a `cm` moved the origin, everything until its `Q` goes with it."""
    depth, scales = 0, 0 if inside else 2  # the page's own scale comes first, in two steps
    free: list[int] = []
    for line in lines:
        operator = line.rpartition(b" ")[2]
        if operator == b"q":
            depth += 1
        elif operator == b"Q":
            depth -= 1
            while free and free[-1] > depth:
                free.pop()
        if operator == b"cm" and scales and BASE.fullmatch(line):
            scales -= 1
            yield line
            continue
        if operator not in _PLACES or free:
            yield line
            continue
        yield _shifted(line, operator, left, top)
        if operator == b"cm":
            free.append(depth)


def _shifted(line: bytes, operator: bytes, left: int, top: int) -> bytes:
    count, across, down = _PLACES[operator]
    numbers = line.split()[:-1]
    if len(numbers) != count:
        raise NotStampable("排版引擎的输出与约定不符")
    for places, by in ((across, left), (down, top)):
        for place in places:
            if numbers[place] != b"%b":
                numbers[place] = number(float(numbers[place]) + by)
    return b" ".join((*numbers, operator))


def number(value: float) -> bytes:
    """A number as the engine writes it."""
    return f"{value:.6f}".rstrip("0").rstrip(".").encode()
