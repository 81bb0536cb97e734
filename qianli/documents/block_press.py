"""How a paper made of blocks is made: stamped where that pays and proves right, else laid out whole."""

import random
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from qianli.documents import block_run, release_check, typeset
from qianli.documents.block_run import POOL_STYLE, Sheets
from qianli.documents.blocks import Page
from qianli.documents.layout_output import Laid
from qianli.documents.letter_press import BASE, Pressing
from qianli.documents.pdf import Pdf
from qianli.documents.templates import fill_template, stylesheet
from qianli.errors import DocumentError

SAMPLED, RAREST = 4, 4  # pages looked at by the seed, and for the rarest shapes: a page of a table holds many blocks


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its title, its template, its style sheets."""

    title: str
    template: str
    styles: tuple[str, ...]


def press_pages(paper: Paper, pages: Sequence[Page], pressing: Pressing) -> Pdf:
    """The pages in one file; a remark says why they were not stamped although it would have paid."""
    styles = [stylesheet(name) for name in (BASE, "_base/blocks.css", *paper.styles)]

    def html(sheets: Sheets) -> str:
        return fill_template(paper.template, pages=sheets, title=paper.title)

    def lay_out(sheets: Sheets, more: str) -> Laid:
        return typeset.lay_out(html(sheets) + more, *styles, POOL_STYLE)

    def plain(some: Sequence[Page]) -> Pdf:
        return typeset.render(html([block_run.shown(page) for page in some]), *styles)

    remark = ""
    if pressing.how == "stamp" and _saved(pages) >= pressing.worth:
        try:
            release_check.refuse_without_renderers()
            made = _released(block_run.press_stamped(pages, lay_out, paper.title), pages, plain, pressing.seed)
        except DocumentError as error:
            remark = f"没有套印，改为逐页排版：{error.message.rstrip('。')}。"
        else:
            return made
    small = len(pages) <= block_run.AT_ONCE
    whole = plain(pages) if small else block_run.press_whole(pages, lay_out, paper.title)
    return replace(whole, remark=remark)


@contextmanager
def of_forms(form_of_page: Sequence[int]) -> Iterator[None]:
    """An error that names pages names the forms they belong to instead."""
    try:
        yield
    except DocumentError as error:
        pages = error.ids.get("forms")
        if not isinstance(pages, list):
            raise
        forms = sorted({form_of_page[page] for page in pages})
        raise DocumentError(error.message, **{**error.ids, "forms": forms}) from error


def _saved(pages: Sequence[Page]) -> int:
    """How many layouts stamping would save."""
    blocks = sum(len(page) for page in pages)
    return blocks - len({placed.block.shape for page in pages for placed in page})


def _released(made: Pdf, pages: Sequence[Page], plain: Callable[[Sequence[Page]], Pdf], seed: int) -> Pdf:
    """NotStampable if a page of a sample does not look as the engine would have drawn it."""
    looked_at = _sample(pages, seed)
    return release_check.released(
        made,
        looked_at,
        lambda: plain([pages[number] for number in looked_at]),
        name=lambda number: f"第 {number + 1} 页",
    )


def _sample(pages: Sequence[Page], seed: int) -> list[int]:
    """Which pages to look at: some by the seed, and for each of the rarest shapes that is on none of them one more."""
    where: dict[Hashable, list[int]] = {}
    for number, page in enumerate(pages):
        for shape in {placed.block.shape for placed in page}:
            where.setdefault(shape, []).append(number)
    chance = random.Random(seed)  # noqa: S311 - a seeded sample, not a secret
    chosen = set(chance.sample(range(len(pages)), min(SAMPLED, len(pages))))
    unseen = [some for some in where.values() if chosen.isdisjoint(some)]
    rarest = sorted(unseen, key=lambda some: (len(some), some[0]))[:RAREST]
    return sorted(chosen | {chance.choice(some) for some in rarest})
