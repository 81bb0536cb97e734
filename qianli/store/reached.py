"""How far the consignments of a campaign are on their way, by what it sends. Each function is one statement."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import CallEnd, Channel, Message, MessagePurpose, Parcel, ParcelLine, ParcelStage, PhoneCall, Tracking
from qianli.store.status import LEFT_THE_HOUSE
from qianli.store.told_calls import STANDS_FOR_IT, was_made


def parcels(session: Session, *, campaign_id: int) -> tuple[int, ...]:
    """Consignments that are packed or further, handed over or further, and delivered, by the courier's word."""
    live = col(ParcelLine.voided_at).is_(None)

    def counted(*conditions: sa.ColumnElement[bool]) -> Any:
        return sa.func.count(sa.distinct(sa.case((sa.and_(live, *conditions), col(ParcelLine.consignment_id)))))

    query = (
        sa.select(
            counted(col(Parcel.stage).in_((ParcelStage.packed, *LEFT_THE_HOUSE))),
            counted(col(Parcel.stage).in_(LEFT_THE_HOUSE)),
            counted(col(Parcel.tracking) == Tracking.delivered),
        )
        .select_from(ParcelLine)
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .where(col(Parcel.campaign_id) == campaign_id)
    )
    packed, gone, delivered = session.execute(query).one()
    return int(packed), int(gone), int(delivered)


def messages(session: Session, *, campaign_id: int) -> tuple[int, ...]:
    """Consignments whose message a channel took, and whose message it reports delivered."""
    went = sa.and_(col(Message.answered_at).is_not(None), col(Message.failed_at).is_(None))
    query = sa.select(
        sa.func.count(sa.distinct(sa.case((went, col(Message.consignment_id))))),
        sa.func.count(
            sa.distinct(sa.case((sa.and_(went, col(Message.delivered_at).is_not(None)), col(Message.consignment_id))))
        ),
    ).where(col(Message.campaign_id) == campaign_id, col(Message.purpose) == MessagePurpose.notice)
    sent, delivered = session.execute(query).one()
    return int(sent), int(delivered)


def calls(session: Session, *, campaign_id: int) -> tuple[int, ...]:
    """Consignments that somebody rang about, and those whose member was told."""
    told = col(PhoneCall.outcome) == CallEnd.told
    query = sa.select(
        sa.func.count(sa.distinct(sa.case((was_made(), col(PhoneCall.consignment_id))))),
        sa.func.count(sa.distinct(sa.case((told, col(PhoneCall.consignment_id))))),
    ).where(col(PhoneCall.campaign_id) == campaign_id, *STANDS_FOR_IT)
    rang, told_of = session.execute(query).one()
    return int(rang), int(told_of)


#: What is counted between ready and confirmed.
BY_CHANNEL: dict[Channel, Callable[..., tuple[int, ...]]] = {
    Channel.post: parcels,
    Channel.message: messages,
    Channel.phone: calls,
}
