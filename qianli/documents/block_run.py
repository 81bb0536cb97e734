"""A run of pages made of blocks, in one file: each shape of block is laid out once and stamped wherever it stands."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from qianli.documents import code128, culprits, fonts, gates, half_em
from qianli.documents.blocks import Block, Page, Placed, Shown
from qianli.documents.layout_output import Glyph, Laid, pieces
from qianli.documents.layout_output import Page as LaidPage
from qianli.documents.pdf import Pdf
from qianli.documents.pdf_file import PdfFile, renumbered
from qianli.documents.stencils import BLACK, Cut, Stencil, cut, inks, number
from qianli.errors import DocumentError, NotStampable

AT_ONCE = 40  # pages in one document: the engine's memory grows with them
MOST_SHAPES = 400  # that are stamped; of more than that each has too few blocks to be worth it
LANGUAGE = "zh-CN"
BLANK_SHOWN = "0 0"
FORM = b"/Type/XObject/Subtype/Form/BBox %b/Resources %d 0 R"
FACES = {False: "", True: "font-weight:bold"}
POOL_STYLE = f"""
@page pool {{ size: A4; margin: 10mm }}
.pool {{ page: pool; break-before: page; font: 4pt/1.5 "{fonts.MONO}"; font-variant-ligatures: none }}
"""

Sheets = Sequence[Sequence[Shown]]
#: Lays out pages of blocks, each as `form-0`, `form-1` …, with more HTML after them.
LayOut = Callable[[Sheets, str], Laid]
Shapes = Sequence[Sequence[Hashable]]  # of the blocks of each page
GlyphIds = Mapping[bool, Mapping[str, bytes]]


def shown(page: Page) -> list[Shown]:
    """A page as its template sees it."""
    return [Shown(placed) for placed in page]


def press_whole(pages: Sequence[Page], lay_out: LayOut, title: str, sound: Callable[[], object]) -> Pdf:
    """Every page laid out as it is, some at once; `sound` draws one that is known to be good."""
    file = PdfFile()
    for start in range(0, len(pages), AT_ONCE):
        some = [shown(page) for page in pages[start : start + AT_ONCE]]
        try:
            laid = culprits.named(len(some), _laying_out(some, lay_out), sound)
        except DocumentError as error:
            raise gates.among(error, range(start, start + AT_ONCE)) from error
        resources = b"%d 0 R" % file.add_objects(laid)[laid.resources]
        for page in laid.pages:
            file.add_page(box=page.box, resources=resources, content=file.add_stream(page.content))
    return _finished(file, title)


def _laying_out(pages: Sheets, lay_out: LayOut) -> Callable[[Sequence[int]], Laid]:
    """Lays out some of these pages."""
    return lambda some: lay_out([pages[number] for number in some], "")


def shapes_of(pages: Sequence[Page]) -> Shapes:
    """The shape of every block."""
    return [[placed.block.shape for placed in page] for page in pages]


def press_stamped(pages: Sequence[Page], shapes: Shapes, lay_out: LayOut, title: str) -> Pdf:
    """One layout a shape; NotStampable says why it cannot be."""
    run = _Run(lay_out)
    for page, some in zip(pages, run.learn(pages, shapes), strict=True):
        run.print(page, some)
    return _finished(run.file, title, stamped=run.finish())


def _finished(file: PdfFile, title: str, stamped: int = 0) -> Pdf:
    return Pdf(file.finish(title, LANGUAGE), file.pages, tuple(range(1, file.pages + 1)), stamped)


@dataclass
class _Plate:
    """What is known of a shape: its sample, cut, and a stencil for each place where one of its blocks stood so far."""

    cut: Cut | None = None
    box: bytes = b""
    resources: int = 0
    made: dict[tuple[int, int], tuple[bytes, Stencil]] = field(default_factory=dict)


class _Run:
    """A file in the making."""

    def __init__(self, lay_out: LayOut) -> None:
        self.file = PdfFile()
        self._lay_out = lay_out
        self._plates: dict[Hashable, _Plate] = {}
        self._forms: list[int] = []
        self._glyph_ids: GlyphIds = {}
        self._shared = self.file.reserve()
        self._resources, self._entries = b"%d 0 R" % self._shared, b""
        self._stamped = 0

    def learn(self, pages: Sequence[Page], shapes: Shapes) -> Shapes:
        """Lay out a sample of each shape; the answer is the shape of each block, made alone what is too rare."""
        learnt = [list(some) for some in shapes]
        common = {one for one, _ in Counter(one for some in shapes for one in some).most_common(MOST_SHAPES)}
        samples: dict[Hashable, Block] = {}
        alone: dict[Hashable, Block] = {}
        pool: dict[bool, set[str]] = {False: set(), True: set()}
        for page, some in zip(pages, learnt, strict=True):
            for place, (placed, shape) in enumerate(zip(page, some, strict=True)):
                block = placed.block
                if shape in common and block.plain:
                    samples.setdefault(shape, block)
                    _gather(pool, block)
                else:
                    some[place] = block.alone
                    alone.setdefault(block.alone, block)
        self._learn_plain(samples, pool)
        self._learn_alone(alone)
        return learnt

    def _learn_plain(self, samples: Mapping[Hashable, Block], pool: Mapping[bool, set[str]]) -> None:
        if not samples:
            return
        blocks = list(samples.values())
        laying = [[Shown(Placed(block), inks(block))] for block in blocks]
        laid, last = self._laid(laying, _pool_html(pool, len(laying)))
        self._glyph_ids, faces = _glyph_ids(laid.pages[last:], pool)
        numbers = self.file.add_objects(laid)
        self._entries = renumbered(b"/Font %b/ExtGState %b" % (laid.fonts, laid.states), numbers)
        for shape, block, page in zip(samples, blocks, laid.pages[:last], strict=True):
            made = cut(page, block)
            _refuse_other_faces(made, block, faces)
            self._plates[shape] = _Plate(made, page.box, numbers[laid.resources])

    def _learn_alone(self, alone: Mapping[Hashable, Block]) -> None:
        shapes = list(alone)
        for start in range(0, len(shapes), AT_ONCE):
            some = shapes[start : start + AT_ONCE]
            laid, last = self._laid([[Shown(Placed(alone[shape]))] for shape in some], "")
            numbers = self.file.add_objects(laid)
            for shape, page in zip(some, laid.pages[:last], strict=True):
                self._plates[shape] = _Plate(cut(page, Block("", 0)), page.box, numbers[laid.resources])

    def _laid(self, laying: Sheets, more: str) -> tuple[Laid, int]:
        """The pages of samples, and how many there are."""
        laid = self._lay_out(laying, more)
        expected = tuple(range(1, len(laying) + (2 if more else 1)))
        if laid.first_pages != expected:
            raise NotStampable("一块内容没有正好排成一页")
        return laid, len(laying)

    def print(self, page: Page, shapes: Sequence[Hashable]) -> None:
        """Add a page."""
        statics, own = list[bytes](), list[bytes]()
        base: tuple[bytes, ...] = ()
        box = b""
        for placed, shape in zip(page, shapes, strict=True):
            plate = self._plates[shape]
            static, stencil = plate.made.get((placed.left, placed.top)) or self._made(plate, placed)
            statics.append(static)
            if stencil.holes:
                own.append(stencil.own % tuple(self._holes(stencil, placed.block)))
                self._stamped += 1
            if plate.cut is not None:
                base, box = plate.cut.base, plate.box
        drawn = [*statics, b"q", *base, BLACK, *own, b"Q"] if own else statics
        content = self.file.add_stream(b"\n".join(drawn))
        self.file.add_page(box=box, resources=self._resources, content=content)

    def _holes(self, stencil: Stencil, block: Block) -> list[bytes]:
        found, ids = [], self._glyph_ids
        for name, line in stencil.holes:
            if line < 0:
                found.append(code128.drawn(block.codes[name]))
                continue
            one = block.fields[name]
            lines = one.lines or ()
            if one.right:
                begins, half = stencil.ends[name]
                found.append(number(begins + half * (one.measure - half_em.halves(one.text))))
            found.append(b"".join(map(ids[one.bold].__getitem__, lines[line])) if line < len(lines) else b"")
        return found

    def _made(self, plate: _Plate, placed: Placed) -> tuple[bytes, Stencil]:
        if plate.cut is None:
            raise NotStampable("有的内容没有排过版")
        stencil = plate.cut.at(placed.left, placed.top)
        form = self.file.add_stream(stencil.static, FORM % (plate.box, plate.resources))
        self._forms.append(form)
        made = b"/B%d Do" % form, stencil
        plate.made[placed.left, placed.top] = made
        return made

    def finish(self) -> int:
        """Write what all pages share; the answer is how many blocks were stamped."""
        named = b"".join(b"/B%d %d 0 R" % (form, form) for form in self._forms)
        self.file.add(b"<<%b/XObject<<%b>>>>" % (self._entries, named), self._shared)
        return self._stamped


def _gather(pool: Mapping[bool, set[str]], block: Block) -> None:
    for one in block.fields.values():
        for line in one.lines or ():
            pool[one.bold].update(line)
        pool[one.bold].update(one.filled[:1])


def _pool_html(pool: Mapping[bool, set[str]], index: int) -> str:
    """A last form that shows every character printed, so that the fonts hold them; the blank stands between others."""
    paragraphs = "".join(
        f'<p style="{FACES[bold]}">{escape("".join(_ordered(some)))}</p>' for bold, some in pool.items() if some
    )
    return f'<section class="pool" id="form-{index}">{paragraphs}</section>'


def _ordered(some: set[str]) -> list[str]:
    return [*BLANK_SHOWN, *sorted(some - {*BLANK_SHOWN})]


def _glyph_ids(pages: Sequence[LaidPage], pool: Mapping[bool, set[str]]) -> tuple[GlyphIds, dict[bool, bytes]]:
    """The glyph id of each character, and the name of each face."""
    glyphs: list[Glyph] = [glyph for page in pages for piece in pieces(page.content) for glyph in piece.shown]
    found, faces = dict[bool, Mapping[str, bytes]](), dict[bool, bytes]()
    for bold, some in pool.items():
        characters = _ordered(some) if some else []
        mine, glyphs = glyphs[: len(characters)], glyphs[len(characters) :]
        if len(mine) != len(characters) or len({face for face, _ in mine}) > 1:
            raise NotStampable("字和字形的数目对不上")
        if mine:
            faces[bold] = mine[0][0]
        found[bold] = {one: glyph for one, (_, glyph) in zip(characters, mine, strict=True)}
    if glyphs:
        raise NotStampable("字和字形的数目对不上")
    return found, faces


def _refuse_other_faces(made: Cut, block: Block, faces: Mapping[bool, bytes]) -> None:
    """A design that prints a field in another face than the field says would print other glyphs."""
    named = [line.split()[0] for line in made.own if line.endswith(b" Tf")]
    fields = [block.fields[name] for name, line in made.holes if line >= 0]
    if any(face != faces.get(one.bold) for face, one in zip(named, fields, strict=True)):
        raise NotStampable("会变的字用了没有说明的字体")
