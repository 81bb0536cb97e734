"""Letters of one design: its templates filled and laid out."""

from collections.abc import Sequence
from dataclasses import dataclass

from qianli.documents import gates, imprints, typeset
from qianli.documents.designs import body, body_style, measures
from qianli.documents.forms import Letter
from qianli.documents.imprints import Picture
from qianli.documents.layout_output import Boxes, Laid
from qianli.documents.letter_layout import LetterLayout, letter_layout
from qianli.documents.pdf import Pdf
from qianli.documents.stamping import POOL_STYLE
from qianli.documents.templates import fill_template, stylesheet

BASE, SHARED = "_base/base.css", "letters/_shared.css"


def letter_styles(design: str) -> list[str]:
    """The style sheets of a design over the base, the most general first."""
    return [body_style(design), stylesheet(SHARED), stylesheet(f"letters/{design}.css")]


@dataclass(frozen=True)
class LetterDesign:
    """A design by its name, and what is put under its letters. Each is a form with an index, `form-0`, `form-1`."""

    name: str
    pictures: tuple[Picture, ...] = ()

    @property
    def body(self) -> str:
        """The family of running texts."""
        return body(self.name)

    @property
    def measure_em(self) -> int:
        """How many characters a line takes."""
        return measures(self.name).measure_em

    def layout(self, letter: Letter) -> LetterLayout:
        """A letter's own measures."""
        return letter_layout(letter, self.name)

    def html(self, letters: Sequence[Letter], layouts: Sequence[LetterLayout] | None = None) -> str:
        """Letters as a document, in these layouts or in their own."""
        chosen = gates.each(letters, self.layout) if layouts is None else layouts
        return fill_template(f"letters/{self.name}.html", letters=letters, layouts=chosen, strips=())

    def strip_html(self, sections: Sequence[object]) -> str:
        """Running texts by themselves as a document: layouts, each with its texts."""
        return fill_template(f"letters/{self.name}.html", letters=(), layouts=(), strips=sections)

    def render(self, letters: Sequence[Letter]) -> Pdf:
        """Letters as the layout engine makes them."""
        return typeset.render(self.html(letters), *self._styles())

    def sound(self) -> None:
        """Draw a letter that is known to be good; LayoutFailed if not even that can be drawn."""
        self.render([Letter.sample()])

    def lay_out(self, letters: Sequence[Letter]) -> Laid:
        """Letters drawn, and not yet a file."""
        return typeset.lay_out(self.html(letters), *self._styles())

    def boxes(self, html: str) -> Boxes:
        """Where things of a document stand."""
        return typeset.boxes(html, *self._styles(), POOL_STYLE)

    def lay_out_after(self, first: str, html: str) -> Laid:
        """Two documents drawn as one, the first of which boxes were asked for."""
        return typeset.lay_out_after(first, html, *self._styles(), POOL_STYLE)

    def _styles(self) -> list[str]:
        return [stylesheet(BASE), *letter_styles(self.name), imprints.style(self.pictures)]
