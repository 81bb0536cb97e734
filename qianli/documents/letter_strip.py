"""The strip: running texts laid out by themselves, each once for all letters that hold it, on tall pages.

Line breaks, kerning and faces are the layout engine's own. Each text has a colour that nothing else has, which tells
whose line a line is; where the line stands in a letter is the frame's to say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from qianli.documents.layout_output import Boxes, Glyph, Page, Piece, fonts_of, pieces, rewritten
from qianli.documents.letter_layout import LetterLayout
from qianli.errors import NotStampable

PT = 0.75  # of a CSS pixel
CLOSE = 0.01  # CSS pixels: what counts as the same place
P = TypeVar("P")
_PLACE = re.compile(rb"1 0 0 -1 (-?[\d.]+) (-?[\d.]+) Tm")


@dataclass(frozen=True)
class Entry:
    """A text on the strip; its number, from 1, is in its colour and its id."""

    number: int
    layout: LetterLayout
    kind: str
    text: str

    @property
    def id(self) -> str:
        """By which its box is found."""
        return f"line-{self.number}"

    @property
    def colour(self) -> str:
        """As style sheets write it."""
        return f"#{self.number:06x}"


@dataclass(frozen=True)
class Run:
    """Text drawn in one go: where it begins across, its font lines and what they show."""

    x: bytes
    lines: tuple[bytes, ...]


Line = tuple[Run, ...]


@dataclass
class Strip:
    """Texts that are to be laid out, or were."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, layout: LetterLayout, kind: str, text: str) -> Entry:
        """Have a text laid out in the style of a letter's layout."""
        self.entries.append(Entry(len(self.entries) + 1, layout, kind, text))
        return self.entries[-1]

    def sections(self) -> list[tuple[LetterLayout, list[Entry]]]:
        """What the design draws: texts by layout."""
        return [(layout, list(some)) for layout, some in groupby(self.entries, key=lambda one: one.layout)]


def line_counts(entries: Sequence[Entry], boxes: Boxes) -> list[int | None]:
    """How many lines each text takes; None where one is not as high as its lines, so that it cannot be moved."""
    counts: list[int | None] = []
    for one in entries:
        if (box := boxes.get(one.id)) is None:
            raise NotStampable("这种版式没有单排一段的写法")
        lines = (box[1] - box[0]) * PT / one.layout.pitch_pt
        counts.append(round(lines) if abs(lines - round(lines)) * one.layout.pitch_pt < CLOSE else None)
    return counts


@dataclass(frozen=True)
class Drawn:
    """The lines of a text as drawn, and how far below the top of its page each stands, in CSS pixels."""

    lines: tuple[Line, ...]
    down: tuple[float, ...]


def read_lines(pages: Sequence[Page], entries: Sequence[Entry]) -> list[Drawn]:
    """The lines of each text, from the strip's pages."""
    found: list[list[tuple[float, list[Run]]]] = [[] for _ in entries]
    for page in pages:
        for piece in pieces(page.content):
            if piece.shown:
                y, run = _run(piece)
                lines = found[_number(piece, len(entries)) - 1]
                if not lines or lines[-1][0] != y:
                    lines.append((y, []))
                lines[-1][1].append(run)
    return [Drawn(tuple(tuple(runs) for _, runs in lines), tuple(y for y, _ in lines)) for lines in found]


def stands_like(drawn: Drawn, entry: Entry, plain: Drawn, its: Entry, boxes: Boxes) -> bool:
    """Whether the lines of a text stand in its box as those of a plain text of its layout do in theirs."""
    first, pitch = plain.down[0] - boxes[its.id][0], entry.layout.pitch_pt / PT
    top = boxes[entry.id][0] + first
    return all(abs(y - top - number * pitch) < CLOSE for number, y in enumerate(drawn.down))


def place_of(piece: Piece) -> tuple[bytes, bytes]:
    """Where a line of text begins, across and down."""
    found = next((found for line in piece.lines if (found := _PLACE.fullmatch(line))), None)
    if found is None:
        raise NotStampable("有斜排的字")
    return found[1], found[2]


def _run(piece: Piece) -> tuple[float, Run]:
    x, y = place_of(piece)
    return float(y), Run(x, tuple(line for line in piece.lines if not line.endswith(b" Tm")))


def _number(piece: Piece, entries: int) -> int:
    """The number in the colour of a piece."""
    colour = piece.force.paint.get(b"rg", b"").split()[:3]
    number = sum(round(float(one) * 255) << 8 * place for place, one in zip((2, 1, 0), colour, strict=False))
    if piece.force.bound or not 1 <= number <= entries:
        raise NotStampable("单排的段落里有别的颜色")
    return number


@dataclass(frozen=True)
class LaidText:
    """The lines of a text with `%b` for each sentinel, and their places in the text, line by line."""

    lines: tuple[Line, ...]
    places: tuple[tuple[int, ...], ...]


def with_holes(lines: Sequence[Line], sentinels: Mapping[Glyph, int]) -> LaidText:
    """Lines whose sentinels became holes; NotStampable unless each sentinel stands in one place."""
    places: list[tuple[int, ...]] = []
    made: list[Line] = []
    for line in lines:
        mine: list[int] = []
        made.append(tuple(Run(run.x, holed(run.lines, sentinels, mine)) for run in line))
        places.append(tuple(mine))
    if sorted(place for some in places for place in some) != sorted(sentinels.values()):
        raise NotStampable("有会变的内容没有在版面上找到")
    return LaidText(tuple(made), tuple(places))


def holed(lines: Sequence[bytes], sentinels: Mapping[Glyph, P], places: list[P]) -> tuple[bytes, ...]:
    """The lines of a piece of text with `%b` for each sentinel, whose places are noted in order."""

    def hole(glyph: Glyph) -> bytes | None:
        if glyph not in sentinels:
            return None
        places.append(sentinels[glyph])
        return b"%b"

    if any(b"%" in line for line in lines):
        raise NotStampable("版面里有百分号")
    return tuple(
        rewritten(line, font, hole) if line.endswith(b" TJ") else line for line, font in fonts_of(tuple(lines))
    )
