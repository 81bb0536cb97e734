"""How a run of letters is made: stamped where that pays and proves right, else laid out whole."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qianli.documents import letter_run, release_check
from qianli.documents.designs import measures
from qianli.documents.forms import Letter
from qianli.documents.imprints import Picture
from qianli.documents.letter_design import BASE, LetterDesign, letter_styles
from qianli.documents.letter_run import press_stamped, press_whole
from qianli.documents.pdf import Pdf
from qianli.documents.shapes import sort_out
from qianli.errors import DocumentError

__all__ = ["BASE", "WORTH", "Pressing", "letter_styles", "press_letters"]
#: How many letters it takes for a pool of glyphs, frames and the release check to be worth while.
WORTH = 150


@dataclass(frozen=True)
class Pressing:
    """How to make letters: stamp them or lay each of them out; by which seed to choose those that are checked."""

    how: Literal["stamp", "layout"] = "stamp"
    seed: int = 0
    worth: int = WORTH


def press_letters(
    letters: Sequence[Letter], design: str, pressing: Pressing, pictures: tuple[Picture, ...] = ()
) -> Pdf:
    """The letters in one file, in their order; a remark says why they were not stamped although it would have paid."""
    drawn, remark = LetterDesign(design, pictures), ""
    # Two texts beside each other are laid out whole: the height of one decides where the other's lines stand.
    if pressing.how == "stamp" and len(letters) > pressing.worth and not measures(design).bilingual:
        try:
            return _stamped(letters, drawn, pressing)
        except DocumentError as error:  # if a letter is at fault, laying all of them out says which
            remark = f"没有套印，改为逐封排版：{error.message.rstrip('。')}。"
    whole = press_whole(letters, drawn) if len(letters) > letter_run.AT_ONCE else drawn.render(letters)
    return replace(whole, remark=remark)


def _stamped(letters: Sequence[Letter], design: LetterDesign, pressing: Pressing) -> Pdf:
    """The stamped run, released."""
    release_check.refuse_without_renderers()
    made = press_stamped(letters, sort_out(letters, design.body), design)
    looked_at = release_check.sample(made.stamped, pressing.seed)
    return release_check.released(
        made.pdf,
        looked_at,
        lambda: design.render([letters[index] for index in looked_at]),
        name=lambda index: f"编号 {letters[index].number} 的书信",
    )
