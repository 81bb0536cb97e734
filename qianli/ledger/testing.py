"""What tests build files with: workbooks by script, and packages that no spreadsheet program would write."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]
SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(sheets: Mapping[str, Rows], change: Callable[[Workbook], object] | None = None) -> bytes:
    """An XLSX with these sheets; `change` may merge, hide and format before it is saved."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def altered(content: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """A package with some of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    return zipped(parts | {name: change(parts[name]) for name, change in changes.items()})


def package(*sheets: str, strings: str = "", names: Sequence[str] = (), **parts: bytes) -> bytes:
    """A workbook of hand-written sheet XML (what stands inside `worksheet`) and shared strings (inside `sst`)."""
    numbered = list(enumerate(sheets, start=1))
    titles = names or [f"表{number}" for number, _ in numbered]
    listed = "".join(
        f'<sheet name="{title}" sheetId="{number}" r:id="rId{number}"/>'
        for (number, _), title in zip(numbered, titles, strict=True)
    )
    linked = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATION}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number, _ in numbered
    )
    typed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{TYPE}.worksheet+xml"/>'
        for number, _ in numbered
    )
    written = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>{typed}'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET_NS}" xmlns:r="{RELATION}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{linked}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEET_NS}">{strings}</sst>',
    } | {
        f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{SHEET_NS}">{inside}</worksheet>'
        for number, inside in numbered
    }
    return zipped({name: text.encode() for name, text in written.items()} | parts)


def row_xml(number: int | None, *values: object) -> str:
    """A row of inline strings and numbers, with or without its number."""
    cells = "".join(
        "<c/>"
        if value is None
        else f"<c><v>{value}</v></c>"
        if isinstance(value, int | float)
        else f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
        for value in values
    )
    return f"<row{f' r={chr(34)}{number}{chr(34)}' if number else ''}>{cells}</row>"


def data_xml(*rows: str) -> str:
    """Rows as the data of a sheet."""
    return f"<sheetData>{''.join(rows)}</sheetData>"
