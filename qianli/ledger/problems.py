"""What is wrong with one cell of a file, said so that a person can find it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RowProblem:
    """Sheet, row and column as the spreadsheet shows them, and a reason without personal data."""

    sheet: str
    row: int
    column: str
    reason: str
