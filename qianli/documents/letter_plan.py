"""The plan of a stamped run: which texts go on the strip, which frames are needed, and what comes of both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from qianli.documents import emphasis, inert
from qianli.documents.layout_output import Boxes, Glyph, Laid, Page, glyphs_of
from qianli.documents.letter_design import LetterDesign
from qianli.documents.letter_frame import Frame, FramePage, Place, Slot, cut_frames, filled
from qianli.documents.letter_layout import LetterLayout
from qianli.documents.letter_plate import GlyphIds
from qianli.documents.letter_shape import INKS, PARAGRAPH, SALUTATION, STRONG, WIDE, same
from qianli.documents.letter_strip import (
    Drawn,
    Entry,
    LaidText,
    Line,
    Strip,
    line_counts,
    read_lines,
    stands_like,
    with_holes,
)
from qianli.documents.shapes import Sentinels, Shape, standing_in
from qianli.documents.stamping import pool_glyphs, pool_html
from qianli.documents.text_shapes import TextShape
from qianli.errors import NotStampable

KINDS = (SALUTATION, PARAGRAPH)
Glyphs = dict[str, dict[str, Glyph]]


@dataclass(frozen=True)
class FrameOf:
    """A frame and the shapes of letters it is for, by their numbers."""

    frame: Frame
    shapes: list[int]


@dataclass(frozen=True)
class Stencils:
    """What came of a plan: the pages of its frames, the lines of its texts, the glyphs of all characters."""

    frames: list[tuple[FramePage, ...]]
    lines: dict[tuple[LetterLayout, TextShape], LaidText]
    glyph_ids: dict[str, GlyphIds]


@dataclass
class Plan:
    """What of a run is laid out in one document: a strip, then frames that its boxes decide."""

    shapes: dict[int, Shape]
    layouts: Sequence[LetterLayout]
    common: set[TextShape]  # texts that every frame holds as they are
    sentinels: Sentinels
    design: LetterDesign
    most_frames: int
    strip: Strip = field(default_factory=Strip)
    entries: dict[tuple[LetterLayout, TextShape], Entry] = field(default_factory=dict)
    plain: dict[tuple[LetterLayout, str], Entry] = field(default_factory=dict)  # texts of one sentinel, for comparison
    pools: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put all texts on the strip, those of one layout together, one of two plain lines first."""
        needed: dict[LetterLayout, dict[TextShape, None]] = {}
        for number, shape in self.shapes.items():
            mine = needed.setdefault(self.layouts[number], {})
            mine.update((text, None) for text in shape.running if text not in self.common)
        pools = {kind: self._pool(kind, [text for some in needed.values() for text in some]) for kind in KINDS}
        strong = any(text.strong() for some in needed.values() for text in some)
        for layout, texts in needed.items():
            for kind in KINDS:
                self.plain[layout, kind] = self.strip.add(
                    layout, kind, filled(self.sentinels.filling[0], 2, self.design.measure_em)
                )
            if not self.pools:
                self.pools = {kind: self.strip.add(layout, kind, pools[kind]) for kind in KINDS}
                if strong:
                    self.pools[STRONG] = self.strip.add(layout, PARAGRAPH, emphasis.emphasised(pools[PARAGRAPH]))
            for text in texts:
                standing = standing_in(text.first, self.sentinels.of(text))
                self.entries[layout, text] = self.strip.add(layout, text.kind, standing)

    def strip_html(self) -> str:
        """The strip as a document."""
        return self.design.strip_html(self.strip.sections())

    def frames_html(self, boxes: Boxes) -> str:
        """The frames, and a pool of all characters in fixed texts, as a document."""
        frames = [one.frame for one in self.frames(boxes)]
        letters = [frame.letter(self.sentinels, self.design.measure_em) for frame in frames]
        html = self.design.html(letters, [frame.layout for frame in frames])
        return html + pool_html(self._fixed_pool(), len(frames))

    def frames(self, boxes: Boxes) -> list[FrameOf]:
        """The frames of shapes whose texts can be moved into place; the rarest are left out if they are too many."""
        counts = dict(zip(self.entries, line_counts(list(self.entries.values()), boxes), strict=True))
        found: dict[object, FrameOf] = {}
        for number, shape in self.shapes.items():
            layout = self.layouts[number]
            running = tuple([one if one in self.common else counts[layout, one] or one for one in shape.running])
            key = same(shape.first), layout, running, shape.fixed
            frame = Frame(shape.first, layout, running, shape.fixed)
            found.setdefault(key, FrameOf(frame, [])).shapes.append(number)
        return sorted(found.values(), key=lambda one: -len(one.shapes))[: self.most_frames]

    def read(
        self, boxes: Boxes, laid: Laid, pages: Sequence[Sequence[Page]], pool: Sequence[Page], html: str
    ) -> Stencils:
        """What came of it; `pages` are those of the frames. NotStampable if it is not as it should be."""
        entries = self.strip.entries
        strip = laid.pages[: laid.first_pages[0] - 1]
        drawn = read_lines(strip, entries)
        glyphs: Glyphs = {ink: dict(some) for ink, some in pool_glyphs(pool, self._fixed_pool()).items()}
        for kind, entry in self.pools.items():
            glyphs[kind] = _glyphs(emphasis.plain(entry.text), drawn[entry.number - 1].lines)
        known = [one.frame for one in self.frames(boxes)]
        html = html.removesuffix(pool_html(self._fixed_pool(), len(known)))
        frames = cut_frames(known, pages, laid, self.sentinels, glyphs, html)
        self._compare(known, frames, drawn)
        texts = {}
        for (layout, text), entry in self.entries.items():
            its, mine = self.plain[layout, text.kind], drawn[entry.number - 1]
            if stands_like(mine, entry, drawn[its.number - 1], its, boxes):
                places = {glyphs[text.ink(place)][one]: place for one, place in self.sentinels.of(text).items()}
                texts[layout, text] = with_holes(mine.lines, places)
        ids: dict[str, GlyphIds] = {
            kind: {one: glyph for one, (_, glyph) in some.items()} for kind, some in glyphs.items()
        }
        return Stencils(frames, texts, ids)

    def texts(self, number: int, frame: Frame, stencils: Stencils) -> dict[int, LaidText] | None:
        """The lines of a shape's running texts that its frame does not hold; None if one of them cannot be moved."""
        layout, running = self.layouts[number], self.shapes[number].running
        found = {}
        for place, lines in enumerate(frame.running):
            if isinstance(lines, int):
                laid = stencils.lines.get((layout, running[place]))
                if laid is None or len(laid.lines) != lines:
                    return None
                found[place] = laid
        return found

    def glyph_ids(self, number: int, stencils: Stencils) -> Callable[[Place], GlyphIds]:
        """For each place of a shape's texts the glyphs of characters there."""
        texts = (*self.shapes[number].running, *self.shapes[number].fixed)
        return lambda place: stencils.glyph_ids[texts[place[0]].ink(place[1])]

    def _compare(self, frames: Sequence[Frame], cut: Sequence[Sequence[FramePage]], drawn: Sequence[Drawn]) -> None:
        """NotStampable unless lines begin as far from the left on the strip as in the frames."""
        begin = {which: [line[0].x for line in drawn[one.number - 1].lines] for which, one in self.plain.items()}
        for frame, pages in zip(frames, cut, strict=True):
            for slot in (one for page in pages for _, one in page.own if isinstance(one, Slot)):
                kind = SALUTATION if slot.text == 0 else PARAGRAPH
                if begin[frame.layout, kind][min(slot.line, 1)] != slot.x:
                    raise NotStampable("单排的段落与书信里的不一样")

    def _pool(self, kind: str, texts: Sequence[TextShape]) -> str:
        """Every character that may be printed in a place, and all sentinels."""
        running = [shape.running for shape in self.shapes.values()]
        most = max(sum(len(one.places()) for one in some) for some in running)
        found = {*self.sentinels.filling[: max(map(len, running))], *self.sentinels.first(most)}
        for text in texts:
            if text.kind == kind and text.places():
                found |= text.characters & inert.ideographs(self.design.body)
        return "".join(sorted(found))

    def _fixed_pool(self) -> dict[str, str]:
        found: dict[str, set[str]] = {}
        for text in {text: None for shape in self.shapes.values() for text in shape.fixed}:
            if sentinels := self.sentinels.of(text):
                taking = inert.ideographs(self.design.body) if text.kind in WIDE else inert.half_widths()
                found.setdefault(text.kind, set()).update(text.characters & taking, sentinels)
        return {ink: "".join(sorted(found[ink])) for ink in INKS if ink in found}


def _glyphs(characters: str, lines: Sequence[Line]) -> dict[str, Glyph]:
    """The glyph of each character of a text, from its lines."""
    shown = [glyph for line in lines for run in line for glyph in glyphs_of(run.lines)]
    if len(shown) != len(characters):
        raise NotStampable("字和字形的数目对不上")
    if len({font for font, _ in shown}) > 1:
        raise NotStampable("一种字体里的字排成了几种字体")
    return dict(zip(characters, shown, strict=True))
