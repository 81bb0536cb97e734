"""What falls when parcels are voided or consignments cancelled: lines, and what still runs."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Consignment,
    ConsignmentState,
    Message,
    MessagePurpose,
    Parcel,
    ParcelLine,
    ParcelStage,
    PhoneCall,
    PrintRun,
    Sheet,
)
from qianli.store.among import among
from qianli.store.told_calls import STANDS_FOR_IT, was_made

BEFORE_HANDOVER = (ParcelStage.planned, ParcelStage.printed, ParcelStage.packed)
CANCELLABLE = (
    ConsignmentState.planned,
    ConsignmentState.held,
    ConsignmentState.ready,
    ConsignmentState.under_way,
)

#: Messages that stand for a parcel and that a channel may have sent.
MAY_BE_OUT = (
    col(Message.purpose) == MessagePurpose.notice,
    col(Message.consignment_id).is_not(None),
    col(Message.asked_at).is_not(None),
    col(Message.failed_at).is_(None),
)


def void_lines(session: Session, *, line_ids: Iterable[int], at: datetime) -> None:
    """These lines count no more; their items can be planned again."""
    update = sa.update(ParcelLine).where(among(ParcelLine.id, line_ids), col(ParcelLine.voided_at).is_(None))
    session.execute(update.values(voided_at=at).execution_options(synchronize_session="fetch"))


def void_sheets_of_manifest(session: Session, *, manifest_id: int, at: datetime) -> None:
    """The pages of a manifest that is void."""
    runs = sa.select(col(PrintRun.id)).where(col(PrintRun.manifest_id) == manifest_id)
    update = sa.update(Sheet).where(col(Sheet.print_run_id).in_(runs), col(Sheet.voided_at).is_(None))
    session.execute(update.values(voided_at=at).execution_options(synchronize_session=False))


def handed_over_references(session: Session, *, consignment_id: int) -> list[str]:
    """References of parcels with a courier that hold live lines of this consignment."""
    query = (
        sa.select(col(Parcel.reference))
        .join(ParcelLine, col(ParcelLine.parcel_id) == col(Parcel.id))
        .where(
            col(ParcelLine.consignment_id) == consignment_id,
            col(ParcelLine.voided_at).is_(None),
            col(Parcel.stage) == ParcelStage.handed_over,
        )
        .distinct()
        .order_by(col(Parcel.reference))
    )
    return list(session.execute(query).scalars())


def to_cancel_with_campaign(session: Session, *, campaign_id: int) -> list[int]:
    """Consignments of which nothing is with a courier and nothing was answered, by number."""
    running = (
        sa.select(col(ParcelLine.consignment_id))
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .where(
            col(Parcel.campaign_id) == campaign_id,
            col(Parcel.stage) == ParcelStage.handed_over,
            col(ParcelLine.voided_at).is_(None),
        )
    )
    query = (
        sa.select(col(Consignment.id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(Consignment.state).in_(CANCELLABLE),
            col(Consignment.id).not_in(running),
        )
        .order_by(col(Consignment.number))
    )
    out = told(session, campaign_id=campaign_id)
    return [id_ for id_ in session.execute(query).scalars() if id_ is not None and id_ not in out]


def told(session: Session, *, campaign_id: int) -> set[int]:
    """Consignments of a campaign whose message was asked of a channel, so that it may be out; or who were called."""
    query = sa.select(col(Message.consignment_id)).where(col(Message.campaign_id) == campaign_id, *MAY_BE_OUT)
    calls = sa.select(col(PhoneCall.consignment_id)).where(
        col(PhoneCall.campaign_id) == campaign_id, *STANDS_FOR_IT, was_made()
    )
    return {int(id_) for id_ in session.execute(query.union(calls)).scalars()}


def still_here(session: Session, *, consignment_ids: Iterable[int]) -> dict[int, int]:
    """Those of which nothing is with a courier, no message may be out, nothing was answered: id → campaign id."""
    running = sa.select(col(ParcelLine.consignment_id)).join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
    running = running.where(
        among(ParcelLine.consignment_id, consignment_ids),
        col(Parcel.stage) == ParcelStage.handed_over,
        col(ParcelLine.voided_at).is_(None),
    )
    query = sa.select(col(Consignment.id), col(Consignment.campaign_id)).where(
        among(Consignment.id, consignment_ids),
        col(Consignment.state).in_(CANCELLABLE),
        col(Consignment.id).not_in(running),
        col(Consignment.id).not_in(sa.select(col(Message.consignment_id)).where(*MAY_BE_OUT)),
    )
    return dict(session.execute(query).tuples().all())


def in_the_house(session: Session, *, consignment_ids: Iterable[int]) -> list[int]:
    """Parcels still in our hands that hold live lines of any of these consignments."""
    query = sa.select(col(Parcel.id)).join(ParcelLine, col(ParcelLine.parcel_id) == col(Parcel.id))
    query = query.where(
        among(ParcelLine.consignment_id, consignment_ids),
        col(ParcelLine.voided_at).is_(None),
        col(Parcel.stage).in_(BEFORE_HANDOVER),
    )
    return [id_ for id_ in session.execute(query.distinct().order_by(col(Parcel.id))).scalars() if id_ is not None]
