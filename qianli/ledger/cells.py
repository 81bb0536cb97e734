"""Cells and sheets, and a cell as text."""

from dataclasses import dataclass
from datetime import date, datetime

from qianli.folding import fold
from qianli.ledger.formulas import restored

Value = str | int | float | date | None

WHOLE_LIMIT = 1e18  # floats above it are not numbers anybody typed


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell. A date is a `datetime` only if the cell has a time of day as well."""

    value: Value
    formula: bool = False


@dataclass(frozen=True)
class Sheet:
    """One worksheet; `rows[0]` is spreadsheet row 1. Rows end at their last filled cell."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False


def text(cell: Cell) -> str:
    """The cell as folded text: 1.39E10 → "13900000000", true → "是", a date as 2026-01-31."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < WHOLE_LIMIT:
        return str(int(value))
    if isinstance(value, str):
        return fold(restored(value))
    return fold(value.isoformat(" ") if isinstance(value, datetime) else str(value))
