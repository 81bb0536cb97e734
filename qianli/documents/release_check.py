"""The release check: stamped pages against the layout engine's own, as raster, in two renderers that share nothing.

The renderers run in the process that lays out, or as its children: no data of members can take ours down.
"""

import logging
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path

from qianli.documents.excerpt import excerpt
from qianli.documents.layout_process import PROCESS, used_s
from qianli.documents.pdf import Pdf
from qianli.documents.raster import PDFIUM, POPPLER, Pages, Shown
from qianli.errors import NotStampable

logger = logging.getLogger(__name__)
DPI = 100
SAMPLED, RAREST = 20, 10
SPARSE = 2  # pages a page looked at: poppler, started for each, takes as long to start as to draw; it gets an excerpt
LARGE = 10_000  # pages of a file whose table alone would take a renderer 100 MB and more: PDFium gets one as well
INSTALL = "sudo apt-get install poppler-utils"


def sample(groups: Sequence[Sequence[int]], seed: int) -> list[int]:
    """Which of the letters in these shapes to look at: some by the seed, and one of each of the rarest shapes."""
    chance = random.Random(seed)  # noqa: S311 - a seeded sample, not a secret
    everyone = sorted(member for group in groups for member in group)
    chosen = set(chance.sample(everyone, min(SAMPLED, len(everyone))))
    unseen = [group for group in groups if chosen.isdisjoint(group)]
    rarest = sorted(unseen, key=lambda group: (len(group), group[0]))[:RAREST]
    return sorted(chosen | {chance.choice(group) for group in rarest})


def refuse_without_renderers() -> None:
    """NotStampable on a machine that could not compare in two renderers."""
    if shutil.which(POPPLER) is None:
        raise NotStampable(f"本机没有 poppler-utils，无法核对，请安装：{INSTALL}")


def released(made: Pdf, looked_at: Sequence[int], draw: Callable[[], Pdf], *, name: Callable[[int], str]) -> Pdf:
    """A stamped file, if the forms looked at are as plain layout draws them; NotStampable names one that is not.

    `draw` makes a plain file of just these. What looking cost is told apart from making.
    """
    before = used_s()
    wrong = first_difference(made, looked_at, draw())
    check_cpu_s = used_s() - before
    logger.info("release check: %d of %d forms, %.1f s of CPU", len(looked_at), len(made.first_pages), check_cpu_s)
    if wrong is not None:
        raise NotStampable(f"{name(wrong)}套印出来与排版不一致")
    return replace(made, checked=len(looked_at), check_cpu_s=check_cpu_s)


def first_difference(made: Pdf, letters: Sequence[int], plain: Pdf) -> int | None:
    """The first of these letters of a file that does not look like its counterpart in a plain file of them alone."""
    here = [_pages_of(made, letter) for letter in letters]
    if made.on_fronts:
        here = [_without_back(mine, _pages_of(plain, place)) for place, mine in enumerate(here)]
    there = [_pages_of(plain, place) for place in range(len(letters))]
    for letter, one, other in zip(letters, here, there, strict=True):
        if one[1] - one[0] != other[1] - other[0]:
            return letter
    whose = [letter for letter, (first, last) in zip(letters, here, strict=True) for _ in range(first, last + 1)]
    with tempfile.TemporaryDirectory() as folder:
        mine = made.path or _written(Path(folder) / "made.pdf", made.content), here
        its = _written(Path(folder) / "plain.pdf", plain.content), there
        few = mine
        if made.pages > SPARSE * len(whose):
            few = _written(Path(folder) / "excerpt.pdf", _excerpt(mine)), _one_after_another(here)
        compared = (PDFIUM, [few if made.pages > LARGE else mine], [its]), (POPPLER, [few], [its])
        unlike: int | None = PROCESS.ask("first_unlike", compared, DPI)
    return None if unlike is None else whose[unlike]


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _excerpt(shown: Shown) -> bytes:
    """A file of these pages alone."""
    with shown[0].open("rb") as stream:
        return excerpt(stream, [page for first, last in shown[1] for page in range(first, last + 1)])


def _one_after_another(wanted: Sequence[Pages]) -> list[Pages]:
    """Where the same pages are in a file of them alone."""
    ends = list(accumulate((last - first + 1 for first, last in wanted), initial=0))
    return [(before + 1, end) for before, end in pairwise(ends)]


def first_unlike_file(files: Sequence[Pdf], plain: Pdf) -> int | None:
    """The first of files of one form each that looks otherwise than its form of a plain file, in poppler.

    PDFium hints bare outlines, as such a file has them, by other rules than those in an OpenType font: it has no say.
    """
    there = [_pages_of(plain, place) for place in range(len(files))]
    for place, (made, (first, last)) in enumerate(zip(files, there, strict=True)):
        if made.pages != last - first + 1:
            return place
    with tempfile.TemporaryDirectory() as folder:
        mine = [
            (_written(Path(folder) / f"{place}.pdf", made.content), [(1, made.pages)])
            for place, made in enumerate(files)
        ]
        its = _written(Path(folder) / "plain.pdf", plain.content), there
        unlike: int | None = PROCESS.ask("first_unlike", [(POPPLER, mine, [its])], DPI)
    whose = [place for place, made in enumerate(files) for _ in range(made.pages)]
    return None if unlike is None else whose[unlike]


def _without_back(mine: Pages, plain: Pages) -> Pages:
    """Pages that end a sheet, without the empty one that was put in where a plain file has an odd number."""
    pages = plain[1] - plain[0] + 1
    return (mine[0], mine[1] - 1) if pages % 2 and mine[1] - mine[0] == pages else mine


def _pages_of(pdf: Pdf, form: int) -> Pages:
    following = pdf.first_pages[form + 1] if form + 1 < len(pdf.first_pages) else pdf.pages + 1
    return pdf.first_pages[form], following - 1
