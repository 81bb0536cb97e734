"""Pages of files compared as raster, in two renderers that share nothing: PDFium and poppler."""

import subprocess
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from qianli.errors import NotStampable

PDFIUM, POPPLER = "pdfium", "pdftoppm"
AT_ONCE = 6  # pages drawn in one go: a megabyte each

Pages = tuple[int, int]  # first and last, from 1
Shown = tuple[Path, Sequence[Pages]]  # pages of a file


def first_unlike(compared: Sequence[tuple[str, Sequence[Shown], Sequence[Shown]]], dpi: int) -> int | None:
    """Which page, counted from 0, is the first that does not look the same on both sides in the renderer named."""
    by = {PDFIUM: _by_pdfium, POPPLER: _by_poppler}
    for renderer, mine, its in compared:
        sides = (chain.from_iterable(by[renderer](*shown, dpi) for shown in side) for side in (mine, its))
        for number, (one, other) in enumerate(zip(*sides, strict=True)):
            if one != other:
                return number
    return None


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
