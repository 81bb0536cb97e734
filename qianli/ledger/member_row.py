"""One member as a row of a ledger reports them."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qianli.ledger.rowkeys import RowKey

#: Values that only make sense together; two rows agree on them if one of them says nothing in the first two.
TOGETHER = (
    ("born_on",), ("joined_on",), ("away_since",), ("occupation",), ("phone", "phone_written", "phone_problem"),
    ("address", "address_on", "postcode"), ("dues_paid_until",), ("certificate_number",), ("certificate_issued_on",),
    ("certificate_checked_on",), ("deceased_on",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member as a row reports them; None, or an empty name beside a key, is what the row does not say."""

    sheet: str
    row: int
    key: RowKey | None = None
    name: str = ""
    born_on: date | None = None
    joined_on: date | None = None
    phone: str | None = None
    phone_written: str | None = None
    phone_problem: str | None = None
    away_since: date | None = None
    deceased_on: date | None = None
    occupation: str | None = None
    address: str | None = None
    address_on: date | None = None
    postcode: str | None = None
    dues_paid_until: date | None = None
    certificate_number: str | None = None
    certificate_issued_on: date | None = None
    certificate_checked_on: date | None = None
    details: dict[str, str] = field(default_factory=dict)

    @property
    def phone_key(self) -> str | None:
        """What phones are compared by: the number, or what stands in its place."""
        return self.phone or self.phone_written

    def says_the_same(self, other: "MemberRow") -> bool:
        """Whether both rows report the same, wherever they stand."""
        return replace(self, sheet="", row=0, key=None) == replace(other, sheet="", row=0, key=None)

    def united(self, other: "MemberRow") -> "MemberRow | None":
        """One row with what either of two rows about one person says; None if they contradict each other."""
        if any(other.details[name] != said for name, said in self.details.items() if name in other.details):
            return None
        taken = dict[str, Any]()
        for names in TOGETHER:
            here, there = (tuple(getattr(row, name) for name in names) for row in (self, other))
            if any(here[:2]) and any(there[:2]) and here != there:
                return None
            taken |= zip(names, here if any(here[:2]) else there, strict=True)
        return replace(self, **taken, details=other.details | self.details)
