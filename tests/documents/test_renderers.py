"""Papers look the same in poppler, PDFium, MuPDF and Ghostscript, which share no code that draws text.

Some of these draw nothing, or boxes, for fonts that the others draw well: a subset whose glyph numbers are not those of
its CFF charset is the known one.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageFilter, ImageStat

from qianli.documents import cff, fonts, press
from qianli.documents.forms import AddressLabel, Letter
from qianli.settings import ROOT
from qianli.testing_letters import seeded_letters

DPI = 100
BAND, BLUR = 72, 2.5  # dots: two lines of a letter; what renderers differ by where strokes begin and end
ALIKE, OTHERWISE = 0.8, 0.7  # correlation of ink within a band; of two names it is 0.5 to 0.65
FAINT = 18  # spread of grey: a line of text has more
NO_PROFILES = b"warning: ICC support is not available"  # Debian's MuPDF
NAMES = ("张𠅤", "阿依古丽·买买提", "John 李2号", "欧阳𰻞", "བསྟན་འཛིན", "ئالىم", "ꆈꌠ", "刘䶮㛃")


def poppler(path: Path, folder: Path) -> list[Path]:
    return drawn(folder, "pdftoppm", "-r", str(DPI), "-gray", str(path), f"{folder}/a")


def mupdf(path: Path, folder: Path) -> list[Path]:
    return drawn(folder, "mutool", "draw", "-q", "-r", str(DPI), "-c", "gray", "-o", f"{folder}/a%04d.png", str(path))


def ghostscript(path: Path, folder: Path) -> list[Path]:
    smooth = ("-dTextAlphaBits=4", "-dGraphicsAlphaBits=4")
    how = ("-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pnggray", f"-r{DPI}", *smooth)
    return drawn(folder, "gs", *how, f"-sOutputFile={folder}/a%04d.png", str(path))


def pdfium(path: Path, folder: Path) -> list[Path]:
    with pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(document):
            page.render(scale=DPI / 72, grayscale=True).to_pil().save(folder / f"a{number:04}.png")
    return sorted(folder.iterdir())


def drawn(folder: Path, *command: str) -> list[Path]:
    done = subprocess.run(command, capture_output=True, check=True)
    said = [line for line in done.stderr.splitlines() if line != NO_PROFILES]
    assert said == []
    return sorted(folder.iterdir())


RENDERERS: tuple[Callable[[Path, Path], list[Path]], ...] = (poppler, pdfium, mupdf, ghostscript)


def ink(path: Path) -> Image.Image:
    """Dots of a page, dark for light, a little blurred."""
    with Image.open(path) as image:
        return ImageChops.invert(image.convert("L")).filter(ImageFilter.GaussianBlur(BLUR))


def least_alike(one: Image.Image, other: Image.Image) -> float:
    """The worst correlation of any band of two pages; a band that only one has ink in has none at all."""
    wide, high = one.size
    other = other.crop((0, 0, wide, high))  # half a dot more or less at the edge
    bands = [(0, top, wide, min(top + BAND, high)) for top in range(0, high, BAND)]
    return min(correlation(one.crop(band), other.crop(band)) for band in bands)


def correlation(one: Image.Image, other: Image.Image) -> float:
    """How alike two bands are; of hairlines and slivers only how much ink they have counts."""
    first, second = ImageStat.Stat(one), ImageStat.Stat(other)
    if max(first.stddev[0], second.stddev[0]) < FAINT:
        return 1.0 if abs(first.mean[0] - second.mean[0]) < 2 else 0.0
    product = ImageStat.Stat(ImageChops.multiply(one, other)).mean[0] * 255
    spread = first.stddev[0] * second.stddev[0]
    return (product - first.mean[0] * second.mean[0]) / spread if spread else 0.0


def in_all(pdf: press.Pdf, folder: Path) -> list[list[Image.Image]]:
    path = folder / "paper.pdf"
    path.write_bytes(pdf.content)
    pages = []
    for renderer in RENDERERS:
        own = folder / renderer.__name__
        own.mkdir()
        pages.append([ink(page) for page in renderer(path, own)])
        assert len(pages[-1]) == pdf.pages
    return pages


def look_alike(pages: Sequence[Sequence[Image.Image]]) -> None:
    for renderer, others in zip(RENDERERS[1:], pages[1:], strict=True):
        for number, (one, other) in enumerate(zip(pages[0], others, strict=True), 1):
            alike = least_alike(one, other)
            assert alike > ALIKE, f"page {number}: {renderer.__name__} {alike:.3f}"


@pytest.mark.usefixtures("one_checked")
@pytest.mark.slow
def test_letters_look_the_same_in_four_renderers(tmp_path: Path) -> None:
    letters = [
        replace(one, name=name, salutation=f"{name}同志：", paragraphs=(f"{name}，您好！（{name}）", *one.paragraphs))
        for one, name in zip(seeded_letters(len(NAMES)), NAMES, strict=True)
    ]
    more = [*letters, *seeded_letters(4, url=None)]
    made = press.letters(more, "red_letter", press.Pressing("stamp", 7, worth=1))
    assert made.stamped
    pages = in_all(made, tmp_path)
    look_alike(pages)
    first, second = pages[0][0], pages[0][1]
    assert least_alike(first, second) < OTHERWISE  # another name is told apart


@pytest.mark.slow
@pytest.mark.parametrize("design", ["official_letter", "family_letter", "notice"])
def test_every_design_looks_the_same_in_four_renderers(tmp_path: Path, design: str) -> None:
    look_alike(in_all(press.letters([Letter.sample()], design), tmp_path))


@pytest.mark.usefixtures("one_checked")
@pytest.mark.slow
def test_labels_look_the_same_in_four_renderers(tmp_path: Path) -> None:
    labels = [
        replace(AddressLabel.sample(), name=name, sequence=number) for number, name in enumerate((*NAMES, "王伟"), 1)
    ]
    look_alike(in_all(press.labels(labels, "roll_100x150", press.Pressing("stamp", 7, worth=1)), tmp_path))


WORDS = "山高水长纸短情深盼您常来信常回家看看此致敬祝工作顺利阖家安康"
DRAW = """
import sys, weasyprint
from qianli.documents import lean_fonts
lean_fonts.copy_late()
for family, path in (("Renumbered Song", sys.argv[1]), ("Noto Serif CJK SC", sys.argv[2])):
    html = f"<style>@page {{ size: A6 }} body {{ font: 20pt '{family}' }}</style><p>{sys.argv[3]}</p>"
    weasyprint.HTML(string=html).write_pdf(path)
