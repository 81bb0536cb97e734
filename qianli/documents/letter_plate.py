"""Plates: the pages of one shape, ready to be printed as often as it has members."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from qianli.documents import qr
from qianli.documents.forms import Letter
from qianli.documents.letter_frame import Code, Fixed, FramePage, Own, Place, Slot, coded
from qianli.documents.letter_shape import fixed, running
from qianli.documents.letter_strip import LaidText
from qianli.documents.pdf_file import PdfFile
from qianli.documents.stamping import CODE, STATIC

IMAGE = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1/Interpolate false"
GlyphIds = Mapping[str, bytes]  # in hex, by character


@dataclass(frozen=True)
class Whole:
    """A letter that was laid out as it is."""

    boxes: tuple[bytes, ...]
    contents: tuple[int, ...]
    resources: bytes

    def print(self, file: PdfFile, _letter: Letter) -> None:
        """Add the letter to a file."""
        for box, content in zip(self.boxes, self.contents, strict=True):
            file.add_page(box=box, resources=self.resources, content=content)


@dataclass(frozen=True)
class PlatePage:
    """A page: the shared part, and a template with a hole for each glyph of a member's own."""

    box: bytes
    resources: bytes
    template: bytes
    holes: tuple[tuple[GlyphIds, int, int], ...]  # glyph ids, text, and place in it
    has_code: bool


@dataclass(frozen=True)
class Plate:
    """The pages of one shape."""

    pages: tuple[PlatePage, ...]

    def print(self, file: PdfFile, letter: Letter) -> None:
        """Add a member's letter to a file."""
        texts = [text for _, text in (*running(letter), *fixed(letter))]
        for page in self.pages:
            own = page.template % tuple([ids[texts[text][place]] for ids, text, place in page.holes])
            code = b"%b %d 0 R" % (CODE, _code(file, letter)) if page.has_code else b""
            file.add_page(box=page.box, resources=page.resources % code, content=file.add_stream(own))


def plate(
    pages: Sequence[FramePage],
    statics: Sequence[int],
    resources: bytes,
    texts: Mapping[int, LaidText],
    glyph_ids: Callable[[Place], GlyphIds],
) -> Plate:
    """A plate from the pages of its frame, whose shared parts are objects already, and its running texts' lines."""
    made = []
    for page, static in zip(pages, statics, strict=True):
        holes: list[Place] = []
        template = b"\n".join(_drawn(page, texts, holes))
        shared = b"<<%b/XObject<<%b %d 0 R%%b>>>>" % (resources, STATIC, static)
        members = tuple((glyph_ids(place), *place) for place in holes)
        has_code = any(isinstance(one, Code) for _, one in page.own)
        made.append(PlatePage(page.box, shared, template, members, has_code))
    return Plate(tuple(made))


def _drawn(page: FramePage, texts: Mapping[int, LaidText], holes: list[Place]) -> Iterator[bytes]:
    yield STATIC + b" Do"
    for force, group in groupby(page.own, key=lambda one: one[0]):
        yield b"q"
        yield from force.lines()
        for is_code, some in groupby((one for _, one in group), key=lambda one: isinstance(one, Code)):
            if is_code:
                yield from (CODE + b" Do" for _ in some)
            else:
                yield b"BT"
                yield from _without_repeats(line for one in some for line in _lines(one, texts, holes))
                yield b"ET"
        yield b"Q"


def _lines(own: Own, texts: Mapping[int, LaidText], holes: list[Place]) -> Iterator[bytes]:
    if isinstance(own, Fixed):
        holes += own.places
        yield from own.lines
    elif isinstance(own, Slot):
        laid = texts[own.text]
        holes += [(own.text, place) for place in laid.places[own.line]]
        for run in laid.lines[own.line]:
            yield b"1 0 0 -1 %b %b Tm" % (run.x, own.y)
            yield from run.lines


def _without_repeats(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Lines of text without fonts that are in force already."""
    font = b""
    for line in lines:
        if line.endswith(b" Tf"):
            if line == font:
                continue
            font = line
        yield line


def _code(file: PdfFile, letter: Letter) -> int:
    family = qr.family(*coded(letter))
    return file.add_stream(family.rows(letter.code or ""), IMAGE % (family.dots, family.dots))
