"""What a campaign has already committed: postage of its parcels, cost of the goods in them."""

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Consignment,
    ConsignmentState,
    Item,
    KitItem,
    Parcel,
    ParcelLine,
    ParcelStage,
    StockMove,
    StockMovement,
)


def committed_fen(session: Session, *, campaign_id: int) -> int:
    """Postage of all parcels that are not void, and the goods in them that did not come back to the shelf, in fen."""
    mine = (col(Parcel.campaign_id) == campaign_id, col(Parcel.stage) != ParcelStage.voided)
    postage = sa.select(sa.func.coalesce(sa.func.sum(col(Parcel.postage_fen)), 0)).where(*mine)
    written_off = col(ParcelLine.id).in_(_moved(StockMove.written_off))
    goods = (
        sa.select(sa.func.coalesce(sa.func.sum(col(ParcelLine.quantity) * col(Item.unit_cost_fen)), 0))
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .join(KitItem, col(KitItem.id) == col(ParcelLine.kit_item_id))
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .where(*mine, sa.or_(col(ParcelLine.id).not_in(_moved(StockMove.put_back)), written_off))
    )
    return int(session.execute(postage).scalar_one()) + int(session.execute(goods).scalar_one())


def told(session: Session, *, campaign_id: int) -> int:
    """How many consignments of a campaign without parcels went out: what is asked of a channel is paid for."""
    still = (ConsignmentState.planned, ConsignmentState.held, ConsignmentState.ready, ConsignmentState.not_sent)
    query = sa.select(sa.func.count()).where(
        col(Consignment.campaign_id) == campaign_id,
        col(Consignment.state).not_in((*still, ConsignmentState.cancelled)),
    )
    return int(session.execute(query).scalar_one())


def _moved(move: StockMove) -> sa.ScalarSelect[int]:
    lines = sa.select(col(StockMovement.parcel_line_id))
    return lines.where(
        col(StockMovement.move) == move, col(StockMovement.parcel_line_id).is_not(None)
    ).scalar_subquery()