"""


def renumbered_song(folder: Path) -> Path:
    """Settings under which there is a face of ours whose glyphs have other numbers than their outlines say."""
    file, index = fonts.face_files(fonts.SERIF)[fonts.REGULAR]
    font = TTFont(file, fontNumber=index)
    maker = subset.Subsetter(subset.Options(layout_features=[], name_IDs=[1, 2, 4, 6]))
    maker.populate(text=WORDS)
    maker.subset(font)
    for one in font["name"].names:
        one.string = "Regular" if one.nameID == 2 else "Renumbered Song"
    font.save(folder / "song.otf")
    table = TTFont(folder / "song.otf").reader["CFF "]
    assert cff.numbered(table) != table
    assert cff.numbered(cff.numbered(table)) == cff.numbered(table)
    settings = folder / "fonts.conf"
    settings.write_text(
        f"<fontconfig><include>/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>", encoding="utf-8"
    )
    return settings


@pytest.mark.slow
def test_a_face_with_numbers_of_its_own_is_right_in_four_renderers(tmp_path: Path) -> None:
    files = tmp_path / "renumbered.pdf", tmp_path / "ours.pdf"
    environment = os.environ | {"FONTCONFIG_FILE": str(renumbered_song(tmp_path)), "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", DRAW, *map(str, files), WORDS], check=True, env=environment, cwd=ROOT)
    pages = []
    for file in files:
        (tmp_path / file.stem).mkdir()
        pages.append(in_all(press.Pdf(file.read_bytes(), 1, (1,)), tmp_path / file.stem))
    look_alike([pages[1][0], *pages[0][1:]])
    look_alike([pages[1][0], *pages[0][:1], *pages[1][2:]])
