"""Frames: a letter's page without its running texts, laid out whole for every number of lines these may take.

In a frame each running text is one sentinel over and over, as many lines of it as the letter's own text takes: where
its lines stand is where the letter's own lines belong. Fixed texts have a sentinel for each place.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qianli.documents import qr
from qianli.documents.forms import Letter
from qianli.documents.layout_output import Force, Glyph, Laid, Page, Piece, pieces
from qianli.documents.letter_layout import LetterLayout
from qianli.documents.letter_shape import PARAGRAPH, SALUTATION, WIDE, with_texts
from qianli.documents.letter_strip import holed, place_of
from qianli.documents.shapes import Sentinels, standing_in
from qianli.documents.text_shapes import TextShape
from qianli.errors import NotStampable

Place = tuple[int, int]  # the text, by its number among running ones and then fixed ones, and the place in it


@dataclass(frozen=True)
class Frame:
    """What decides a frame: a letter of its own kind, and for each running text its lines, or the text itself."""

    first: Letter
    layout: LetterLayout
    running: tuple[int | TextShape, ...]
    fixed: tuple[TextShape, ...]

    def letter(self, sentinels: Sentinels, measure_em: int) -> Letter:
        """The letter that is laid out, in lines of so many characters."""
        standing = self.standing(sentinels)
        lines = [
            standing_in(one.first, standing[text])
            if isinstance(one, TextShape)
            else filled(sentinels.filling[text], one, measure_em)
            for text, one in enumerate(self.running)
        ]
        others = [(one.kind, standing_in(one.first, sentinels.of(one))) for one in self.fixed]
        # A design that prints the name where we do not know of it shows this instead, and is found out.
        letter = replace(self.first, name=sentinels.filling[-1])
        return with_texts(letter, lines, others)

    def standing(self, sentinels: Sentinels) -> dict[int, dict[str, int]]:
        """The sentinels of the running texts that are laid out in the frame itself, no two the same."""
        found, used = dict[int, dict[str, int]](), 0
        for text, one in enumerate(self.running):
            if isinstance(one, TextShape):
                found[text] = sentinels.of(one, used)
                used += len(found[text])
        return found

    @property
    def dots(self) -> int:
        """How many a side the image of its code has, 0 if there is none."""
        return qr.family(*coded(self.first)).dots if self.first.link else 0


def filled(sentinel: str, lines: int, measure_em: int) -> str:
    """A text that takes so many lines, with an indent of two characters or none."""
    return sentinel * (measure_em * (lines - 1) + 2) if lines else ""


def coded(letter: Letter) -> tuple[str, int]:
    """The address of a letter's code, and how long the code is."""
    code = letter.code or ""
    return (letter.link or "").removesuffix(code), len(code)


@dataclass(frozen=True)
class Slot:
    """Where a line of a running text belongs."""

    text: int
    line: int
    x: bytes
    y: bytes


