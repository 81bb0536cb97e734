"""A run of letters in one file: each shape is laid out once and stamped for its members, the rest is laid out whole."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qianli.documents import fonts, gates, qr
from qianli.documents.forms import Letter
from qianli.documents.layout_output import Laid, Page
from qianli.documents.letter_shape import INKS, WIDE, Texts, texts
from qianli.documents.pdf import Pdf
from qianli.documents.pdf_file import PdfFile, renumbered
from qianli.documents.shapes import Place, Sentinels, Shape, standing_in
from qianli.documents.stamping import CODE, STATIC, Glyphs, Stamp, cut, pool_glyphs, pool_html
from qianli.errors import DocumentError, NotStampable

AT_ONCE = 200  # letters in one document: the engine's memory grows with its pages
TITLE, LANGUAGE = "书信", "zh-CN"
FORM = b"/Type/XObject/Subtype/Form/BBox %b/Resources %d 0 R"
IMAGE = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1/Interpolate false"


#: Lays out letters of one design, each as `form-0`, `form-1` …, with more HTML after them; gives the HTML as well.
LayOut = Callable[[Sequence[Letter], str], tuple[str, Laid]]


@dataclass(frozen=True)
class Whole:
    """A letter that was laid out as it is."""

    boxes: tuple[bytes, ...]
    contents: tuple[int, ...]
    resources: bytes

    def print(self, file: PdfFile, _letter: Letter, _texts: Texts) -> None:
        """Add the letter to a file."""
        for box, content in zip(self.boxes, self.contents, strict=True):
            file.add_page(box=box, resources=self.resources, content=content)


@dataclass(frozen=True)
class Plate:
    """The pages of one shape, to be printed as often as it has members."""

    stamps: tuple[Stamp, ...]
    statics: tuple[int, ...]
    resources: bytes
    glyph_ids: Mapping[str, Mapping[str, bytes]]

    def print(self, file: PdfFile, letter: Letter, inks: Texts) -> None:
        """Add a member's letter to a file."""
        for stamp, static in zip(self.stamps, self.statics, strict=True):
            objects = b"%b %d 0 R" % (STATIC, static)
            if stamp.has_code:
                objects += b"%b %d 0 R" % (CODE, _code(file, letter))
            resources = b"<<%b/XObject<<%b>>>>" % (self.resources, objects)
            content = file.add_stream(stamp.own(inks, self.glyph_ids))
            file.add_page(box=stamp.box, resources=resources, content=content)


def press_whole(letters: Sequence[Letter], lay_out: LayOut) -> Pdf:
    """Every letter laid out by itself, some at once."""
    file, plates = PdfFile(), dict[int, Whole | Plate]()
    for start in range(0, len(letters), AT_ONCE):
        indexes = range(start, min(start + AT_ONCE, len(letters)))
        try:
            _, laid = lay_out([letters[index] for index in indexes], "")
        except DocumentError as error:
            raise gates.among(error, start) from error
        plates |= zip(indexes, _whole(file, laid, file.add_objects(laid), _pages(laid, len(indexes))), strict=True)
    return _printed(file, letters, [{}] * len(letters), plates)


def press_stamped(letters: Sequence[Letter], shapes: Sequence[Shape], lay_out: LayOut, body: str = fonts.SERIF) -> Pdf:
    """One layout a shape; NotStampable says why it cannot be."""
    inks = [texts(letter) for letter in letters]
    sentinels, file, plates = Sentinels(inks, body), PdfFile(), dict[int, Whole | Plate]()
    for start in range(0, len(shapes), AT_ONCE):
        some = shapes[start : start + AT_ONCE]
        made = _plates(file, letters, inks, some, sentinels, lay_out)
        plates |= {index: plate for one, plate in zip(some, made, strict=True) for index in one.members}
    stamped = sum(len(one.members) for one in shapes if one.places)
    return _printed(file, letters, inks, plates, stamped)


def _plates(
    file: PdfFile,
    letters: Sequence[Letter],
    inks: Sequence[Texts],
    shapes: Sequence[Shape],
    sentinels: Sentinels,
    lay_out: LayOut,
) -> list[Whole | Plate]:
    """Lay out one letter of each shape, and a pool of all characters they need."""
    chosen = [sentinels.of(one.places) for one in shapes]
    laying = [standing_in(letters[one.members[0]], some) for one, some in zip(shapes, chosen, strict=True)]
    pool = _pool(inks, shapes, chosen)
    more = pool_html(pool, len(laying))
    html, laid = lay_out(laying, more)
    *pages, shown = _pages(laid, len(laying) + 1)
    glyphs, numbers = pool_glyphs(shown, pool), file.add_objects(laid)
    made = [
        _plate(file, laid, numbers, some, glyphs, letter, places) if places else _whole(file, laid, numbers, [some])[0]
        for some, letter, places in zip(pages, laying, chosen, strict=True)
    ]
    _refuse_strays(html.removesuffix(more), made, chosen)
    return made


