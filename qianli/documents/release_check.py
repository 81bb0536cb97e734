"""The release check: stamped pages against the layout engine's own, as raster, in two renderers that share nothing.

The renderers run in the process that lays out, or as its children: no data of members can take ours down.
"""

import logging
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, chain, pairwise
from pathlib import Path

from qianli.documents.excerpt import excerpt
from qianli.documents.layout_process import PROCESS, used_s
from qianli.documents.pdf import Pdf
from qianli.errors import NotStampable

logger = logging.getLogger(__name__)
DPI = 100
SAMPLED, RAREST = 20, 10
SPARSE = 2  # pages a page looked at: poppler, started for each, takes as long to start as to draw; it gets an excerpt
LARGE = 10_000  # pages of a file whose table alone would take a renderer 100 MB and more: PDFium gets one as well
AT_ONCE = 6  # pages drawn in one go: a megabyte each
PDFIUM, POPPLER = "pdfium", "pdftoppm"
INSTALL = "sudo apt-get install poppler-utils"

Pages = tuple[int, int]  # first and last, from 1
Shown = tuple[Path, Sequence[Pages]]  # pages of a file


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


def first_unlike(compared: Sequence[tuple[str, Sequence[Shown], Sequence[Shown]]], dpi: int) -> int | None:
    """Which page, counted from 0, is the first that does not look the same on both sides in the renderer named."""
    by = {PDFIUM: _by_pdfium, POPPLER: _by_poppler}
    for renderer, mine, its in compared:
        sides = (chain.from_iterable(by[renderer](*shown, dpi) for shown in side) for side in (mine, its))
        for number, (one, other) in enumerate(zip(*sides, strict=True)):
            if one != other:
                return number
    return None


def _without_back(mine: Pages, plain: Pages) -> Pages:
    """Pages that end a sheet, without the empty one that was put in where a plain file has an odd number."""
    pages = plain[1] - plain[0] + 1
    return (mine[0], mine[1] - 1) if pages % 2 and mine[1] - mine[0] == pages else mine


def _pages_of(pdf: Pdf, form: int) -> Pages:
    following = pdf.first_pages[form + 1] if form + 1 < len(pdf.first_pages) else pdf.pages + 1
    return pdf.first_pages[form], following - 1


def _by_pdfium(path: Path, wanted: Sequence[Pages], dpi: int) -> Iterator[bytes]:
    import pypdfium2  # noqa: PLC0415 - a large library that few commands need

    with pypdfium2.PdfDocument(path) as document:
        for first, last in wanted:
            for number in range(first, last + 1):
                yield bytes(document[number - 1].render(scale=dpi / 72, grayscale=True).buffer)


def _by_poppler(path: Path, wanted: Sequence[Pages], dpi: int) -> Iterator[bytes]:
    """Neighbouring pages are drawn in one go."""
    for first, last in _joined(wanted):
        command = [POPPLER, "-r", str(dpi), "-gray", "-f", str(first), "-l", str(last), str(path)]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own words
        if done.returncode or done.stderr:
            raise NotStampable("poppler 读不了印出来的文件")
        yield from split_pgm(done.stdout)


def _joined(wanted: Sequence[Pages]) -> list[Pages]:
    joined: list[Pages] = []
    for first, last in wanted:
        if joined and joined[-1][1] + 1 == first and last - joined[-1][0] < AT_ONCE:
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    return joined


def split_pgm(images: bytes) -> Iterator[bytes]:
    """Single images of a row of PGM files: `P5`, width and height, 255, dots."""
    while images:
        kind, size, depth, _ = images.split(b"\n", 3)
        wide, high = map(int, size.split())
        end = len(kind) + len(size) + len(depth) + 3 + wide * high
        yield images[:end]
        images = images[end:]
