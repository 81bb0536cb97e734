"""README's pictures (`make screenshots`): the walk through the three doors, photographed on the way."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from qianli.settings import ROOT
from qianli.testing import workspace
from qianli.web.testing import serving
from tests.web.browser import browsing
from tests.web.walk import walk

FOLDER = ROOT / "docs/pictures"
#: Page of the walk → the name of its picture.
TAKEN = {
    "rehearsal": "rehearsal", "journey": "journey", "packing-wrong": "packing", "courier": "courier",
    "member": "confirm",
}  # fmt: skip
SCALE, COLOURS = 1.5, 96
LARGEST_BYTES = 120_000
LOADED = "Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode(); }))"
FROM_THE_TOP = "scrollTo(0, 0)"


def take(page: Page, name: str) -> None:
    """What the window shows, in few colours."""
    if name not in TAKEN:
        return
    page.evaluate(LOADED)
    page.evaluate(FROM_THE_TOP)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = FOLDER / f"{TAKEN[name]}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{path} is larger than {LARGEST_BYTES} bytes")


def main() -> None:
    """In a place of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as place, workspace(Path(place)), serving() as url, browsing() as browser:
        walk(browser, url, take, scale=SCALE)


if __name__ == "__main__":
    main()
