"""A run of letters in one file: what they share is laid out once and stamped for each, the rest is laid out whole."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from qianli.documents import culprits, gates
from qianli.documents.forms import Letter
from qianli.documents.layout_output import Laid, Page
from qianli.documents.letter_design import LetterDesign
from qianli.documents.letter_plan import Plan
from qianli.documents.letter_plate import Plate, Whole, plate
from qianli.documents.pdf import Pdf
from qianli.documents.pdf_file import PdfFile, renumbered
from qianli.documents.shapes import Sentinels, Sorted
from qianli.errors import DocumentError, NotStampable

AT_ONCE = 200  # letters in one document: the engine's memory grows with its pages
TEXTS_AT_ONCE = 1000  # running texts in one document
TITLE, LANGUAGE = "书信", "zh-CN"
FORM = b"/Type/XObject/Subtype/Form/BBox %b/Resources %d 0 R"


@dataclass(frozen=True)
class Plates:
    """Plates of shapes by their numbers, the document their parts were cut from, and where its objects are now."""

    by_shape: dict[int, Plate]
    laid: Laid
    numbers: dict[int, int]


@dataclass(frozen=True)
class Made:
    """A stamped run, and the indexes of the letters of each shape that was stamped."""

    pdf: Pdf
    stamped: list["array[int]"]


def press_whole(
    letters: Sequence[Letter], design: LetterDesign, *, duplex: bool = False, out: BinaryIO | None = None
) -> Pdf:
    """Every letter laid out by itself, some at once."""
    file = PdfFile(out)
    made = _wholes(file, letters, range(len(letters)), design)
    return _printed(file, letters, made.values(), duplex=duplex)


def press_stamped(
    letters: Sequence[Letter],
    found: Sorted,
    design: LetterDesign,
    *,
    duplex: bool = False,
    out: BinaryIO | None = None,
) -> Made:
    """What letters share laid out once; NotStampable says why it cannot be."""
    file, plates = PdfFile(out), dict[int, Plate]()
    for some in cut_plates(file, found, design):
        plates |= some.by_shape
    members = found.members()
    left = array("L", sorted(index for number, some in enumerate(members) if number not in plates for index in some))
    made = _wholes(file, letters, left, design)
    each = (made[index] if number not in plates else plates[number] for index, number in enumerate(found.of))
    pdf = _printed(file, letters, each, len(letters) - len(left), duplex=duplex)
    return Made(pdf, [members[number] for number in plates])


def cut_plates(file: PdfFile, found: Sorted, design: LetterDesign) -> Iterator[Plates]:
    """The plates of those shapes that can be stamped, some at once; their parts go into the file."""
    sentinels = Sentinels(found.texts, design.body)
    common = {one for one in found.texts if one.count * 2 >= len(found.of) and not one.places()}
    layouts = [design.layout(shape.first) for shape in found.shapes]
    for some in _batches(found):
        plan = Plan({number: found.shapes[number] for number in some}, layouts, common, sentinels, design, AT_ONCE)
        yield _plates(file, plan)


def _batches(found: Sorted) -> Iterator[list[int]]:
    """Shapes whose running texts together are few enough for one document."""
    some, texts = list[int](), set[object]()
    for number, shape in enumerate(found.shapes):
        if some and len(texts.union(shape.running)) > TEXTS_AT_ONCE:
            yield some
            some, texts = [], set()
        some.append(number)
        texts.update(shape.running)
    yield some


def _plates(file: PdfFile, plan: Plan) -> Plates:
    """The plates of those shapes of a plan that came out as they should."""
    strip = plan.strip_html()
    boxes = plan.design.boxes(strip)
    html = plan.frames_html(boxes)
    laid = plan.design.lay_out_after(strip, html)
    frames = plan.frames(boxes)
    *pages, pool = pages_of(laid, len(frames) + 1)
    stencils = plan.read(boxes, laid, pages, pool, html)
    numbers = file.add_objects(laid)
    form = numbers[laid.resources]
    statics = [[file.add_stream(one.static, FORM % (one.box, form)) for one in some] for some in stencils.frames]
    states = file.add(renumbered(laid.states, numbers))
    resources = renumbered(b"/Font %b" % laid.fonts, numbers) + b"/ExtGState %d 0 R" % states
    made = {}
    for frame, cut, static in zip(frames, stencils.frames, statics, strict=True):
        for number in frame.shapes:
            if (texts := plan.texts(number, frame.frame, stencils)) is not None:
                made[number] = plate(file, cut, static, resources, texts, plan.glyph_ids(number, stencils))
    return Plates(made, laid, numbers)


def _wholes(file: PdfFile, letters: Sequence[Letter], indexes: Sequence[int], design: LetterDesign) -> dict[int, Whole]:
    """Letters laid out as they are, by their indexes."""
    made: dict[int, Whole] = {}
    for start in range(0, len(indexes), AT_ONCE):
        some = indexes[start : start + AT_ONCE]
        try:
            laid = culprits.named(len(some), _laying_out([letters[index] for index in some], design), design.sound)
        except DocumentError as error:
            raise gates.among(error, some) from error
        numbers = file.add_objects(laid)
        resources = b"%d 0 R" % numbers[laid.resources]
        for index, pages in zip(some, pages_of(laid, len(some)), strict=True):
            contents = tuple([file.add_stream(page.content) for page in pages])
            made[index] = Whole(tuple([page.box for page in pages]), contents, resources)
    return made


def _laying_out(letters: Sequence[Letter], design: LetterDesign) -> Callable[[Sequence[int]], Laid]:
    """Lays out some of these letters."""
    return lambda some: design.lay_out([letters[one] for one in some])


def pages_of(laid: Laid, forms: int) -> list[tuple[Page, ...]]:
    """The pages of each form."""
    if len(laid.first_pages) != forms:
        raise NotStampable("有的书信没有单独起页")
    ends = [*(page - 1 for page in laid.first_pages[1:]), len(laid.pages)]
    return [laid.pages[first - 1 : end] for first, end in zip(laid.first_pages, ends, strict=True)]


def _printed(
    file: PdfFile, letters: Iterable[Letter], plates: Iterable[Plate | Whole], stamped: int = 0, *, duplex: bool
) -> Pdf:
    """The letters, and of whom they are; with `duplex` each begins on the front of a sheet."""
    first_pages, sender = [], ""
    for letter, plate_ in zip(letters, plates, strict=True):
        first_pages.append(file.pages + 1)
        plate_.print(file, letter)
        if duplex:
            file.end_on_back()
        sender = letter.sender
    content = file.finish(TITLE, LANGUAGE, sender)
    return Pdf(content, file.pages, tuple(first_pages), stamped, on_fronts=duplex)
