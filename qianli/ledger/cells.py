"""Cells and sheets, and a cell as text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import overload

from qianli.folding import fold
from qianli.ledger.formulas import restored

Value = str | int | float | date | None

WHOLE_LIMIT = 1e18  # floats above it are not numbers anybody typed
EXCEL_ERRORS = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
DAMAGED = "\ufffd"  # what a decoder puts where a character was lost


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell. A date is a `datetime` only if the cell has a time of day as well."""

    value: Value
    formula: bool = False
    torn: bool = False  # the line of a CSV file could not be read as it was meant


BLANK = Cell(None)


class Rows(Sequence[list[Cell]]):
    """The rows of a sheet, kept small: of a cell its value alone, unless there is more to say of it.

    A row that is asked for is made anew; to change one, set it.
    """

    def __init__(self, rows: Iterable[list[Cell]] = ()) -> None:
        self._rows: list[tuple[Value | Cell, ...]] = [_packed(row) for row in rows]

    def append(self, row: Sequence[Value | Cell]) -> None:
        """One more at the end, each cell or its value alone."""
        self._rows.append(_packed(row))

    def __setitem__(self, index: int, row: list[Cell]) -> None:
        self._rows[index] = _packed(row)

    @overload
    def __getitem__(self, index: int) -> list[Cell]: ...
    @overload
    def __getitem__(self, index: slice) -> list[list[Cell]]: ...
    def __getitem__(self, index: int | slice) -> list[Cell] | list[list[Cell]]:
        if isinstance(index, slice):
            return [_unpacked(row) for row in self._rows[index]]
        return _unpacked(self._rows[index])

    def __iter__(self) -> Iterator[list[Cell]]:
        return map(_unpacked, self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, number: int, row: list[Cell]) -> None:
        """A row under its number in the spreadsheet; where one stands already, below all others."""
        if number <= len(self._rows) and self._rows[number - 1]:
            number = len(self._rows) + 1
        self._rows.extend([()] * (number - len(self._rows)))
        self._rows[number - 1] = _packed(row)

    def cut(self, length: int) -> None:
        """Only so many rows, from the top."""
        del self._rows[length:]


def _packed(row: Sequence[Value | Cell]) -> tuple[Value | Cell, ...]:
    return tuple([one.value if isinstance(one, Cell) and not (one.formula or one.torn) else one for one in row])


def _unpacked(row: tuple[Value | Cell, ...]) -> list[Cell]:
    return [BLANK if one is None else one if isinstance(one, Cell) else Cell(one) for one in row]


@dataclass(frozen=True)
class Sheet:
    """One worksheet; `rows[0]` is spreadsheet row 1. Rows end at their last filled cell."""

    name: str
    rows: Sequence[list[Cell]]
    hidden: bool = False
    remarks: tuple[str, ...] = ()  # what of this sheet was not read, as sentences


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


def unusable(cell: Cell) -> str | None:
    """Why what stands in a cell cannot be what was meant; None for all others."""
    if cell.torn:
        return "这一行的引号不成对，或者内容过长，请核对这一行"
    if cell.formula:
        return "这一格是公式，请改为数值（复制后选择性粘贴为值）"
    if isinstance(cell.value, str) and cell.value in EXCEL_ERRORS:
        return "这一格是公式出错的结果，请填上正确的内容"
    if isinstance(cell.value, str) and DAMAGED in cell.value:
        return "这一格的文字编码坏了，有的字已经丢失，请重新填写"
    return None
