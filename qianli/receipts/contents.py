"""What should be in a member's hands, from the lines of the parcels that were made for the consignment."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import ParcelStage

SENT = {ParcelStage.handed_over, ParcelStage.taken_back}


@dataclass(frozen=True)
class Line:
    """One kit item in one parcel, live or not."""

    kit_item_id: int
    sku: str
    name: str
    quantity: int
    live: bool
    replacement: bool
    stage: ParcelStage


@dataclass(frozen=True)
class ExpectedItem:
    """One kit item as the member sees it. `resent`: None, or whether its replacement has left already."""

    kit_item_id: int
    sku: str
    name: str
    quantity: int
    resent: bool | None = None


def was_sent(lines: Sequence[Line]) -> bool:
    """Whether anything was ever handed to a courier."""
    return any(line.stage in SENT for line in lines)


def came_back(lines: Sequence[Line]) -> bool:
    """Whether all that was handed over has been taken back, and nothing new has left."""
    return was_sent(lines) and all(line.stage != ParcelStage.handed_over for line in lines)


def expected_items(lines: Sequence[Line]) -> list[ExpectedItem]:
    """Each kit item once, in the order of the lines: its live lines, or what came back if nothing is live."""
    items = []
    for kit_item_id in dict.fromkeys(line.kit_item_id for line in lines):
        own = [line for line in lines if line.kit_item_id == kit_item_id]
        counted = [line for line in own if line.live] or [line for line in own if line.stage in SENT]
        if counted:
            items.append(_item(counted))
    return items


def _item(lines: Sequence[Line]) -> ExpectedItem:
    first = next((line for line in lines if not line.replacement), lines[0])
    again = [line for line in lines if line.replacement]
    resent = again[-1].stage in SENT if again else None
    return ExpectedItem(first.kit_item_id, first.sku, first.name, first.quantity, resent)
