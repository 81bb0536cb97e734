"""The pool: pages that show every character printed in each ink, so that fonts hold them and glyphs can be read."""

from collections.abc import Mapping, Sequence
from html import escape

from qianli.documents.layout_output import Glyph, Page, pieces
from qianli.documents.letter_shape import INKS
from qianli.errors import NotStampable

STATIC, CODE = b"/S", b"/Q"  # names of the shared form and the member's code among a page's resources
POOL_STYLE = """
@page pool { size: A4; margin: 10mm }
.pool { page: pool; break-before: page; font-size: 4pt; line-height: 1.5 }
"""

Pool = Mapping[str, str]  # the characters of each ink that are printed anywhere
Glyphs = Mapping[str, Mapping[str, Glyph]]  # by ink and character


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
