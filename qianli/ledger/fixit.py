"""The fix-it spreadsheet: rows that were refused, each with its reasons beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from qianli.ledger.out import Value, write_xlsx

REASON, SHEET, ROW = "问题（改好后再导入本表）", "原工作表", "原行号"
SENT = "您原来填的（没有导入）"
NAME_LENGTH = 31
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True)
class RefusedRow:
    """One refused row: column title → what stands there, and the reasons."""

    sheet: str
    row: int
    values: dict[str, str]
    reasons: tuple[str, ...]


def fix_file(rows: Sequence[RefusedRow]) -> bytes:
    """An XLSX with one sheet for each source sheet; it can be mended and imported as it is."""
    sheets: list[tuple[str, list[str], list[list[Value]]]] = []
    for number, name in enumerate(dict.fromkeys(row.sheet for row in rows), start=1):
        own = [row for row in rows if row.sheet == name]
        titles = list(dict.fromkeys(title for row in own for title in row.values))
        cells: list[list[Value]] = [
            ["；".join(row.reasons), *(row.values.get(title, "") for title in titles), row.sheet, row.row]
            for row in own
        ]
        sheets.append((_sheet_name(name, number), [REASON, *titles, SHEET, ROW], cells))
    return write_xlsx(sheets)


def _sheet_name(name: str, number: int) -> str:
    """Excel's rules for sheet names; the number keeps shortened names apart."""
    bare = name.translate(FORBIDDEN_IN_NAMES).strip()
    return f"{number} {bare}"[:NAME_LENGTH].strip()
