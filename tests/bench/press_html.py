"""Letters from our own HTML by plain WeasyPrint and by Chromium, without anything of Qianli's press."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from qianli.documents.forms import Letter
from qianli.documents.letter_design import BASE, LetterDesign, letter_styles
from qianli.documents.templates import stylesheet

DESIGN = LetterDesign("red_letter")
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")


def html(letters: Sequence[Letter]) -> str:
    """The document of some letters."""
    return DESIGN.html(letters)


def styles() -> list[str]:
    """What the design looks like."""
    return [stylesheet(BASE), *letter_styles(DESIGN.name)]


def weasyprint_file(letters: Sequence[Letter]) -> bytes:
    """All letters in one document."""
    faces = FontConfiguration()
    sheets = [weasyprint.CSS(string=style, font_config=faces) for style in styles()]
    made: bytes = weasyprint.HTML(string=html(letters)).write_pdf(font_config=faces, stylesheets=sheets)
    return made


def weasyprint_letters(letters: Sequence[Letter], _folder: Path, *, at_once: int) -> int:
    """So many letters a document, each document by itself."""
    parts = (letters[start : start + at_once] for start in range(0, len(letters), at_once))
    return sum(len(weasyprint_file(part)) for part in parts)


def weasyprint_each(letters: Sequence[Letter], folder: Path) -> int:
    """A document and a file a letter."""
    for letter in letters:
        (folder / f"{letter.number}.pdf").write_bytes(weasyprint_file([letter]))
    return sum(path.stat().st_size for path in folder.glob("*.pdf"))


def chromium(letters: Sequence[Letter], folder: Path) -> int:
    """A browser's printing, 50 letters a document."""
    size = 0
    for start in range(0, len(letters), 50):
        page, made = folder / "letters.html", folder / "letters.pdf"
        sheets = "".join(f"<style>{style}</style>" for style in styles())
        page.write_text(html(letters[start : start + 50]).replace("</head>", f"{sheets}</head>"), "utf-8")
        command = [*CHROMIUM, f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        size += made.stat().st_size
    return size
