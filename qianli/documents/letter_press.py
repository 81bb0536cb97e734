"""How a run of letters is made: stamped where that pays and proves right, else laid out whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qianli.documents import gates, letter_run, release_check, typeset
from qianli.documents.designs import body, body_style
from qianli.documents.forms import Letter
from qianli.documents.layout_output import Laid
from qianli.documents.letter_layout import letter_layout
from qianli.documents.pdf import Pdf
from qianli.documents.shapes import sort_out
from qianli.documents.stamping import POOL_STYLE
from qianli.documents.templates import fill_template, stylesheet
from qianli.errors import DocumentError

BASE, SHARED = "_base/base.css", "letters/_shared.css"
#: How many layouts stamping must save to be worth finding out what is inert, a pool of glyphs and the release check.
WORTH = 150


@dataclass(frozen=True)
class Pressing:
    """How to make letters: stamp them or lay each of them out; by which seed to choose those that are checked."""

    how: Literal["stamp", "layout"] = "stamp"
    seed: int = 0
    worth: int = WORTH


def letter_styles(design: str) -> list[str]:
    """The style sheets of a design over the base, the most general first."""
    return [body_style(design), stylesheet(SHARED), stylesheet(f"letters/{design}.css")]


def press_letters(letters: Sequence[Letter], design: str, pressing: Pressing) -> Pdf:
    """The letters in one file, in their order; a remark says why they were not stamped although it would have paid."""
    styles = [stylesheet(BASE), *letter_styles(design)]

    def html(some: Sequence[Letter]) -> str:
        layouts = gates.each(some, lambda one: letter_layout(one, design))
        return fill_template(f"letters/{design}.html", letters=some, layouts=layouts)

    def lay_out(some: Sequence[Letter], more: str) -> tuple[str, Laid]:
        whole = html(some) + more
        return whole, typeset.lay_out(whole, *styles, POOL_STYLE)

    def plain(some: Sequence[Letter]) -> Pdf:
        return typeset.render(html(some), *styles)

    remark = ""
    if pressing.how == "stamp" and len(letters) > pressing.worth:
        try:
            if made := _stamped(letters, lay_out, plain, pressing, body(design)):
                return made
        except DocumentError as error:  # if a letter is at fault, laying all of them out says which
            remark = f"没有套印，改为逐封排版：{error.message.rstrip('。')}。"
    whole = letter_run.press_whole(letters, lay_out) if len(letters) > letter_run.AT_ONCE else plain(letters)
    return replace(whole, remark=remark)


def _stamped(
    letters: Sequence[Letter],
    lay_out: letter_run.LayOut,
    plain: Callable[[Sequence[Letter]], Pdf],
    pressing: Pressing,
    family: str,
) -> Pdf | None:
    """The stamped run, released; None if stamping is not worth it."""
    shapes = sort_out(letters, family)
    if len(letters) - len(shapes) < pressing.worth:
        return None
    release_check.refuse_without_renderers()
    made = letter_run.press_stamped(letters, shapes, lay_out, family)
    looked_at = release_check.sample([shape.members for shape in shapes if shape.places], pressing.seed)
    return release_check.released(
        made,
        looked_at,
        lambda: plain([letters[index] for index in looked_at]),
        name=lambda index: f"编号 {letters[index].number} 的书信",
    )
