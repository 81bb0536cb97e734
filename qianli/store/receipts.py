"""What members said, and what they were asked about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Campaign,
    Consignment,
    Item,
    ItemProblem,
    KitItem,
    Parcel,
    ParcelLine,
    ParcelStage,
    Receipt,
    ReceiptItem,
    Said,
    SaidVia,
    Snapshot,
)
from qianli.receipts.contents import Line
from qianli.store.among import among


@dataclass(frozen=True)
class Asked:
    """A consignment, its campaign, and the name it was prepared with (none before it was prepared)."""

    consignment: Consignment
    campaign: Campaign
    name: str | None


def _asked() -> Any:
    return (
        select(Consignment, Campaign, Snapshot.name)
        .join(Campaign, col(Campaign.id) == Consignment.campaign_id)
        .outerjoin(Snapshot, col(Snapshot.id) == Consignment.snapshot_id)
    )


def consignment_by_code_hash(session: Session, *, hashes: Iterable[str]) -> Asked | None:
    """Whose code it is, under any of the keys it may have been made with."""
    row = session.exec(_asked().where(col(Consignment.code_hash).in_(list(hashes)))).first()
    return Asked(*row) if row else None


def locked(session: Session, *, consignment_id: int) -> Asked:
    """A consignment and its campaign; until this transaction ends the campaign is not closed, nor the answer changed.

    The campaign comes first and is shared: closing takes the same order, and members do not wait for each other.
    """
    campaign_id = select(Consignment.campaign_id).where(Consignment.id == consignment_id).scalar_subquery()
    session.exec(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update(read=True)).one()
    session.exec(select(Consignment.id).where(Consignment.id == consignment_id).with_for_update()).one()
    return Asked(*session.exec(_asked().where(Consignment.id == consignment_id)).one())


def member_of(session: Session, *, consignment_id: int) -> int | None:
    """Whose a consignment is; None once it was purged. No row is kept in memory that others may change meanwhile."""
    return session.exec(select(Consignment.member_id).where(Consignment.id == consignment_id)).first()


def consignment_of_member(session: Session, *, campaign_id: int, member_id: int) -> Consignment | None:
    """What a member is owed in a campaign, if anything."""
    query = select(Consignment).where(Consignment.campaign_id == campaign_id, Consignment.member_id == member_id)
    return session.exec(query).first()


def lines(session: Session, *, consignment_id: int) -> list[Line]:
    """Every line ever made for a consignment, in the kit's order, earlier ones first."""
    query = (
        select(ParcelLine, Item.sku, Item.name, Parcel.stage)
        .join(Parcel, col(Parcel.id) == ParcelLine.parcel_id)
        .join(KitItem, col(KitItem.id) == ParcelLine.kit_item_id)
        .join(Item, col(Item.id) == KitItem.item_id)
        .where(ParcelLine.consignment_id == consignment_id)
        .order_by(col(KitItem.position), col(ParcelLine.id))
    )
    return [
        Line(
            kit_item_id=line.kit_item_id,
            sku=sku,
            name=name,
            quantity=line.quantity,
            live=line.voided_at is None,
            replacement=line.replaces_line_id is not None,
            stage=ParcelStage(stage),
        )
        for line, sku, name, stage in session.exec(query)
    ]


def current(session: Session, *, consignment_ids: Iterable[int]) -> dict[int, Receipt]:
    """What each of them said last, by consignment."""
    query = select(Receipt).where(among(Receipt.consignment_id, consignment_ids), col(Receipt.superseded_at).is_(None))
    return {receipt.consignment_id: receipt for receipt in session.exec(query)}


def problems(session: Session, *, receipt_ids: Iterable[int]) -> dict[int, dict[int, ItemProblem]]:
    """Per receipt, what is wrong with which kit item; receipts without trouble are not in it."""
    found: dict[int, dict[int, ItemProblem]] = {}
    query = select(ReceiptItem).where(among(ReceiptItem.receipt_id, receipt_ids)).order_by(col(ReceiptItem.id))
    for item in session.exec(query):
        found.setdefault(item.receipt_id, {})[item.kit_item_id] = item.problem
    return found


def supersede(session: Session, *, receipt_id: int, at: datetime) -> None:
    """A later word takes this receipt's place; it is kept."""
    update = sa.update(Receipt).where(col(Receipt.id) == receipt_id).values(superseded_at=at)
    session.execute(update.execution_options(synchronize_session="fetch"))


def add(
    session: Session,
    *,
    consignment_id: int,
    said: Said,
    said_via: SaidVia,
    problems: Mapping[int, ItemProblem],
    note: str,
    recorded_by: str,
    at: datetime,
) -> int:
    """Write down what was said; the answer is the receipt's id."""
    receipt = Receipt(
        consignment_id=consignment_id,
        said=said,
        said_via=said_via,
        note=note,
        recorded_by=recorded_by,
        recorded_at=at,
    )
    session.add(receipt)
    session.flush()
    rows = [
        {"receipt_id": receipt.key, "kit_item_id": kit_item_id, "problem": problem}
        for kit_item_id, problem in problems.items()
    ]
    if rows:
        session.execute(sa.insert(ReceiptItem), rows)
    return receipt.key


@dataclass(frozen=True)
class Told:
    """A current receipt with the number and name of its consignment."""

    receipt: Receipt
    number: int
    name: str


def of_campaign(session: Session, *, campaign_id: int) -> list[Told]:
    """Every current receipt of a campaign, by consignment number."""
    query = (
        select(Receipt, Consignment.number, Snapshot.name)
        .join(Consignment, col(Consignment.id) == Receipt.consignment_id)
        .join(Snapshot, col(Snapshot.id) == Consignment.snapshot_id)
        .where(Consignment.campaign_id == campaign_id, col(Receipt.superseded_at).is_(None))
        .order_by(col(Consignment.number))
    )
    return [Told(*row) for row in session.exec(query)]


def item_names(session: Session, *, kit_id: int | None) -> dict[int, str]:
    """The name of each item of a kit, by kit item, in the kit's order."""
    query = (
        select(KitItem.id, Item.name)
        .join(Item, col(Item.id) == KitItem.item_id)
        .where(KitItem.kit_id == kit_id)
        .order_by(col(KitItem.position))
    )
    return {kit_item_id: name for kit_item_id, name in session.exec(query) if kit_item_id is not None}
