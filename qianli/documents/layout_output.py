"""All that the press relies on of the form of the layout engine's output, read through its public finisher.

Every operator of a page stands on a line of its own. A line of text begins with `1 0 0 -1 x y Tm`, is shown by
`[<glyph ids in hex>kerning<…>] TJ` in a font named before by `/NAME size Tf`, and its glyph ids are those of the font
file. Images are drawn by `/NAME Do`. What does not look like that is NotStampable, never guessed;
tests/documents/test_layout_output.py fails when a new version of the engine writes otherwise.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qianli.errors import NotStampable

LEVEL = 5  # of compression: of fonts; higher ones take twice as long for a hundredth of the size
Glyph = tuple[bytes, bytes]  # the name of a font, and a glyph id in hex
Boxes = Mapping[str, tuple[float, float]]  # top and bottom on its page, in CSS pixels, of each element with an id

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_SHOWN = re.compile(rb"\[(?:<(?:[0-9a-f]{4})*>|-?[\d.]+)*\] TJ")
_LENGTH = re.compile(rb"/Length \d+")
_HEX = re.compile(rb"<([0-9a-f]*)>")
_PAINT = frozenset((b"gs", b"rg", b"RG"))
_PATH = frozenset((b"m", b"l", b"c", b"v", b"y", b"re", b"h"))
#: Clips other than to a rectangle, and colour spaces: what is drawn under one is not drawn anywhere else.
_BINDING = frozenset((b"W", b"W*", b"cs", b"CS", b"sc", b"SC", b"scn", b"SCN", b"g", b"G", b"k", b"K"))
_TEXT = frozenset((b"Tf", b"TJ", b"Ts"))


@dataclass(frozen=True)
class Page:
    """A page as drawn."""

    content: bytes
    box: bytes


@dataclass(frozen=True)
class Laid:
    """A laid-out document: its pages, on which each form begins, and the objects its pages need."""

    pages: tuple[Page, ...]
    first_pages: tuple[int, ...]
    objects: dict[int, bytes]
    resources: int
    fonts: bytes
    states: bytes
    images: dict[bytes, tuple[int, int]]


@dataclass(frozen=True)
class Force:
    """What is in force where something is drawn: moves and clips in order, colours, opacity, and if there is more."""

    moves: tuple[bytes, ...] = ()
    paint: Mapping[bytes, bytes] = field(default_factory=dict)
    bound: bool = False

    def lines(self) -> list[bytes]:
        """The operators that bring it about again."""
        return [*self.moves, *self.paint.values()]


@dataclass(frozen=True)
class Piece:
    """Something drawn in one go: the lines of one line of text, an image, or a single operator that is neither."""

    lines: tuple[bytes, ...]
    force: Force
    shown: tuple[Glyph, ...] = ()
    image: bytes | None = None


def read(pdf: Any, first_pages: tuple[int, ...]) -> Laid:
    """A laid-out document, from the engine's PDF before it is serialised."""
    try:
        pages = [pdf.objects[int(reference.split()[0])] for reference in pdf.page_references]
        numbers = {_number(page["Resources"]) for page in pages}
        (resources,) = numbers
        found = pdf.objects[resources]
        return Laid(
            pages=tuple(Page(_content(pdf.objects[_number(one["Contents"])]), one["MediaBox"].data) for one in pages),
            first_pages=first_pages,
            objects=_reachable(pdf.objects, resources),
            resources=resources,
            fonts=bytes(found["Font"]),
            states=found["ExtGState"].data,
            images=dict(_images(pdf.objects, found["XObject"])),
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise _otherwise() from error


def pieces(content: bytes) -> Iterator[Piece]:
    """A page in pieces, in the order they are drawn; together their lines are the page."""
    reader, text = _Reader(), list[bytes]()
    for line in content.split(b"\n"):
        operator = line.rpartition(b" ")[2]
        if text and operator not in _TEXT:
            yield _text(text, reader.force)
            text = []
        if operator == b"Tm":
            text = [reader.font, line] if reader.font else [line]
            continue
        reader.follow(line, operator, inside=bool(text))
        if text:
            text.append(line)
        else:
            yield Piece((line,), reader.force, image=line.split()[0] if operator == b"Do" else None)
    if text or reader.open:
        raise _otherwise()


class _Reader:
    """Keeps track of what is in force."""

    def __init__(self) -> None:
        self.force, self.font = Force(), b""
        self._stack: list[Force] = []
        self._path: list[bytes] = []

    @property
    def open(self) -> bool:
        """Whether anything was kept and not restored."""
        return bool(self._stack)

    def follow(self, line: bytes, operator: bytes, *, inside: bool) -> None:
        """What the next operator does, `inside` a line of text or not."""
        moves, paint = self.force.moves, self.force.paint
        if operator == b"Tf":
            self.font = line
        elif operator == b"q":
            self._stack.append(self.force)
        elif operator == b"Q" and self._stack:
            self.force = self._stack.pop()
        elif operator == b"cm":
            self.force = replace(self.force, moves=(*moves, line))
        elif operator in _PAINT:
            self.force = replace(self.force, paint={**paint, operator: line})
        elif operator == b"W" and len(self._path) == 1 and self._path[0].endswith(b" re"):
            self.force = replace(self.force, moves=(*moves, self._path[0], b"W n"))
        elif operator in _BINDING:
            self.force = replace(self.force, bound=True)
        elif operator == b"Q" or (operator == b"TJ" and not inside):
            raise _otherwise()
        self._path = [*self._path, line] if operator in _PATH else []


def rewritten(line: bytes, font: bytes, by: Callable[[Glyph], bytes | None]) -> bytes:
    """A `TJ` line with some of its glyphs written otherwise."""

    def again(found: re.Match[bytes]) -> bytes:
        return b"<" + b"".join(by((font, one)) or one for one in _glyph_ids(found[1])) + b">"

    return _HEX.sub(again, line)


def fonts_of(lines: tuple[bytes, ...]) -> Iterator[tuple[bytes, bytes]]:
    """Each line of a piece of text with the name of the font in force."""
    font = b""
    for line in lines:
        if line.endswith(b" Tf"):
            font = line.split()[0]
        yield line, font


def glyphs_of(lines: tuple[bytes, ...]) -> list[Glyph]:
    """What lines of text show."""
    shown = []
    for line, font in fonts_of(lines):
        if line.endswith(b" TJ"):
            if not font or not _SHOWN.fullmatch(line):
                raise _otherwise()
            shown += [(font, glyph) for string in _HEX.findall(line) for glyph in _glyph_ids(string)]
    return shown


def _text(lines: list[bytes], force: Force) -> Piece:
    return Piece(tuple(lines), force, tuple(glyphs_of(tuple(lines))))


def _glyph_ids(string: bytes) -> list[bytes]:
    return [string[at : at + 4] for at in range(0, len(string), 4)]


def _otherwise() -> NotStampable:
    return NotStampable("排版引擎的输出与约定不符")


def _number(reference: bytes | str) -> int:
    return int(reference.split()[0])


def _content(stream: Any) -> bytes:
    head, _, rest = stream.data.partition(b"\nstream\n")
    if b"/Filter" in head:
        raise _otherwise()
    return bytes(rest.removesuffix(b"\nendstream"))


def _reachable(objects: list[Any], root: int) -> dict[int, bytes]:
    """The serialised objects that one needs, itself included; streams compressed."""
    found: dict[int, bytes] = {}
    waiting = [root]
    while waiting:
        number = waiting.pop()
        if number in found:
            continue
        head, stream, data = objects[number].data.partition(b"\nstream\n")
        waiting += [int(other) for other in _REFERENCE.findall(head)]
        if stream and b"/Filter" not in head:
            head, data = _compressed(head, data.removesuffix(b"\nendstream"))
        found[number] = head + stream + data
    return found


def _compressed(head: bytes, data: bytes) -> tuple[bytes, bytes]:
    """The head and the data of a stream, compressed: by the engine it would be done three times over, and harder."""
    packed = zlib.compress(data, LEVEL)
    head, count = _LENGTH.subn(b"/Filter /FlateDecode /Length %d" % len(packed), head)
    if count != 1:
        raise _otherwise()
    return head, packed + b"\nendstream"


def _images(objects: list[Any], named: Mapping[str, Any]) -> Iterator[tuple[bytes, tuple[int, int]]]:
    for name, reference in named.items():
        extra = getattr(objects[_number(reference)], "extra", {})
        if extra.get("Subtype") == "/Image":
            yield b"/" + name.encode(), (int(extra["Width"]), int(extra["Height"]))
