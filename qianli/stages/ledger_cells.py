"""A member as a row of a ledger: what stands in each column that the importer knows."""

from datetime import date

from models import Member, Residence
from qianli.ledger.columns import DETAILS, FACTS
from qianli.ledger.out import Value
from qianli.ledger.phones import display
from qianli.ledger.rowkeys import RowKey
from qianli.stages.moves import known_on


def cells(member: Member, home: Residence | None) -> dict[str, Value]:
    """Column name → value; empty where nothing is known. Written out and read in again, it changes nothing."""
    phone = display(member.phone) if member.phone else member.phone_written
    return {
        "key": str(RowKey(member.key, member.version)),
        "name": member.name,
        "born_on": member.born_on,
        "joined_on": member.joined_on,
        "phone": phone,
        "address": home.written if home else None,
        "address_on": known_on(home) if home else None,
        "postcode": home.postcode if home else None,
        "away_since": member.away_since,
        "occupation": member.occupation,
        **{name: known for name in FACTS if (known := getattr(member, name)) is not None},
        **{name: _detail(name, str(member.details[name])) for name in DETAILS if member.details.get(name)},
    }


def _detail(name: str, kept: str) -> Value:
    return date.fromisoformat(kept) if name.endswith("_on") else kept
