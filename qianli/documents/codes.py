"""QR and Code128 as inline vector drawings with their quiet zones."""

from functools import lru_cache

import segno
from barcode.codex import Code128
from markupsafe import Markup

QR_QUIET = 4  # modules, as the standard asks
CODE128_QUIET = 10
MODULE_MM = 0.375  # three dots of a 203 dpi label printer, so that every bar falls on whole dots


@lru_cache(maxsize=512)
def qr_svg(text: str, size_mm: float = 25.0) -> Markup:
    """A QR of level Q, `size_mm` wide with its quiet zone."""
    rows = [list(row) for row in segno.make(text, error="q", micro=False, boost_error=False).matrix]
    side = len(rows) + 2 * QR_QUIET
    path = "".join(
        f"M{start + QR_QUIET} {y + QR_QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs(row)
    )
    return _svg(size_mm, size_mm, side, side, path)


@lru_cache(maxsize=512)
def code128_svg(text: str, height_mm: float = 14.0, module_mm: float = MODULE_MM) -> Markup:
    """A Code128 of `text` with its quiet zones; its width follows from the number of modules."""
    modules = [int(module) for module in Code128(text).build()[0]]
    width = len(modules) + 2 * CODE128_QUIET
    path = "".join(f"M{start + CODE128_QUIET} 0h{length}v1h-{length}z" for start, length in _runs(modules))
    return _svg(width * module_mm, height_mm, width, 1, path)


def _runs(modules: list[int]) -> list[tuple[int, int]]:
    """Start and length of every dark run."""
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(modules):
        if dark and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((place, 1))
    return runs


def _svg(width_mm: float, height_mm: float, width: int, height: int, path: str) -> Markup:
    # Every value is a number of ours; the text itself only decides where the bars are.
    return Markup(  # noqa: S704
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:.3f}mm" height="{height_mm:.3f}mm"'
        f' viewBox="0 0 {width} {height}" preserveAspectRatio="none"><path d="{path}"/></svg>'
    )