def _refuse_strays(html: str, made: Sequence[Whole | Plate], chosen: Sequence[Mapping[Place, str]]) -> None:
    """Refuse a design that prints an ideograph of a member's in an ink we do not know of."""
    holes = Counter(
        sentinels[place]
        for plate, sentinels in zip(made, chosen, strict=True)
        if isinstance(plate, Plate)
        for stamp in plate.stamps
        for place in stamp.holes
        if place[0] in WIDE
    )
    if any(html.count(one) != count for one, count in holes.items()):
        raise NotStampable("同一内容用了没有说明的字体")


def _pool(inks: Sequence[Texts], shapes: Sequence[Shape], chosen: Sequence[Mapping[Place, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {ink: set() for ink in INKS}
    for one, sentinels in zip(shapes, chosen, strict=True):
        for ink, place in one.places:
            found[ink] |= {inks[member][ink][place] for member in one.members} | {sentinels[ink, place]}
    return {ink: "".join(sorted(characters)) for ink, characters in found.items() if characters}


def _plate(
    file: PdfFile,
    laid: Laid,
    numbers: Mapping[int, int],
    pages: Sequence[Page],
    glyphs: Glyphs,
    letter: Letter,
    sentinels: Mapping[Place, str],
) -> Plate:
    """The plate of a letter that was laid out with sentinels; NotStampable if one of them is not where it should be."""
    dots = qr.family(*_coded(letter)).dots if letter.link else 0
    by_glyph = {glyphs[place[0]][one]: place for place, one in sentinels.items()}
    stamps = tuple(cut(page, laid, by_glyph, dots) for page in pages)
    holes = [place for stamp in stamps for place in stamp.holes]
    if set(holes) != sentinels.keys() or bool(dots) is not any(stamp.has_code for stamp in stamps):
        raise NotStampable("有会变的内容没有在版面上找到")
    entries = b"/Font %b/ExtGState %b" % (laid.fonts, laid.states)
    return Plate(
        stamps,
        tuple(file.add_stream(stamp.static, FORM % (stamp.box, numbers[laid.resources])) for stamp in stamps),
        renumbered(entries, numbers),
        {ink: {one: glyph for one, (_, glyph) in some.items()} for ink, some in glyphs.items()},
    )


def _whole(
    file: PdfFile, laid: Laid, numbers: Mapping[int, int], letters: Sequence[Sequence[Page]]
) -> list[Whole | Plate]:
    return [
        Whole(
            tuple(page.box for page in pages),
            tuple(file.add_stream(page.content) for page in pages),
            b"%d 0 R" % numbers[laid.resources],
        )
        for pages in letters
    ]


def _pages(laid: Laid, forms: int) -> list[tuple[Page, ...]]:
    """The pages of each form."""
    if len(laid.first_pages) != forms:
        raise NotStampable("有的书信没有单独起页")
    ends = [*(page - 1 for page in laid.first_pages[1:]), len(laid.pages)]
    return [laid.pages[first - 1 : end] for first, end in zip(laid.first_pages, ends, strict=True)]


def _printed(
    file: PdfFile,
    letters: Sequence[Letter],
    inks: Sequence[Texts],
    plates: Mapping[int, Whole | Plate],
    stamped: int = 0,
) -> Pdf:
    first_pages = []
    for index, (letter, one) in enumerate(zip(letters, inks, strict=True)):
        first_pages.append(file.pages + 1)
        plates[index].print(file, letter, one)
    return Pdf(file.finish(TITLE, LANGUAGE), file.pages, tuple(first_pages), stamped)


def _coded(letter: Letter) -> tuple[str, int]:
    """The address of a letter's code, and how long the code is."""
    code = letter.code or ""
    return (letter.link or "").removesuffix(code), len(code)


def _code(file: PdfFile, letter: Letter) -> int:
    family = qr.family(*_coded(letter))
    return file.add_stream(family.rows(letter.code or ""), IMAGE % (family.dots, family.dots))
