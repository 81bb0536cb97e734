"""Bytes → cells, for XLSX and CSV. What the file is, is read from its bytes; its name only helps the explanation."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath

from qianli.errors import BadInput
from qianli.folding import fold, visible
from qianli.ledger.cells import Cell, Sheet, text
from qianli.ledger.delimited import read_csv
from qianli.ledger.tables import Table, find_table
from qianli.ledger.workbooks import read_workbook

__all__ = ["Cell", "Sheet", "Table", "find_table", "read_sheets", "text"]

MAX_BYTES = 30_000_000
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
LOCKED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
WEB_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml|meta)", re.IGNORECASE)


def read_sheets(
    content: bytes, *, filename: str, only: str | None = None, seen: Callable[[int], None] | None = None
) -> list[Sheet]:
    """The sheets of an XLSX or CSV file, or just the one called `only`; BadInput says what is wrong with the file.

    `seen` hears of every thousandth row.
    """
    if not content.strip():
        raise BadInput("这个文件是空的，里面没有内容。")
    if len(content) > MAX_BYTES:
        raise BadInput(f"文件太大（超过 {MAX_BYTES // 1_000_000} MB）。请拆成几个文件，或删去图片后再导入。")
    _refuse_other_formats(content, PurePath(filename).suffix.lower())
    stem = visible(PurePath(filename).stem)
    sheets = _apart(read_workbook(content, seen) if content.startswith(ZIP) else [read_csv(content, stem, seen)])
    if only is None:
        return sheets
    if chosen := [sheet for sheet in sheets if fold(sheet.name) == fold(only)]:
        return chosen
    raise BadInput(f"文件里没有名为“{only}”的工作表。", [f"现有工作表：{sheet.name}" for sheet in sheets])


def _refuse_other_formats(content: bytes, suffix: str) -> None:
    if content.startswith(OLD_EXCEL):
        if LOCKED in content:
            raise BadInput("这个文件加了密码，读不了。请在 Excel 或 WPS 里去掉密码，另存后再导入。")
        raise BadInput("这是旧版 Excel（XLS）或 WPS（ET）的文件，改扩展名没有用。请打开后另存为 XLSX，再导入。")
    if WEB_PAGE.match(content):
        raise BadInput("这个文件其实是网页，只是扩展名像表格。请用 Excel 或 WPS 打开，另存为 XLSX 后再导入。")
    if suffix in {".xlsx", ".xlsm", ".xls"} and not content.startswith(ZIP):
        raise BadInput(f"文件的扩展名是 {suffix}，内容却不是 Excel 表格，可能已经损坏。请重新导出或另存为 XLSX。")


def _apart(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Each under a name of its own: rows are found again by the name of their sheet."""
    names: set[str] = set()
    apart = []
    for number, sheet in enumerate(sheets, start=1):
        name = sheet.name if sheet.name and sheet.name not in names else f"{sheet.name} 第{number}张".strip()
        names.add(name)
        apart.append(replace(sheet, name=name))
    return apart
