"""What belongs together on the packing table: a parcel, and the letters that go into it."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Consignment, Item, KitItem, Paper, Parcel, ParcelLine


def parcel(session: Session, *, campaign_id: int, reference: str) -> Parcel | None:
    """The campaign's parcel whose slip or label was scanned."""
    query = select(Parcel).where(Parcel.campaign_id == campaign_id, Parcel.reference == reference)
    return session.exec(query).first()


def letters(session: Session, *, parcel_id: int) -> list[int]:
    """Numbers of the consignments whose letter goes into it, in order; none if only goods are sent again."""
    query = (
        sa.select(col(Consignment.number))
        .join(ParcelLine, col(ParcelLine.consignment_id) == col(Consignment.id))
        .join(KitItem, col(KitItem.id) == col(ParcelLine.kit_item_id))
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .where(
            col(ParcelLine.parcel_id) == parcel_id, col(ParcelLine.voided_at).is_(None), col(Item.paper) == Paper.letter
        )
        .distinct()
        .order_by(col(Consignment.number))
    )
    return list(session.scalars(query))
