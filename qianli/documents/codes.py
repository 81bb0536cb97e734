"""QR and Code128 with their quiet zones, inside the document itself."""

import base64
import io
from functools import lru_cache

from markupsafe import Markup

from qianli.documents import code128, qr
from qianli.errors import DocumentError

MODULES_MM = (0.375, 0.25)  # whole dots of a 203 dpi label printer, so that no bar is blurred


def qr_image(text: str) -> Markup:
    """A QR of level Q with its quiet zone, as an image of black and white dots that no printer blurs.

    An image and not a drawing: the engine takes longer over a QR's path than over the rest of a letter's page.
    """
    png = io.BytesIO()
    qr.symbol(text).save(png, kind="png", scale=qr.SCALE, border=qr.QUIET)
    return Markup('<img class="qr" alt="" src="data:image/png;base64,{}">').format(
        base64.b64encode(png.getvalue()).decode()
    )


@lru_cache(maxsize=512)
def code128_svg(text: str, height_mm: float = 14.0, widest_mm: float = 88.0) -> Markup:
    """A Code128 of `text` with its quiet zones; its width follows from the number of modules."""
    width = code128.modules(text)
    module_mm = next((one for one in MODULES_MM if width * one <= widest_mm), None)
    if module_mm is None:
        raise DocumentError("编号太长，条形码排不下。")
    path = "".join(f"M{start} 0h{length}v1h-{length}z" for start, length in code128.bars(text))
    return _svg(width * module_mm, height_mm, width, 1, path)


def _svg(width_mm: float, height_mm: float, width: int, height: int, path: str) -> Markup:
    # Every value is a number of ours; the text itself only decides where the bars are.
    return Markup(  # noqa: S704 - numbers only
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:.3f}mm" height="{height_mm:.3f}mm"'
        f' viewBox="0 0 {width} {height}" preserveAspectRatio="none"><path d="{path}"/></svg>'
    )
