"""Bytes → cells, for XLSX and CSV. What the file is, is read from its bytes; its name only helps the explanation."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL

from qianli.errors import BadInput
from qianli.folding import fold
from qianli.ledger.cells import Cell, Sheet, Value, text
from qianli.ledger.tables import Table, find_table

__all__ = ["Cell", "Sheet", "Table", "find_table", "read_sheets", "text"]

MAX_BYTES = 30_000_000
MAX_UNPACKED = 400_000_000  # a zip can claim far more than it weighs
MAX_ROWS = 200_000
MAX_COLUMNS = 300
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
WEB_PAGE = re.compile(rb"\s*<(!doctype|html|table|\?xml|meta)", re.IGNORECASE)
BINARY = re.compile("[\x00-\x08\x0e-\x1f]")


def read_sheets(content: bytes, *, filename: str, only: str | None = None) -> list[Sheet]:
    """The sheets of an XLSX or CSV file, or just the one called `only`; BadInput says what is wrong with the file."""
    if not content.strip():
        raise BadInput("这个文件是空的，里面没有内容。")
    if len(content) > MAX_BYTES:
        raise BadInput(f"文件太大（超过 {MAX_BYTES // 1_000_000} MB）。请拆成几个文件，或删去图片后再导入。")
    _refuse_other_formats(content, PurePath(filename).suffix.lower())
    sheets = _read_xlsx(content) if content.startswith(ZIP) else [_read_csv(content, PurePath(filename).stem)]
    if only is None:
        return sheets
    if chosen := [sheet for sheet in sheets if fold(sheet.name) == fold(only)]:
        return chosen
    raise BadInput(f"文件里没有名为“{only}”的工作表。", [f"现有工作表：{sheet.name}" for sheet in sheets])


def _refuse_other_formats(content: bytes, suffix: str) -> None:
    if content.startswith(OLD_EXCEL):
        raise BadInput("这是旧版 Excel（XLS）、WPS（ET）或加了密码的文件。请去掉密码，另存为 XLSX 后再导入。")
    if WEB_PAGE.match(content):
        raise BadInput("这个文件其实是网页，只是扩展名像表格。请用 Excel 或 WPS 打开，另存为 XLSX 后再导入。")
    if suffix in {".xlsx", ".xlsm", ".xls"} and not content.startswith(ZIP):
        raise BadInput(f"文件的扩展名是 {suffix}，内容却不是 Excel 表格，可能已经损坏。请重新导出或另存为 XLSX。")


def _read_xlsx(content: bytes) -> list[Sheet]:
    damaged = "Excel 文件打不开，可能没有下载完整或已经损坏。请在 Excel 或 WPS 里重新另存为 XLSX。"
    try:
        _refuse_odd_packages(zipfile.ZipFile(io.BytesIO(content)).infolist())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on features of Excel that do not matter here
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            return [_xlsx_sheet(sheet) for sheet in book.worksheets]
    except BadInput:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over in a damaged file
        raise BadInput(damaged) from error


def _refuse_odd_packages(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise BadInput("这个文件是压缩包或别的文档，不是 Excel 表格。请另存为 XLSX 后再导入。")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadInput("Excel 文件展开后过大。请只保留需要导入的工作表，再另存为新文件。")


def _xlsx_sheet(sheet: Any) -> Sheet:
    sheet.reset_dimensions()  # exporters write wrong ones
    rows = sheet.iter_rows(min_row=1, max_col=MAX_COLUMNS + 1)  # padded to this width
    return Sheet(sheet.title, _bounded(map(_xlsx_row, rows)), hidden=sheet.sheet_state != "visible")


def _xlsx_row(row: Sequence[Any]) -> list[Cell]:
    width = len(row)
    while width and row[width - 1] is EMPTY_CELL:
        width -= 1
    return [Cell(_value(cell.value), formula=cell.data_type == "f") for cell in row[:width]]


def _value(value: Any) -> Value:
    if isinstance(value, datetime):
        return value if value.time() != time() else value.date()
    if value is None or isinstance(value, str | int | float | date):
        return value or None if isinstance(value, str) else value
    return str(getattr(value, "text", value))  # array formulas, times of day, durations


def _read_csv(content: bytes, name: str) -> Sheet:
    written = decode(content)
    head = "\n".join(written.splitlines()[:20])
    delimiter = max(",\t;", key=head.count)
    try:
        reader = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)
        return Sheet(name, _bounded([_csv_cell(value) for value in row] for row in reader))
    except csv.Error as error:
        raise BadInput("CSV 文件读不下去：引号或换行不完整。请用 Excel 或 WPS 打开，另存为 XLSX 后再导入。") from error


def _csv_cell(value: str) -> Cell:
    if kept_as_text := re.fullmatch(r'="([^"]*)"', value):  # how exporters keep leading zeros
        return Cell(kept_as_text[1] or None)
    return Cell(value or None, formula=value.startswith("="))


def decode(content: bytes) -> str:
    """A text file as UTF-8, else as GB18030; BadInput if it is neither."""
    wrong = "文件的文字编码认不出来。请用 Excel 或 WPS 打开，另存为 XLSX，或存为 UTF-8 编码的 CSV。"
    for readable in (_utf8, _gb18030):
        written = readable(content)
        if written is not None:
            if BINARY.search(written):
                raise BadInput(wrong)
            return written
    raise BadInput(wrong)


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        lenient = content.decode("utf-8", "replace")
        beyond_ascii = sum(1 for character in lenient if ord(character) > 0x7F)  # noqa: PLR2004 - the last of ASCII
        if lenient.count("\ufffd") * 10 < beyond_ascii:  # UTF-8 with a flaw; other encodings give far more
            raise BadInput("文件是 UTF-8 编码，但有几处已经损坏。请重新导出，或另存为 XLSX 后再导入。") from error
        return None


def _gb18030(content: bytes) -> str | None:
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        return None


def _bounded(rows: Iterable[list[Cell]]) -> list[list[Cell]]:
    """The rows up to the last filled one, each up to its last filled cell; BadInput if there are too many."""
    kept: list[list[Cell]] = []
    filled = 0
    for number, row in enumerate(rows, start=1):
        width = max((index for index, cell in enumerate(row, start=1) if cell.value is not None), default=0)
        if width:
            filled = number
            if number > MAX_ROWS or width > MAX_COLUMNS:
                raise BadInput(f"表格太大：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列。请拆成几个文件后再导入。")
        if number <= MAX_ROWS:
            kept.append(row[:width])
    return kept[:filled]
