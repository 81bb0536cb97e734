"""Papers as others read them: poppler the words and where they stand, zxing-cpp the codes."""

import html
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image

DOTS = 200 / 72  # of a raster, a point
FAR, FOOT_PT = 10_000.0, 785.0  # points; below the second stands the number of the page


def pages(path: Path) -> list[str]:
    """The text of each page as poppler reads it, without blanks: they are layout."""
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return [re.sub(r"\s+", "", page) for page in done.stdout.decode().split("\f")[:-1]]


@dataclass(frozen=True)
class Word:
    """What poppler takes for a word, and where it stands, in points."""

    text: str
    x: float
    y: float


def words(path: Path) -> list[list[Word]]:
    """The words of each page in poppler's reading order."""
    done = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True)
    found = re.compile(r'<word xMin="(.+?)" yMin="(.+?)" xMax=".+?" yMax="(.+?)">(.*?)</word>')
    return [
        [Word(html.unescape(t), float(x), (float(y) + float(end)) / 2) for x, y, end, t in found.findall(page)]
        for page in done.stdout.decode().split("<page ")[1:]
    ]


def joined(found: list[Word]) -> str:
    return "".join(re.sub(r"\s+", "", word.text) for word in found)


@dataclass(frozen=True)
class Table:
    """Where the columns of a printed table begin, and how far above the middle of its reference a row does."""

    lefts: tuple[float, ...]
    above: float


#: Consignee, address, weight, note; post office, consignee, pieces, weight, postage, note; consignee, items, pieces,
#: tick.
MANIFEST = Table((170, 245, 465, 515), above=9)
BULK_LIST = Table((172, 296, 366, 400, 445, 500), above=7)
PICK_LIST = Table((160, 239, 480, 510), above=8)


def cells(path: Path, table: Table, references: Iterable[str]) -> dict[str, list[str]]:
    """The cells of every row by its reference; the lines of a cell are put together."""
    rows: dict[str, list[str]] = {}
    for page in words(path):
        tops = sorted((word.y - table.above, word.text) for word in page if word.text in set(references))
        end = min([word.y - table.above / 2 for word in page if word.text == "本页小计"], default=FOOT_PT)
        for (top, reference), (bottom, _) in zip(tops, [*tops[1:], (end, "")], strict=True):
            assert reference not in rows
            row = [word for word in page if top <= word.y < bottom]
            columns = zip(table.lefts, [*table.lefts[1:], FAR], strict=True)
            rows[reference] = [joined([word for word in row if left <= word.x < right]) for left, right in columns]
    return rows


def labels(path: Path, folder: Path, *, across: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """Text and codes of every label; `across` of them stand beside and below each other on a page."""
    prefix = folder / path.stem
    subprocess.run(["pdftoppm", "-r", "200", "-gray", path, prefix], check=True)
    made = []
    for page, raster in zip(words(path), sorted(folder.glob(f"{path.stem}-*.pgm")), strict=True):
        image = Image.open(raster)
        wide, high = (side / across for side in image.size)
        for row, column in ((row, column) for row in range(across) for column in range(across)):
            here = [w for w in page if (w.y * DOTS // high, w.x * DOTS // wide) == (row, column)]
            area = tuple(int(edge) for edge in (column * wide, row * high, (column + 1) * wide, (row + 1) * high))
            read = [(one.format.name, one.text) for one in zxingcpp.read_barcodes(image.crop(area))]
            made.append((joined(here), read))
    return [one for one in made if one != ("", [])]


def codes(path: Path, folder: Path) -> list[list[tuple[str, str]]]:
    """Every code of each page, read by zxing-cpp from a 200 dpi raster."""
    prefix = folder / path.stem
    subprocess.run(["pdftoppm", "-r", "200", "-gray", path, prefix], check=True)
    return [
        [(one.format.name, one.text) for one in zxingcpp.read_barcodes(Image.open(page))]
        for page in sorted(folder.glob(f"{path.stem}-*.pgm"))
    ]