@dataclass(frozen=True)
class Fixed:
    """A piece of text with holes."""

    lines: tuple[bytes, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Code:
    """Where the image of the code is drawn."""


Own = Slot | Fixed | Code


@dataclass(frozen=True)
class FramePage:
    """A page of a frame: what all letters share, and what is each member's own, in the order it is drawn."""

    box: bytes
    static: bytes
    own: tuple[tuple[Force, Own], ...]


Glyphs = Mapping[str, Mapping[str, Glyph]]  # by kind or ink, and character


def cut_frames(
    frames: Sequence[Frame],
    pages: Sequence[Sequence[Page]],
    laid: Laid,
    sentinels: Sentinels,
    glyphs: Glyphs,
    html: str,
) -> list[tuple[FramePage, ...]]:
    """The pages of frames in parts; NotStampable if something is not where it should be, or is where it should not."""
    cut, printed = [], Counter({sentinels.filling[-1]: 0})
    for frame, some in zip(frames, pages, strict=True):
        cutter = _Cutter(frame, laid, sentinels, glyphs)
        cut.append(tuple([cutter.page(page) for page in some]))
        cutter.check()
        printed.update(cutter.printed)
    if any(html.count(one) != count for one, count in printed.items()):
        raise NotStampable("同一内容用了没有说明的字体")
    return cut


class _Cutter:
    """Takes the pages of one frame apart."""

    def __init__(self, frame: Frame, laid: Laid, sentinels: Sentinels, glyphs: Glyphs) -> None:
        self.printed = Counter[str]()
        self._laid, self._dots, self._codes = laid, frame.dots, 0
        self._lines = {text: lines for text, lines in enumerate(frame.running) if isinstance(lines, int)}
        self._filling: dict[Glyph, int] = {}
        self._places: dict[Glyph, Place] = {}
        self._characters: dict[Glyph, str] = {}
        self._found: Counter[Place | int] = Counter()
        self._at: dict[int, bytes] = {}  # the line on a page that a running text was last seen in
        for text in self._lines:
            one = sentinels.filling[text]
            self._filling[glyphs[SALUTATION if text == 0 else PARAGRAPH][one]] = text
            self._characters[glyphs[SALUTATION if text == 0 else PARAGRAPH][one]] = one
        for text, standing in frame.standing(sentinels).items():
            if isinstance(shape := frame.running[text], TextShape):
                self._look_for(text, shape, standing, glyphs)
        for text, shape in enumerate(frame.fixed, len(frame.running)):
            self._look_for(text, shape, sentinels.of(shape), glyphs)

    def _look_for(self, text: int, shape: TextShape, standing: Mapping[str, int], glyphs: Glyphs) -> None:
        for one, place in standing.items():
            glyph = glyphs[shape.ink(place)][one]
            self._places[glyph] = (text, place)
            if shape.kind in WIDE:
                self._characters[glyph] = one

    def page(self, page: Page) -> FramePage:
        """One page in parts."""
        self._at.clear()
        static: list[bytes] = []
        own: list[tuple[Force, Own]] = []
        for piece in pieces(page.content):
            if (part := self._own(piece)) is None:
                static += piece.lines
            elif piece.force.bound:
                raise NotStampable("会变的字在裁剪框或特殊颜色里")
            elif not (isinstance(part, Slot) and _goes_on(own, part)):
                own.append((piece.force, part))
        return FramePage(page.box, b"\n".join(static), tuple(own))

    def check(self) -> None:
        """NotStampable unless everything was found."""
        lines = all(self._found[text] == lines for text, lines in self._lines.items())
        if not lines or not all(self._found[place] for place in self._places.values()):
            raise NotStampable("有会变的内容没有在版面上找到")
        if bool(self._dots) is not bool(self._codes):
            raise NotStampable("有会变的内容没有在版面上找到")

    def _own(self, piece: Piece) -> Own | None:
        if piece.image is not None and self._dots and self._laid.images.get(piece.image) == (self._dots, self._dots):
            self._codes += 1
            return Code()
        self.printed.update(self._characters[one] for one in piece.shown if one in self._characters)
        if not self._filling.keys().isdisjoint(piece.shown):
            return self._slot(piece)
        if not self._places.keys().isdisjoint(piece.shown):
            places: list[Place] = []
            lines = holed(piece.lines, self._places, places)
            self._found.update(places)
            return Fixed(lines, tuple(places))
        return None

    def _slot(self, piece: Piece) -> Slot:
        text, *others = {self._filling.get(one, -1) for one in piece.shown}
        if others:
            raise NotStampable("会变的段落里有别的字")
        x, y = place_of(piece)
        if self._at.get(text) != y:
            self._found[text], self._at[text] = self._found[text] + 1, y
        return Slot(text, self._found[text] - 1, x, y)


def _goes_on(own: Sequence[tuple[Force, Own]], slot: Slot) -> bool:
    """Whether a line is drawn in several goes, and this is not the first."""
    last = own[-1][1] if own else None
    return isinstance(last, Slot) and (last.text, last.line) == (slot.text, slot.line)
