"""Stock as movements. On hand = received - issued + put_back - written_off; reserved = reserved - released - issued.

A line written off was issued before, so on hand falls at hand-over and `written_off` follows a `put_back`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Campaign, Consignment, Item, ItemKind, KitItem, ParcelLine, StockMove, StockMovement, Subject
from qianli.store.among import among
from qianli.store.journal import actor_of, moment_of, note_each

M = StockMove
ON_HAND = {M.received: 1, M.issued: -1, M.put_back: 1, M.written_off: -1}
RESERVED = {M.reserved: 1, M.released: -1, M.issued: -1}


@dataclass(frozen=True)
class Level:
    """How much of one item there is; `available` is what nobody waits for."""

    item: Item
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """On hand and not reserved."""
        return self.on_hand - self.reserved


def signed(signs: dict[StockMove, int]) -> Any:
    """The sum of the movements by these signs, as a column."""
    whens = [(col(StockMovement.move) == move, col(StockMovement.quantity) * sign) for move, sign in signs.items()]
    return sa.func.coalesce(sa.func.sum(sa.case(*whens, else_=0)), 0)


def levels(session: Session) -> list[Level]:
    """Every counted item with its levels, by SKU."""
    query = (
        sa.select(Item, signed(ON_HAND), signed(RESERVED))
        .join(StockMovement, col(StockMovement.item_id) == col(Item.id), isouter=True)
        .where(col(Item.kind) == ItemKind.stock)
        .group_by(*sa.inspect(Item).columns)
        .order_by(col(Item.sku))
    )
    return [Level(item, on_hand, reserved) for item, on_hand, reserved in session.execute(query)]


def _write(session: Session, move: StockMove, rows: Iterable[dict[str, Any]], *, reason: str = "") -> None:
    shared = {"move": move, "actor": actor_of(session), "at": moment_of(session), "reason": reason}
    if full := [{**shared, "consignment_id": None, "parcel_line_id": None, "campaign_id": None, **row} for row in rows]:
        session.execute(sa.insert(StockMovement), full)
        moved: dict[int, int] = {}
        for row in full:
            moved[row["item_id"]] = moved.get(row["item_id"], 0) + row["quantity"]
        whys = {item: str(quantity) for item, quantity in sorted(moved.items())}
        note_each(session, subject=Subject.item, whys=whys, what=move)


def lock_items(session: Session) -> None:
    """Let nobody else promise stock until this transaction ends; in order of id, so that nobody waits in a circle."""
    query = sa.select(col(Item.id)).where(col(Item.kind) == ItemKind.stock).order_by(col(Item.id)).with_for_update()
    session.execute(query).all()


def receive(session: Session, *, item_id: int, quantity: int) -> None:
    """New stock arrived."""
    _write(session, M.received, [{"item_id": item_id, "quantity": quantity}])


def needs(session: Session, *, campaign_id: int) -> dict[int, int]:
    """Item id → quantity one whole consignment of the campaign takes from stock."""
    query = (
        sa.select(col(KitItem.item_id), col(KitItem.quantity))
        .join(Campaign, col(Campaign.kit_id) == col(KitItem.kit_id))
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .where(col(Campaign.id) == campaign_id, col(Item.kind) == ItemKind.stock)
    )
    return dict(session.execute(query).tuples().all())


def reserve(session: Session, *, campaign_id: int, needs: Mapping[int, Mapping[int, int]]) -> None:
    """Reserve for each consignment its items: consignment id → item id → quantity. The caller saw there is enough."""
    rows = [
        {"item_id": item, "quantity": quantity, "campaign_id": campaign_id, "consignment_id": consignment}
        for consignment, items in needs.items()
        for item, quantity in items.items()
    ]
    _write(session, M.reserved, rows)


def reserve_lines(session: Session, *, line_ids: Sequence[int]) -> None:
    """Reserve what replacement lines hold, when they are planned."""
    _write(session, M.reserved, _stock_lines(session, line_ids))


def outstanding(session: Session, *, consignment_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """(consignment id, item id) → quantity still reserved, where it is not zero."""
    query = (
        sa.select(col(StockMovement.consignment_id), col(StockMovement.item_id), signed(RESERVED))
        .where(among(StockMovement.consignment_id, consignment_ids))
        .group_by(col(StockMovement.consignment_id), col(StockMovement.item_id))
    )
    return {(c, item): left for c, item, left in session.execute(query) if c is not None and left}


def release(session: Session, *, consignment_ids: Sequence[int], reason: str) -> None:
    """Give back whatever the consignments still have reserved."""
    left = outstanding(session, consignment_ids=consignment_ids)
    campaigns = _campaigns_of(session, consignment_ids)
    rows = [
        {"item_id": item, "quantity": quantity, "consignment_id": c, "campaign_id": campaigns[c]}
        for (c, item), quantity in left.items()
    ]
    _write(session, M.released, rows, reason=reason)


def release_lines(session: Session, *, line_ids: Sequence[int], reason: str) -> None:
    """Give back what replacement lines had reserved."""
    _write(session, M.released, _stock_lines(session, line_ids), reason=reason)


def issue(session: Session, *, parcel_ids: Sequence[int]) -> None:
    """The live lines of these parcels left the house."""
    rows = _lines(session, among(ParcelLine.parcel_id, parcel_ids), col(ParcelLine.voided_at).is_(None))
    _write(session, M.issued, rows)


def put_back(session: Session, *, line_ids: Sequence[int]) -> None:
    """Issued lines are on the shelf again."""
    _write(session, M.put_back, _stock_lines(session, line_ids))


def write_off(session: Session, *, line_ids: Sequence[int], reason: str = "") -> None:
    """Issued lines came back unusable or not at all: put back and written off, so that both are on record."""
    rows = _stock_lines(session, line_ids)
    _write(session, M.put_back, rows, reason=reason)
    _write(session, M.written_off, rows, reason=reason)


def _stock_lines(session: Session, line_ids: Sequence[int]) -> list[dict[str, Any]]:
    return _lines(session, among(ParcelLine.id, line_ids))


def _lines(session: Session, *conditions: Any) -> list[dict[str, Any]]:
    query = (
        sa.select(
            col(ParcelLine.id),
            col(ParcelLine.consignment_id),
            col(Consignment.campaign_id),
            col(KitItem.item_id),
            col(ParcelLine.quantity),
        )
        .join(Consignment, col(Consignment.id) == col(ParcelLine.consignment_id))
        .join(KitItem, col(KitItem.id) == col(ParcelLine.kit_item_id))
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .where(col(Item.kind) == ItemKind.stock, *conditions)
    )
    return [
        {"parcel_line_id": line, "consignment_id": c, "campaign_id": campaign, "item_id": item, "quantity": quantity}
        for line, c, campaign, item, quantity in session.execute(query)
    ]


def _campaigns_of(session: Session, consignment_ids: Sequence[int]) -> dict[int, int]:
    query = sa.select(col(Consignment.id), col(Consignment.campaign_id)).where(among(Consignment.id, consignment_ids))
    return {c: campaign for c, campaign in session.execute(query) if c is not None}
