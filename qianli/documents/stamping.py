"""Stamps: a laid-out page cut into what all letters of its shape share and what is each member's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from qianli.documents.layout_output import Force, Glyph, Laid, Page, Piece, fonts_of, pieces, rewritten
from qianli.documents.letter_shape import INKS, Texts
from qianli.documents.shapes import Place
from qianli.errors import NotStampable

STATIC, CODE = b"/S", b"/Q"  # names of the shared form and the member's code among a page's resources
POOL_STYLE = """
@page pool { size: A4; margin: 10mm }
.pool { page: pool; break-before: page; font-size: 4pt; line-height: 1.5 }
"""

Pool = Mapping[str, str]  # the characters of each ink that are printed anywhere
Glyphs = Mapping[str, Mapping[str, Glyph]]  # by ink and character


@dataclass(frozen=True)
class Stamp:
    """One page of a shape: the shared part, and a template with a hole for each glyph of a member's own."""

    box: bytes
    static: bytes
    template: bytes
    holes: tuple[Place, ...]
    has_code: bool

    def own(self, texts: Texts, glyph_ids: Mapping[str, Mapping[str, bytes]]) -> bytes:
        """What a member's page draws over the shared part."""
        return self.template % tuple([glyph_ids[ink][texts[ink][place]] for ink, place in self.holes])


def pool_html(pool: Pool, index: int) -> str:
    """Pages after all letters, like a form with an index, that show every character printed: so the fonts hold them."""
    paragraphs = "".join(f'<p style="{INKS[ink]}">{escape(characters)}</p>' for ink, characters in pool.items())
    return f'<section class="pool" id="form-{index}">{paragraphs}</section>'


def pool_glyphs(pages: Sequence[Page], pool: Pool) -> Glyphs:
    """The glyph of each character, read from the pages of the pool."""
    shown = [glyph for page in pages for piece in pieces(page.content) for glyph in piece.shown]
    if len(shown) != sum(len(characters) for characters in pool.values()):
        raise NotStampable("字和字形的数目对不上")
    glyphs: dict[str, dict[str, Glyph]] = {}
    for ink, characters in pool.items():
        mine, shown = shown[: len(characters)], shown[len(characters) :]
        if len({font for font, _ in mine}) > 1:
            raise NotStampable("一种字体里的字排成了几种字体")
        glyphs[ink] = dict(zip(characters, mine, strict=True))
    return glyphs


def cut(page: Page, laid: Laid, sentinels: Mapping[Glyph, Place], dots: int) -> Stamp:
    """A page as a stamp. `dots` is how many a side the image of a code has, 0 if there is none."""
    static: list[bytes] = []
    own: list[tuple[Force, list[bytes]]] = []
    holes: list[Place] = []
    has_code = False
    for piece in pieces(page.content):
        if piece.image is not None and dots and laid.images.get(piece.image) == (dots, dots):
            own.append((_force(piece), [CODE + b" Do"]))
            has_code = True
        elif not sentinels.keys().isdisjoint(piece.shown):
            own.append((_force(piece), [b"BT", *_with_holes(piece, sentinels, holes), b"ET"]))
            static += [line for line in piece.lines if line.endswith(b" Tf")]
        else:
            static += piece.lines
    drawn = [STATIC + b" Do"]
    for force, group in groupby(own, key=lambda one: one[0]):
        drawn += [b"q", *force.lines(), *(line for _, lines in group for line in lines), b"Q"]
    return Stamp(page.box, b"\n".join(static), b"\n".join(drawn), tuple(holes), has_code)


def _force(piece: Piece) -> Force:
    if piece.force.bound:
        raise NotStampable("会变的字在裁剪框或特殊颜色里")
    return piece.force


def _with_holes(piece: Piece, sentinels: Mapping[Glyph, Place], holes: list[Place]) -> list[bytes]:
    """The lines of a piece of text with `%b` for each sentinel, whose places are noted in order."""

    def hole(glyph: Glyph) -> bytes | None:
        if glyph not in sentinels:
            return None
        holes.append(sentinels[glyph])
        return b"%b"

    lines = []
    for line, font in fonts_of(piece.lines):
        if b"%" in line:
            raise NotStampable("版面里有百分号")
        lines.append(rewritten(line, font, hole) if line.endswith(b" TJ") else line)
    return lines
