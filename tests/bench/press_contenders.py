"""The sample letter as other PDF makers draw it: the same words, faces, sizes and QR, on about the same page."""

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import fpdf
import typst
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as ReportLabFont
from reportlab.pdfgen.canvas import Canvas

from qianli.documents import fonts, qr
from qianli.documents.forms import Letter
from qianli.documents.measure import CLINGS
from qianli.documents.words import written_date

PAGE_WIDE, PAGE_HIGH, MARGIN, SIZE, PITCH, MEASURE = 595.28, 841.89, 73.4, 16, 24, 28
MM = 72 / 25.4
RED = (0.85, 0.14, 0.11)

FACES: dict[int, bytes] = {}
Line = tuple[float, float, float, bool, str]  # x, baseline from the top, size, bold, text

TYPST = """
#set page(paper: "a4", margin: (top: 28.5mm, bottom: 25mm, left: 25.9mm, right: 26mm))
#set text(font: "Noto Serif CJK SC", size: 16pt, lang: "zh", region: "cn")
#set par(leading: 8pt, first-line-indent: (amount: 2em, all: true))
#for letter in json("letters.json") {
  align(center, text(size: 32pt, weight: "bold", fill: rgb("#d9241c"), letter.sender))
  line(length: 170mm, stroke: 1.1mm + rgb("#d9241c"))
  align(right, text(font: "Noto Sans CJK SC", size: 12pt, "编号：" + letter.number))
  par(first-line-indent: 0pt, letter.salutation)
  for paragraph in letter.paragraphs { par(paragraph) }
  align(right, letter.sender + linebreak() + letter.date)
  v(1fr)
  grid(columns: (1fr, 25mm), text(font: "Noto Sans CJK SC", size: 9.5pt, letter.foot),
    image(letter.code, width: 25mm) + align(center, text(font: "Noto Sans CJK SC", size: 11pt, letter.typed)))
  pagebreak(weak: true)
}
"""


def prepare(letters: Sequence[Letter]) -> None:
    """What is not measured: TrueType outlines for ReportLab, which cannot read Noto's; fpdf2 gets the same."""
    characters = "".join(sorted({one for letter in letters for one in _all_text(letter)}))
    for weight in (fonts.REGULAR, fonts.BOLD):
        FACES[weight] = truetype(weight, characters)


def typst_letters(letters: Sequence[Letter], folder: Path) -> int:
    """One Typst document; QRs are files, since Typst reads no others."""
    _write_for_typst(letters, folder)
    return len(typst.compile(str(folder / "letters.typ"), root=str(folder)))


def typst_each(letters: Sequence[Letter], folder: Path) -> int:
    """A document and a file a letter, by one compiler that keeps its fonts."""
    (folder / "letters.typ").write_text(TYPST, "utf-8")
    compiler = typst.Compiler(str(folder / "letters.typ"), root=str(folder))
    for letter in letters:
        _write_for_typst([letter], folder)
        compiler.compile(output=str(folder / f"{letter.number}.pdf"))
    return sum(path.stat().st_size for path in folder.glob("*.pdf"))


def _write_for_typst(letters: Sequence[Letter], folder: Path) -> None:
    rows = []
    for letter in letters:
        (folder / f"{letter.number}.png").write_bytes(_png(letter))
        words = {"sender": letter.sender, "number": letter.number, "salutation": letter.salutation}
        words |= {"date": written_date(letter.letter_on), "foot": _foot(letter), "typed": letter.typed_code or ""}
        rows.append({**words, "paragraphs": letter.paragraphs, "code": f"{letter.number}.png"})
    (folder / "letters.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    (folder / "letters.typ").write_text(TYPST, "utf-8")


def reportlab_each(letters: Sequence[Letter], folder: Path) -> int:
    """A canvas and a file a letter."""
    return sum(reportlab_letters([letter], folder) for letter in letters)


def reportlab_letters(letters: Sequence[Letter], _folder: Path) -> int:
    """Lines placed one by one on ReportLab's canvas."""
    for name, weight in (("regular", fonts.REGULAR), ("bold", fonts.BOLD)):
        pdfmetrics.registerFont(ReportLabFont(name, io.BytesIO(FACES[weight])))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(PAGE_WIDE, PAGE_HIGH))
    for letter in letters:
        for x, y, size, bold, text in _lines(letter):
            canvas.setFillColorRGB(*(RED if bold else (0, 0, 0)))
            canvas.setFont("bold" if bold else "regular", size)
            canvas.drawString(x, PAGE_HIGH - y, text)
        canvas.setFillColorRGB(*RED)
        canvas.rect(MARGIN - 17, PAGE_HIGH - 128, 170 * MM, 3, stroke=0, fill=1)
        picture = ImageReader(Image.open(io.BytesIO(_png(letter))))
        canvas.drawImage(picture, 450, 85, 25 * MM, 25 * MM)
        canvas.showPage()
    canvas.save()
    return len(out.getvalue())


