"""Calls of campaigns by telephone, each of which stands for what others get as a parcel."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import CallEnd, CallPurpose, Campaign, Consignment, ConsignmentState, PhoneCall
from qianli.store.among import among
from qianli.store.phone_calls import OPEN

#: Calls that stand for a parcel.
STANDS_FOR_IT = (col(PhoneCall.purpose) == CallPurpose.notice, col(PhoneCall.consignment_id).is_not(None))
#: Ends of a call that was made.
MADE = (CallEnd.told, CallEnd.took_part, CallEnd.no_answer, CallEnd.wrong_number)


def made_before(session: Session, *, consignment_ids: Collection[int]) -> dict[int, int]:
    """Consignment id → how many calls of a campaign by telephone were written down for it."""
    query = sa.select(col(PhoneCall.consignment_id), sa.func.count()).where(
        *STANDS_FOR_IT, among(PhoneCall.consignment_id, consignment_ids)
    )
    return dict(session.execute(query.group_by(col(PhoneCall.consignment_id))).tuples().all())


def waiting(session: Session, *, campaign_id: int) -> int:
    """Calls of a campaign by telephone that nobody has brought to an end yet."""
    query = (
        sa.select(sa.func.count())
        .select_from(PhoneCall)
        .join(Consignment, col(Consignment.id) == col(PhoneCall.consignment_id))
        .where(
            OPEN, *STANDS_FOR_IT, col(PhoneCall.campaign_id) == campaign_id,
            col(Consignment.state) == ConsignmentState.under_way,
        )
    )  # fmt: skip
    return int(session.execute(query).scalar_one())


def out(session: Session, *, campaign_id: int) -> list[tuple[int, datetime, datetime | None]]:
    """Calls of a campaign by telephone that were made: the number, when at last, and when the member was told."""
    made_at = sa.func.coalesce(col(PhoneCall.ended_at), col(PhoneCall.tried_at))
    told_at = sa.case((col(PhoneCall.outcome) == CallEnd.told, col(PhoneCall.ended_at)))
    query = (
        sa.select(col(Consignment.number), sa.func.max(made_at), sa.func.max(told_at))
        .join(Consignment, col(Consignment.id) == col(PhoneCall.consignment_id))
        .where(col(PhoneCall.campaign_id) == campaign_id, *STANDS_FOR_IT, was_made())
        .group_by(col(Consignment.number))
        .order_by(col(Consignment.number))
    )
    return [(number, at, told) for number, at, told in session.execute(query)]


@dataclass(frozen=True)
class Tells:
    """The campaign by telephone behind a consignment whose calls are over."""

    campaign_id: int
    code: str
    number: int
    sender: Mapping[str, Any]


def unreached(session: Session, *, consignment_id: int) -> Tells | None:
    """The campaign of a consignment that was called for in vain, with no call left to make; None of any other."""
    mine = sa.exists().where(*STANDS_FOR_IT, col(PhoneCall.consignment_id) == col(Consignment.id))
    query = (
        sa.select(col(Campaign.id), col(Campaign.code), col(Consignment.number), col(Campaign.sender))
        .join(Consignment, col(Consignment.campaign_id) == col(Campaign.id))
        .where(
            col(Consignment.id) == consignment_id, col(Consignment.state) == ConsignmentState.under_way, mine,
            sa.not_(mine.where(OPEN)),
        )
    )  # fmt: skip
    row = session.execute(query).first()
    return Tells(*row) if row else None


def was_made() -> sa.ColumnElement[bool]:
    """Whether somebody rang at all."""
    return sa.or_(col(PhoneCall.tries) > 0, col(PhoneCall.outcome).in_(MADE))
