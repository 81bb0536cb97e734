"""One file a letter, each with what its own pages show and nothing of anybody else's."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from qianli.documents.forms import Letter
from qianli.documents.layout_output import fonts_of, glyphs_of
from qianli.documents.letter_design import LetterDesign
from qianli.documents.letter_plate import Plate, PlatePage, add_code, texts_of
from qianli.documents.letter_run import LANGUAGE, TITLE, Plates, cut_plates
from qianli.documents.member_fonts import sources
from qianli.documents.pdf import Pdf
from qianli.documents.pdf_file import STREAM, PdfFile
from qianli.documents.shapes import Sorted
from qianli.documents.stamping import CODE

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_IMAGES = re.compile(rb"/XObject <<([^>]*)>>")
_DRAWN = re.compile(rb"^(/\w+) Do$", re.MULTILINE)


class Shelf(PdfFile):
    """Objects that wait to be copied into files."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: dict[int, bytes] = {}
        self.first = self.reserve()
        self.add(b"null", self.first)

    def add(self, body: bytes, number: int = 0) -> int:
        """Put an object there; the answer is its number."""
        number = number or self.reserve()
        self.bodies[number] = body
        return number

    def data(self, number: int) -> bytes:
        """The data of a compressed stream."""
        return zlib.decompress(self.bodies[number].partition(STREAM)[2].removesuffix(b"\nendstream"))


class LetterFiles:
    """Makes the file of one letter after another."""

    def __init__(self, found: Sorted, design: LetterDesign) -> None:
        self._found, self._design, self._shelf = found, design, Shelf()
        self.check_cpu_s = 0.0  # what comparing a sample took
        self._makers: dict[int, _Maker] = {}
        for plates in cut_plates(self._shelf, found, design):
            fonts = _Fonts(plates)
            self._makers |= {number: _Maker(self._shelf, one, fonts) for number, one in plates.by_shape.items()}

    def stamped(self) -> list[Sequence[int]]:
        """The indexes of the letters of each shape that is stamped."""
        return [some for number, some in enumerate(self._found.members()) if number in self._makers]

    def file(self, index: int, letter: Letter) -> Pdf:
        """The file of a letter, by its index."""
        maker = self._makers.get(self._found.of[index])
        return maker.file(letter) if maker else self._design.render([letter])

    def together(self, letters: Sequence[Letter], indexes: Sequence[int]) -> Pdf:
        """Some of the letters that are stamped in one file, printed by the same plates."""
        file = PdfFile()
        for number in range(self._shelf.first, self._shelf.reserve()):
            file.add(self._shelf.bodies.get(number, b"null"), file.reserve())
        first_pages = []
        for index in indexes:
            first_pages.append(file.pages + 1)
            self._makers[self._found.of[index]].plate.print(file, letters[index])
        return Pdf(file.finish(TITLE, LANGUAGE), file.pages, tuple(first_pages))


class _Fonts:
    """The fonts of a document, and where it keeps them."""

    def __init__(self, plates: Plates) -> None:
        laid = plates.laid
        self.sources = sources(laid)
        self.number = plates.numbers[int(laid.fonts.split()[0])]
        self.resources = plates.numbers[laid.resources]


@dataclass(frozen=True)
class _FilePage:
    """A page of a plate where a file has what it needs, and the font of each of its holes."""

    page: PlatePage
    resources: bytes
    shared: int
    fonts: tuple[bytes, ...]


class _Maker:
    """Makes the files of one shape of letters, which all begin alike: with what its pages share."""

    def __init__(self, shelf: Shelf, plate: Plate, fonts: _Fonts) -> None:
        self._shelf, self.plate, self._fonts = shelf, plate, fonts
        shared = [shelf.data(number) for page in plate.pages for number in (page.shared, page.static)]
        self._images = frozenset(name for one in shared for name in _DRAWN.findall(one))
        common = _used(b"\n".join([*shared, *(page.template.replace(b"%b", b"") for page in plate.pages)]))
        self._common = {font: tuple(sorted(glyphs)) for font, glyphs in common.items()}
        self._begun = PdfFile()
        self._dictionary = self._begun.reserve()
        copies = {fonts.number: self._dictionary}
        self._pages = [
            _FilePage(page, self._copied(page.resources, copies), self._copy(page.shared, copies), _fonts_of(page))
            for page in plate.pages
        ]

    def file(self, letter: Letter) -> Pdf:
        """The file of a letter."""
        file, texts, used = self._begun.begun(), texts_of(letter), dict[bytes, set[int]]()
        for one in self._pages:
            shown = one.page.shown(texts)
            for font, glyph in zip(one.fonts, shown, strict=True):
                used.setdefault(font, set()).add(int(glyph, 16))
            code = b"%b %d 0 R" % (CODE, add_code(file, letter)) if one.page.has_code else b""
            content = file.add_stream(one.page.template % shown, level=1)
            file.add_page(box=one.page.box, resources=one.resources % code, content=content, before=one.shared)
        fonts = [
            b"%b %d 0 R" % (name, source.add(file, self._common.get(name, ()), used.get(name, ())))
            for name, source in self._fonts.sources.items()
            if name in self._common or name in used
        ]
        file.add(b"<<%b>>" % b"".join(fonts), self._dictionary)
        return Pdf(file.finish(TITLE, LANGUAGE, letter.sender), file.pages, (1,), stamped=1)

    def _copy(self, number: int, copies: dict[int, int]) -> int:
        """The number of an object of the shelf in all files, where it is put with all it needs."""
        if number not in copies:
            copies[number] = self._begun.reserve()
            head, stream, data = self._shelf.bodies[number].partition(STREAM)
            if number == self._fonts.resources:
                head = _IMAGES.sub(self._drawn, head)
            self._begun.add(self._copied(head, copies) + stream + data, copies[number])
        return copies[number]

    def _copied(self, entries: bytes, copies: dict[int, int]) -> bytes:
        return _REFERENCE.sub(lambda found: b"%d 0 R" % self._copy(int(found[1]), copies), entries)

    def _drawn(self, found: re.Match[bytes]) -> bytes:
        """Of a document's images those that are drawn here: others may be other members' codes."""
        named = re.findall(rb"(/\w+) (\d+ 0 R)", found[1])
        return b"/XObject <<%b>>" % b"".join(b"%b %b" % one for one in named if one[0] in self._images)


def _fonts_of(page: PlatePage) -> tuple[bytes, ...]:
    """The font of each hole of a page."""
    lines = fonts_of(tuple(page.template.split(b"\n")))
    return tuple([font for line, font in lines for _ in range(line.count(b"%b"))])


def _used(content: bytes) -> dict[bytes, frozenset[int]]:
    """The glyphs that pages show, by the name of their font."""
    found: dict[bytes, set[int]] = {}
    lines = tuple(line for line in content.split(b"\n") if line.endswith((b" Tf", b" TJ")))
    for font, glyph in glyphs_of(lines):
        found.setdefault(font, set()).add(int(glyph, 16))
    return {font: frozenset(glyphs) for font, glyphs in found.items()}
