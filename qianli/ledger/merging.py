"""What a row changes about a member. An empty cell never erases what is known."""

from typing import Any

from qianli.ledger.matching import Known
from qianli.ledger.members import MemberRow

PLAIN = (
    "born_on", "joined_on", "phone", "away_since", "occupation", "dues_paid_until", "certificate_number",
    "certificate_issued_on", "certificate_checked_on", "deceased_on",
)  # fmt: skip


def changes(known: Known, row: MemberRow) -> dict[str, Any]:
    """The fields that get a new value; empty if the row says nothing new."""
    found = {name: said for name in PLAIN if (said := getattr(row, name)) is not None and said != getattr(known, name)}
    if row.key and row.name and row.name != known.name:
        found["name"] = row.name
    if row.phone and known.phone_written:
        found["phone_written"] = None
    if row.phone_written and not known.phone and row.phone_written != known.phone_written:
        found["phone_written"] = row.phone_written
    if (details := known.details | row.details) != known.details:
        found["details"] = details
    return found


def first_values(row: MemberRow) -> dict[str, Any]:
    """The fields of a member seen for the first time."""
    names = (*PLAIN, "name", "phone_written", "details")
    return {name: getattr(row, name) for name in names}