def fpdf2_each(letters: Sequence[Letter], folder: Path) -> int:
    """A document and a file a letter."""
    return sum(fpdf2_letters([letter], folder) for letter in letters)


def fpdf2_letters(letters: Sequence[Letter], folder: Path) -> int:
    """Lines placed one by one with fpdf2."""
    pdf = fpdf.FPDF(unit="pt", format="A4")
    for style, weight in (("", fonts.REGULAR), ("B", fonts.BOLD)):
        (folder / f"face{weight}.ttf").write_bytes(FACES[weight])
        pdf.add_font("serif", style, folder / f"face{weight}.ttf")
    for letter in letters:
        pdf.add_page()
        for x, y, size, bold, text in _lines(letter):
            pdf.set_text_color(*((217, 36, 28) if bold else (0, 0, 0)))
            pdf.set_font("serif", "B" if bold else "", size)
            pdf.text(x, y, text)
        pdf.set_fill_color(217, 36, 28)
        pdf.rect(MARGIN - 17, 125, 170 * MM, 3, style="F")
        pdf.image(io.BytesIO(_png(letter)), 450, 686, 25 * MM, 25 * MM)
    return len(pdf.output())


def _lines(letter: Letter) -> Iterator[Line]:
    yield 90, 113, 32, True, letter.sender
    yield 390, 155, 12, False, f"编号：{letter.number}"
    y = 190
    for text in (letter.salutation, *(f"　　{paragraph}" for paragraph in letter.paragraphs)):
        for line in _broken(text):
            yield MARGIN, y, SIZE, False, line
            y += PITCH
    yield 310, y + PITCH, SIZE, False, letter.sender
    yield 360, y + 2 * PITCH, SIZE, False, written_date(letter.letter_on)
    for row, line in enumerate(_foot(letter).split("\n")):
        yield MARGIN, 705 + 15 * row, 9.5, False, line
    yield 455, 770, 11, False, letter.typed_code or ""


def _broken(text: str) -> Iterator[str]:
    """Lines of 28 characters, none beginning with a punctuation mark."""
    while text:
        end = min(MEASURE, len(text))
        while end < len(text) and text[end] in CLINGS:
            end -= 1
        yield text[:end]
        text = text[end:]


def _foot(letter: Letter) -> str:
    items = "；".join(f"{item.name} × {item.quantity}" for item in letter.items)
    return (
        f"收到后，请告诉我们一声\n随信寄到：{items}。\n请用微信扫描右侧二维码；或在手机上打开 {letter.typed_url}，"
        f"输入码下的确认码。\n联系电话：{letter.phone}"
    )


def _all_text(letter: Letter) -> str:
    return "".join(text for _, _, _, _, text in _lines(letter)) + "…"


def _png(letter: Letter) -> bytes:
    code = letter.code or ""
    family = qr.family((letter.link or "").removesuffix(code), len(code))
    out = io.BytesIO()
    Image.frombytes("1", (family.dots, family.dots), family.rows(code)).save(out, "png")
    return out.getvalue()


def truetype(weight: int, characters: str, family: str = fonts.SERIF) -> bytes:
    """A face of ours with TrueType outlines and just these characters."""
    file, index = fonts.face_files(family)[weight]
    font = TTFont(file, fontNumber=index)
    asked = subset.Options(layout_features=[], glyph_names=False, notdef_outline=True)
    maker = subset.Subsetter(asked)
    maker.populate(text=characters)
    maker.subset(font)
    glyphs, outlines = font.getGlyphSet(), newTable("glyf")
    outlines.glyphOrder, outlines.glyphs = font.getGlyphOrder(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        outlines.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), outlines
    font["maxp"].tableVersion = 0x00010000
    for name in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                 "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):  # fmt: skip
        setattr(font["maxp"], name, 1 if name == "maxZones" else 0)
    font["post"].formatType = 3.0
    for name in ("CFF ", "VORG", "vhea", "vmtx", "GSUB", "GPOS", "GDEF", "BASE"):
        if name in font:
            del font[name]
    font.sfntVersion = "\x00\x01\x00\x00"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
