"""What a courier's way of telling us things comes to: rows read, rows refused, remarks on rows that are fine."""

from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from models import Charge
from qianli.couriers.columns import LABELS
from qianli.couriers.live import Said
from qianli.ledger.problems import RowProblem


@dataclass(frozen=True)
class Line:
    """A row of a file as it stands there, by column title; `titles` are the file's own titles of our columns."""

    sheet: str
    row: int
    values: dict[str, str]
    titles: dict[str, str] = field(default_factory=dict)

    def problem(self, column: str, reason: str) -> RowProblem:
        """A sentence about one of our columns in this row, under the file's own title of it."""
        return RowProblem(self.sheet, self.row, self.titles.get(column, LABELS[column]), reason)

    def raw(self) -> dict[str, str]:
        """What stands in our columns, unchanged."""
        return {column: self.values[title] for column, title in self.titles.items() if self.values.get(title)}

    def refused(self, column: str, reason: str) -> "Refusal":
        """The same for a row that cannot be used."""
        return Refusal(self, self.problem(column, reason))


@dataclass(frozen=True)
class Refusal:
    """A row that cannot be used, and why."""

    line: Line
    problem: RowProblem


@dataclass(frozen=True)
class WaybillRow:
    """A parcel of ours (by reference, as written) and the number the courier gave it, or why it does not take it."""

    line: Line
    reference: str
    waybill_number: str
    refusal: str = ""


@dataclass(frozen=True)
class InvoiceRow:
    """What is billed for one parcel, by waybill number, by our reference, or both."""

    line: Line
    waybill_number: str
    reference: str
    charge: Charge
    billed_fen: int
    billed_weight_g: int | None


@dataclass(frozen=True)
class EventRow:
    """One thing a courier said about one parcel, and where that stands: a file or the wire."""

    line: Line
    said: Said


RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Found(Generic[RowT]):
    """What a file holds."""

    rows: list[RowT] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notices: list[RowProblem] = field(default_factory=list)


class ReadsFiles(Protocol):
    """A courier that tells us its numbers and events in files. Modules are such couriers."""

    def read_waybills(self, content: bytes, filename: str) -> Found[WaybillRow]:
        """The waybill numbers in a file."""

    def read_events(self, content: bytes, filename: str) -> Found[EventRow]:
        """The events in a file."""
