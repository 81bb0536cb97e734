"""Independent readers of our papers: poppler for text, zxing-cpp for codes."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from qianli.documents import block_press, release_check
from qianli.documents.designs import BODIES
from qianli.documents.press import Pdf
from qianli.documents.raster import split_pgm

#: What codes our papers have; a look for every kind there is takes four times as long.
CODES = [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128]


@dataclass
class Read:
    """What others see in a PDF."""

    path: Path

    @cached_property
    def _raw(self) -> str:
        return self._text("-raw")

    def pages(self) -> list[str]:
        """The text of each page, in the order it was written."""
        return self._raw.split("\f")[:-1]

    def reading_order(self) -> list[str]:
        """The text of each page as a person reads it, whatever the order it was written in."""
        return self._text("-enc", "UTF-8").split("\f")[:-1]

    def layout(self) -> str:
        """The text as it stands on the page."""
        return self._text("-layout")

    def text(self) -> str:
        """All text, without any white space."""
        return squeezed(self._raw)

    def info(self) -> dict[str, str]:
        """What pdfinfo says."""
        lines = self._run("pdfinfo", str(self.path)).decode().splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def fonts(self) -> set[str]:
        """The families of the embedded fonts."""
        lines = self._run("pdffonts", str(self.path)).decode().splitlines()[2:]
        return {re.sub(r"^[A-Z]{6}\+|-(Bold|Regular)$", "", line.split()[0]) for line in lines}

    def codes(self, page: int, dpi: int = 200) -> list[tuple[str, str]]:
        """Format and text of every code on a page of a raster."""
        return self.codes_from(page, page, dpi)[0]

    def codes_from(self, first: int, last: int, dpi: int = 200) -> list[list[tuple[str, str]]]:
        """The same of several pages. Rasters are not packed: PNG takes three times as long as drawing does."""
        found = []
        for begin in range(first, last + 1, 10):
            pages = ("-f", str(begin), "-l", str(min(begin + 9, last)))
            for image in split_pgm(self._run("pdftoppm", "-r", str(dpi), "-gray", *pages, str(self.path))):
                codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(image)), formats=CODES)
                found.append(sorted((one.format.name, one.text) for one in codes))
        return found

    def _text(self, *how: str) -> str:
        return self._run("pdftotext", *how, str(self.path), "-").decode()

    def _run(self, *command: str) -> bytes:
        return subprocess.run(command, check=True, capture_output=True).stdout


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture
def one_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that compare each page themselves, or read it: the release check looks at one form of a run."""
    for module in (release_check, block_press):
        monkeypatch.setattr(module, "SAMPLED", 1)
        monkeypatch.setattr(module, "RAREST", 0)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Pdf], Read]:
    """Hand a PDF to the readers; what press says of pages and faces is checked on the way."""

    def reader(pdf: Pdf) -> Read:
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf.content)
        seen = Read(path)
        assert int(seen.info()["Pages"]) == pdf.pages
        assert seen.fonts() <= {
            "Noto-Serif-CJK-SC",
            "Noto-Sans-CJK-SC",
            "Noto-Sans-Mono-CJK-SC",
            *(family.replace(" ", "-") for family in BODIES),
        }
        return seen

    return reader
