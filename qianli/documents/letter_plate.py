"""Plates: the pages of one shape, ready to be printed as often as it has members."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from qianli.documents import qr
from qianli.documents.forms import Letter
from qianli.documents.layout_output import Force
from qianli.documents.letter_frame import Code, Fixed, FramePage, Own, Place, Slot, coded
from qianli.documents.letter_shape import fixed, running
from qianli.documents.letter_strip import LaidText
from qianli.documents.pdf_file import PdfFile
from qianli.documents.stamping import CODE, STATIC

IMAGE = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1/Interpolate false"
IMAGE_LEVEL = 2  # of compression: a code becomes hardly smaller by a higher one
OWN_LEVEL = 0  # a few lines would become little smaller, and take as long as all the rest
DRAWN = (CODE + b" Do",)
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
    """A page: what members share, drawn first, and a template with a hole for each glyph of a member's own."""

    box: bytes
    resources: bytes
    static: int
    shared: int
    template: bytes
    holes: tuple[tuple[GlyphIds, int, int], ...]  # glyph ids, text, and place in it
    has_code: bool

    def own(self, texts: Sequence[str]) -> bytes:
        """What is drawn for a member after what all share."""
        return self.template % self.shown(texts)

    def shown(self, texts: Sequence[str]) -> tuple[bytes, ...]:
        """The glyph of each hole of a member's, in hex."""
        return tuple([ids[texts[text][place]] for ids, text, place in self.holes])


@dataclass(frozen=True)
class Plate:
    """The pages of one shape."""

    pages: tuple[PlatePage, ...]

    def print(self, file: PdfFile, letter: Letter) -> None:
        """Add a member's letter to a file."""
        texts = texts_of(letter)
        for page in self.pages:
            own = page.own(texts)
            code = b"%b %d 0 R" % (CODE, add_code(file, letter)) if page.has_code else b""
            content = file.add_stream(own, level=OWN_LEVEL)
            file.add_page(box=page.box, resources=page.resources % code, content=content, before=page.shared)


def plate(
    file: PdfFile,
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
        shared, own = _drawn(page, texts, holes)
        resource = b"<<%b/XObject<<%b %d 0 R%%b>>>>" % (resources, STATIC, static)
        members = tuple((glyph_ids(place), *place) for place in holes)
        has_code = any(isinstance(one, Code) for _, one in page.own)
        made.append(PlatePage(page.box, resource, static, file.add_stream(shared), own, members, has_code))
    return Plate(tuple(made))


def _drawn(page: FramePage, texts: Mapping[int, LaidText], holes: list[Place]) -> tuple[bytes, bytes]:
    """What all members' pages draw, and what each draws after it, with what is in force for that left in force."""
    shared, groups = [STATIC + b" Do"], list[tuple[Force, list[Sequence[bytes]]]]()
    for force, group in groupby(page.own, key=lambda one: one[0]):
        some = [run for _, one in group for run in _runs(one, texts, holes)]
        shared += _grouped(force, [one for one in some if not _is_own(one)])
        if own := [one for one in some if _is_own(one)]:
            groups.append((force, own))
    if groups and all(_differ_in_colour(groups[0][0], force) for force, _ in groups):
        shared += [b"q", *groups[0][0].lines()]
        runs = [one for force, own in groups for one in ((force.paint[b"rg"],), *own)]
        return b"\n".join(shared), b"\n".join([b"BT", *_without_repeats(runs), b"ET", b"Q"])
    return b"\n".join(shared), b"\n".join(line for force, own in groups for line in _grouped(force, own))


def _differ_in_colour(one: Force, other: Force) -> bool:
    """Whether two differ in the colour of text only, if at all."""
    paints = [{**force.paint, b"rg": b""} for force in (one, other)]
    return one.moves == other.moves and paints[0] == paints[1] and b"rg" in one.paint and b"rg" in other.paint


def _is_own(run: Sequence[bytes]) -> bool:
    return any(b"%b" in line for line in run)


def _grouped(force: Force, runs: Sequence[Sequence[bytes]]) -> Iterator[bytes]:
    """Runs of text, and codes, under what is in force for them."""
    if not runs:
        return
    yield b"q"
    yield from force.lines()
    for is_code, some in groupby(runs, key=lambda one: one == DRAWN):
        if is_code:
            yield from (line for run in some for line in run)
        else:
            yield b"BT"
            yield from _without_repeats(some)
            yield b"ET"
    yield b"Q"


def _runs(own: Own, texts: Mapping[int, LaidText], holes: list[Place]) -> Iterator[Sequence[bytes]]:
    if isinstance(own, Fixed):
        holes += own.places
        yield own.lines
    elif isinstance(own, Slot):
        laid = texts[own.text]
        holes += [(own.text, place) for place in laid.places[own.line]]
        for run in laid.lines[own.line]:
            yield [b"1 0 0 -1 %b %b Tm" % (run.x, own.y), *run.lines]
    else:
        yield DRAWN


def _without_repeats(runs: Iterable[Sequence[bytes]]) -> Iterator[bytes]:
    """The lines of runs without fonts and colours that are in force already, or that nothing is shown in."""
    force, wanted = dict[bytes, bytes](), dict[bytes, bytes]()
    for line in (line for run in runs for line in run):
        operator = line.rpartition(b" ")[2]
        if operator in (b"Tf", b"rg"):
            wanted[operator] = line
            continue
        if operator == b"TJ":
            yield from (one for what, one in wanted.items() if force.get(what) != one)
            force |= wanted
        yield line


def texts_of(letter: Letter) -> list[str]:
    """The texts of a letter by their numbers: running ones, then fixed ones."""
    return [text for _, text in (*running(letter), *fixed(letter))]


def add_code(file: PdfFile, letter: Letter) -> int:
    """Add the image of a letter's code to a file."""
    family = qr.family(*coded(letter))
    return file.add_stream(family.rows(letter.code or ""), IMAGE % (family.dots, family.dots), IMAGE_LEVEL)
