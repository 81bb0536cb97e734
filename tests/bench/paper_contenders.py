"""Labels and manifests as other PDF makers draw them: the same words and bars, on about the same page."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import fpdf
import typst
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as ReportLabFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

from qianli.documents import code128, fonts
from qianli.documents.forms import AddressLabel, ManifestPaper
from tests.bench.press_contenders import truetype

MM = 72 / 25.4
WIDE, HIGH, LEFT, TEXT_LEFT, MODULE = 100 * MM, 150 * MM, 4 * MM, 16 * MM, 0.375 * MM
ADDRESS_PT, ADDRESS_CHARACTERS = 16, 14
TITLES = ("序号", "包裹编号 / 运单号", "收件人", "收件地址", "重量（克）", "备注")
COLUMNS_MM = (10, 34, 25, 74, 17, 18)
WORDS = "中国邮政第件快递运单粘贴处收寄内件包裹编号 / 运单号收件人地址重量（克）备注序号邮编—0123456789-"
FACES: dict[int, bytes] = {}

TYPST_LABELS = """
#set page(width: 100mm, height: 150mm, margin: 4mm)
#set text(font: "Noto Sans CJK SC", size: 9pt, lang: "zh", region: "cn")
#let bars(some, high) = box(width: some.wide * 0.375mm, height: high, for one in some.bars {
  place(dx: one.at(0) * 0.375mm, rect(width: one.at(1) * 0.375mm, height: high, fill: black))
})
#for label in json("labels.json") {
  text(13pt, weight: "bold", label.courier) + h(1fr) + [第 #label.sequence 件]
  rect(width: 100%, height: 28mm, align(center, bars(label.waybill_bars, 16mm) + linebreak()
    + text(12pt, weight: "bold", label.waybill)))
  grid(columns: (12mm, 1fr), text(13pt, weight: "bold", "收"), {
    text(20pt, weight: "bold", label.name) + linebreak()
    text(15pt, weight: "bold", label.phone) + h(1fr) + [邮编 #label.postcode] + linebreak()
    text(16pt, weight: "bold", label.region) + linebreak()
    text(16pt, label.detail)
  })
  v(1fr)
  line(length: 100%)
  grid(columns: (12mm, 1fr), text(9pt, weight: "bold", "寄"),
    [#label.sender #label.sender_phone \\ #label.sender_address])
  line(length: 100%)
  [内件 ] + text(weight: "bold", label.content)
  line(length: 100%)
  align(center, bars(label.reference_bars, 15mm) + linebreak() + text(12pt, weight: "bold", label.reference))
  pagebreak(weak: true)
}
"""
TYPST_MANIFEST = """
#set page(paper: "a4", margin: (left: 18mm, right: 14mm, top: 14mm, bottom: 17mm), numbering: "1 / 1")
#set text(font: "Noto Sans CJK SC", size: 9pt, lang: "zh", region: "cn")
#table(columns: (10mm, 34mm, 25mm, 1fr, 17mm, 18mm), inset: 1.2mm, stroke: 0.2pt,
  table.header(..TITLES.map(one => strong(one))),
  ..json("rows.json").map(row => {
    (row.at(0), row.at(1) + linebreak() + row.at(2), row.at(3), row.at(4), row.at(5), [])
  }).flatten())
"""


def prepare(maker: str, texts: Sequence[str]) -> None:
    """What is not measured: TrueType outlines for those that cannot read Noto's."""
    if maker in ("ReportLab", "fpdf2"):
        characters = "".join(sorted({*"".join(texts), *WORDS}))
        for weight in (fonts.REGULAR, fonts.BOLD):
            FACES[weight] = truetype(weight, characters, fonts.SANS)


def typst_labels(labels: Sequence[AddressLabel], folder: Path) -> bytes:
    """One Typst document."""
    rows = [
        {
            "courier": one.courier_name, "sequence": str(one.sequence), "waybill": one.waybill_number or "",
            "waybill_bars": _bars(one.waybill_number or ""), "name": one.name, "phone": one.phone,
            "postcode": one.postcode or "", "region": one.region, "detail": one.detail, "sender": one.sender.name,
            "sender_phone": one.sender.phone, "sender_address": one.sender.address, "content": one.content,
            "reference": one.reference, "reference_bars": _bars(one.reference),
        }
        for one in labels
    ]  # fmt: skip
    (folder / "labels.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return _typst(TYPST_LABELS, folder)


def typst_manifest(form: ManifestPaper, folder: Path) -> bytes:
    """One table."""
    rows = [
        (str(row.position), row.reference, row.waybill_number or "—", row.name, row.address, str(row.weight_g))
        for row in form.rows
    ]
    (folder / "rows.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return _typst(
        TYPST_MANIFEST.replace("TITLES", json.dumps(TITLES, ensure_ascii=False).replace("[", "(").replace("]", ")")),
        folder,
    )


def _typst(program: str, folder: Path) -> bytes:
    (folder / "paper.typ").write_text(program, "utf-8")
    made: bytes = typst.compile(str(folder / "paper.typ"), root=str(folder))
    return made


def _bars(text: str) -> dict[str, object]:
    return {"wide": code128.modules(text), "bars": [*code128.bars(text)]}


def reportlab_labels(labels: Sequence[AddressLabel], _folder: Path) -> bytes:
    """Lines placed one by one on ReportLab's canvas."""
    _register()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE, HIGH))
    for label in labels:
        for x, y, size, bold, text in _lines(label):
            canvas.setFont("bold" if bold else "regular", size)
            canvas.drawString(x, HIGH - y, text)
        for text, top, high in _codes(label):
            path = canvas.beginPath()
            left = (WIDE - code128.modules(text) * MODULE) / 2
            for start, length in code128.bars(text):
                path.rect(left + start * MODULE, HIGH - top - high, length * MODULE, high)
            canvas.drawPath(path, stroke=0, fill=1)
        canvas.rect(LEFT, HIGH - 40 * MM, 92 * MM, 28 * MM)
        for y in (98, 114, 121):
            canvas.line(LEFT, HIGH - y * MM, WIDE - LEFT, HIGH - y * MM)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def reportlab_manifest(form: ManifestPaper, folder: Path) -> bytes:
    """One long table, whose cells wrap as ReportLab wraps Chinese."""
    _register()
    style = ParagraphStyle("cell", fontName="regular", fontSize=9, leading=11.25, wordWrap="CJK")
    rows: list[list[object]] = [list(TITLES)]
    rows += [
        [
            str(row.position), f"{row.reference}\n{row.waybill_number or '—'}", Paragraph(row.name, style),
            Paragraph(row.address, style), str(row.weight_g), "",
        ]
        for row in form.rows
    ]  # fmt: skip
    look = [("FONT", (0, 0), (-1, -1), "regular", 9, 11.25), ("GRID", (0, 0), (-1, -1), 0.2, colors.grey)]
    table = LongTable(rows, colWidths=[wide * MM for wide in COLUMNS_MM], repeatRows=1, style=TableStyle(look))
    path = folder / "manifest.pdf"
    margins = {"leftMargin": 18 * MM, "rightMargin": 14 * MM, "topMargin": 14 * MM, "bottomMargin": 17 * MM}
    SimpleDocTemplate(str(path), pagesize=A4, **margins).build([table])
    return path.read_bytes()


def fpdf2_labels(labels: Sequence[AddressLabel], folder: Path) -> bytes:
    """Lines placed one by one with fpdf2."""
    pdf = _fpdf2(folder, (WIDE, HIGH))
    for label in labels:
        pdf.add_page()
        for x, y, size, bold, text in _lines(label):
            pdf.set_font("sans", "B" if bold else "", size)
            pdf.text(x, y, text)
        for text, top, high in _codes(label):
            left = (WIDE - code128.modules(text) * MODULE) / 2
            for start, length in code128.bars(text):
                pdf.rect(left + start * MODULE, top, length * MODULE, high, style="F")
        pdf.rect(LEFT, 12 * MM, 92 * MM, 28 * MM)
        for y in (98, 114, 121):
            pdf.line(LEFT, y * MM, WIDE - LEFT, y * MM)
    return bytes(pdf.output())


def fpdf2_manifest(form: ManifestPaper, folder: Path) -> bytes:
    """One table."""
    pdf = _fpdf2(folder, "A4")
    pdf.add_page()
    pdf.set_font("sans", "", 9)
    with pdf.table(col_widths=COLUMNS_MM, line_height=11.25) as table:
        table.row(TITLES)
        for row in form.rows:
            codes = f"{row.reference}\n{row.waybill_number or '—'}"
            table.row((str(row.position), codes, row.name, row.address, str(row.weight_g), ""))
    return bytes(pdf.output())


def _register() -> None:
    for name, weight in (("regular", fonts.REGULAR), ("bold", fonts.BOLD)):
        pdfmetrics.registerFont(ReportLabFont(name, io.BytesIO(FACES[weight])))


def _fpdf2(folder: Path, size: object) -> fpdf.FPDF:
    pdf = fpdf.FPDF(unit="pt", format=size)
    pdf.set_margins(18 * MM, 14 * MM, 14 * MM)
    for style, weight in (("", fonts.REGULAR), ("B", fonts.BOLD)):
        (folder / f"face{weight}.ttf").write_bytes(FACES[weight])
        pdf.add_font("sans", style, folder / f"face{weight}.ttf")
    return pdf


def _codes(label: AddressLabel) -> list[tuple[str, float, float]]:
    """What each code says, where it begins from the top, and how high it is."""
    return [(label.waybill_number or "", 13 * MM, 16 * MM), (label.reference, 122 * MM, 15 * MM)]


def _lines(label: AddressLabel) -> list[tuple[float, float, float, bool, str]]:
    """Where each line of text begins, its size and weight."""
    detail = [label.detail[at : at + ADDRESS_CHARACTERS] for at in range(0, len(label.detail), ADDRESS_CHARACTERS)]
    lines = [
        (LEFT, 9 * MM, 13, True, label.courier_name), (75 * MM, 9 * MM, 9, False, f"第{label.sequence}件"),
        (35 * MM, 35 * MM, 12, True, label.waybill_number or ""), (LEFT, 50 * MM, 13, True, "收"),
        (TEXT_LEFT, 50 * MM, 20, True, label.name), (TEXT_LEFT, 58 * MM, 15, True, label.phone),
        (75 * MM, 58 * MM, 9, False, f"邮编{label.postcode}"), (TEXT_LEFT, 65 * MM, ADDRESS_PT, True, label.region),
        (LEFT, 104 * MM, 9, True, "寄"), (TEXT_LEFT, 103 * MM, 9, False, f"{label.sender.name} {label.sender.phone}"),
        (TEXT_LEFT, 108 * MM, 9, False, label.sender.address), (LEFT, 118 * MM, 9, False, "内件"),
        (TEXT_LEFT, 118 * MM, 10, True, label.content), (38 * MM, 142 * MM, 12, True, label.reference),
    ]  # fmt: skip
    return lines + [(TEXT_LEFT, (72 + 7 * row) * MM, ADDRESS_PT, False, text) for row, text in enumerate(detail)]
