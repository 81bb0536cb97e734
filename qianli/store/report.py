"""The rows the closing report is counted from."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Consignment,
    ConsignmentState,
    Item,
    JournalEntry,
    KitItem,
    Member,
    Organisation,
    Parcel,
    ParcelLine,
    Snapshot,
    StockMove,
    StockMovement,
    Subject,
)
from qianli.store.status import LEFT_THE_HOUSE


def why_unconfirmed(session: Session, *, campaign_id: int) -> str | None:
    """The reason given at close for members who never answered."""
    query = (
        select(JournalEntry.why)
        .join(Consignment, col(Consignment.id) == col(JournalEntry.subject_id))
        .where(
            Consignment.campaign_id == campaign_id,
            JournalEntry.subject == Subject.consignment,
            JournalEntry.what == ConsignmentState.unconfirmed,
        )
        .order_by(col(JournalEntry.id))
    )
    return session.exec(query).first()


@dataclass(frozen=True)
class Owed:
    """One consignment as the report counts it."""

    number: int
    state: ConsignmentState
    name: str
    province: str | None
    organisation_id: int
    organisation: str
    reason: str | None
    is_warned: bool


def owed(session: Session, *, campaign_id: int) -> list[Owed]:
    """Every consignment with the name and province it was prepared with and its member's home, by number."""
    query = (
        sa.select(
            col(Consignment.number), col(Consignment.state), sa.func.coalesce(col(Snapshot.name), col(Member.name)),
            col(Snapshot.province), col(Organisation.id), col(Organisation.name), col(Consignment.not_sent_reason),
            col(Consignment.warning).is_not(None),
        )
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .outerjoin(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(col(Consignment.campaign_id) == campaign_id)
        .order_by(col(Consignment.number))
    )  # fmt: skip
    return [Owed(*row) for row in session.execute(query)]


def _left_the_house() -> Any:
    """Lines that went with their parcel; those voided before hand-over were taken out of it."""
    return sa.and_(
        col(Parcel.stage).in_(LEFT_THE_HOUSE),
        sa.or_(col(ParcelLine.voided_at).is_(None), col(ParcelLine.voided_at) >= col(Parcel.handed_over_at)),
    )


def sent(session: Session, *, campaign_id: int) -> list[tuple[Parcel, list[int]]]:
    """Parcels that left the house, in sequence, each with the consignments in it, its consignee's own first."""
    rank = sa.case((col(Snapshot.member_id) == col(Consignment.member_id), 0), else_=1).label("rank")
    query = (
        sa.select(Parcel, col(Consignment.number), rank)
        .join(ParcelLine, col(ParcelLine.parcel_id) == col(Parcel.id))
        .join(Consignment, col(Consignment.id) == col(ParcelLine.consignment_id))
        .join(Snapshot, col(Snapshot.id) == col(Parcel.consignee_snapshot_id))
        .where(col(Parcel.campaign_id) == campaign_id, _left_the_house())
        .order_by(col(Parcel.sequence), rank, col(Consignment.number))
        .distinct()
    )
    found: dict[int, tuple[Parcel, list[int]]] = {}
    for parcel, number, _ in session.execute(query):
        found.setdefault(parcel.key, (parcel, []))[1].append(number)
    return list(found.values())


@dataclass(frozen=True)
class Goods:
    """So many of an item for one consignment."""

    number: int
    item_id: int
    item: str
    unit_cost_fen: int
    quantity: int


def issued(session: Session, *, campaign_id: int) -> list[Goods]:
    """What left the house, before anything was put back; by consignment, in the kit's order."""
    columns = (col(Consignment.number), col(Item.id), col(Item.name), col(Item.unit_cost_fen))
    query = (
        sa.select(*columns, sa.func.sum(col(ParcelLine.quantity)))
        .select_from(ParcelLine)
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .join(Consignment, col(Consignment.id) == col(ParcelLine.consignment_id))
        .join(KitItem, col(KitItem.id) == col(ParcelLine.kit_item_id))
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .where(col(Parcel.campaign_id) == campaign_id, _left_the_house())
        .group_by(*columns, col(KitItem.position))
        .order_by(col(Consignment.number), col(KitItem.position))
    )
    return [Goods(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class Again:
    """What was sent again: parcels, their postage, and item by item how many and what one costs."""

    parcels: int
    postage_fen: int
    items: list[tuple[str, int, int]]


def again(session: Session, *, campaign_id: int) -> Again:
    """Parcels with replacements that left the house, counted apart."""
    replaces = sa.and_(col(ParcelLine.replaces_line_id).is_not(None), _left_the_house())
    mine = col(Parcel.campaign_id) == campaign_id
    with_some = sa.exists().where(col(ParcelLine.parcel_id) == col(Parcel.id), replaces).correlate(Parcel)
    postage = sa.func.coalesce(sa.func.sum(col(Parcel.postage_fen)), 0)
    count, fen = session.execute(sa.select(sa.func.count(), postage).select_from(Parcel).where(mine, with_some)).one()
    columns = (col(Item.name), col(Item.unit_cost_fen))
    items = (
        sa.select(*columns, sa.func.sum(col(ParcelLine.quantity)))
        .select_from(ParcelLine)
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .join(KitItem, col(KitItem.id) == col(ParcelLine.kit_item_id))
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .where(mine, replaces)
        .group_by(*columns, col(KitItem.position))
        .order_by(col(KitItem.position))
    )
    return Again(int(count), int(fen), [(name, int(n), cost) for name, cost, n in session.execute(items)])


def back_on_the_shelf(session: Session, *, campaign_id: int) -> dict[tuple[int, int], int]:
    """(number, item id) → how many were put back and not written off."""
    signed = sa.case(
        (col(StockMovement.move) == StockMove.put_back, col(StockMovement.quantity)),
        else_=-col(StockMovement.quantity),
    )
    query = (
        sa.select(col(Consignment.number), col(StockMovement.item_id), sa.func.sum(signed))
        .join(Consignment, col(Consignment.id) == col(StockMovement.consignment_id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(StockMovement.move).in_([StockMove.put_back, StockMove.written_off]),
        )
        .group_by(col(Consignment.number), col(StockMovement.item_id))
    )
    return {(number, item): quantity for number, item, quantity in session.execute(query)}
