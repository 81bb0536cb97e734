"""How a paper made of blocks is made: stamped where that pays and proves right, else laid out whole."""

import random
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NoReturn

from qianli.documents import block_run, culprits, gates, release_check, typeset
from qianli.documents.block_run import POOL_STYLE, Shapes, Sheets
from qianli.documents.blocks import Page, Placed
from qianli.documents.layout_output import Laid
from qianli.documents.letter_press import BASE, Pressing
from qianli.documents.pdf import Pdf
from qianli.documents.templates import fill_template, stylesheet
from qianli.errors import DocumentError

PLAIN = Pressing("layout")
SOUND = "<p>单据</p>"  # what can be laid out on any machine that can lay out
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

    def sound() -> None:
        typeset.render(SOUND, *styles)

    remark, shapes = "", block_run.shapes_of(pages) if pressing.how == "stamp" else []
    if _saved(shapes) >= max(pressing.worth, 1):
        try:
            release_check.refuse_without_renderers()
            made = block_run.press_stamped(pages, shapes, lay_out, paper.title)
            made = _released(made, pages, _sample(shapes, pressing.seed), plain)
        except DocumentError as error:
            remark = f"没有套印，改为逐页排版：{error.message.rstrip('。')}。"
        else:
            return made
    small = len(pages) <= block_run.AT_ONCE
    if small:
        whole = culprits.named(len(pages), lambda some: plain([pages[number] for number in some]), sound)
    else:
        whole = block_run.press_whole(pages, lay_out, paper.title, sound)
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


def single_out(error: DocumentError, paper: Paper, sheets: Sequence[Sequence[Placed]]) -> NoReturn:
    """Raise an error that names sheets, of several forms each, as one about the forms on the first of them."""
    named, start = gates.at_fault(error)[0], 0
    for number, sheet in enumerate(sheets):
        if number in named:
            try:
                gates.each(sheet, lambda one: press_pages(paper, [[one]], PLAIN))
            except DocumentError as found:
                raise gates.among(found, range(start, start + len(sheet))) from error
        start += len(sheet)
    raise DocumentError(error.message) if named else error


def _saved(shapes: Shapes) -> int:
    """How many layouts stamping would save."""
    return sum(map(len, shapes)) - len({shape for some in shapes for shape in some})


def _released(
    made: Pdf, pages: Sequence[Page], looked_at: Sequence[int], plain: Callable[[Sequence[Page]], Pdf]
) -> Pdf:
    """NotStampable if a page of a sample does not look as the engine would have drawn it."""
    return release_check.released(
        made,
        looked_at,
        lambda: plain([pages[number] for number in looked_at]),
        name=lambda number: f"第 {number + 1} 页",
    )


def _sample(shapes: Shapes, seed: int) -> list[int]:
    """Which pages to look at: some by the seed, and for each of the rarest shapes that is on none of them one more."""
    where: dict[Hashable, list[int]] = {}
    for number, some in enumerate(shapes):
        for shape in set(some):
            where.setdefault(shape, []).append(number)
    chance = random.Random(seed)  # noqa: S311 - a seeded sample, not a secret
    chosen = set(chance.sample(range(len(shapes)), min(SAMPLED, len(shapes))))
    unseen = [there for there in where.values() if chosen.isdisjoint(there)]
    rarest = sorted(unseen, key=lambda there: (len(there), there[0]))[:RAREST]
    return sorted(chosen | {chance.choice(there) for there in rarest})
