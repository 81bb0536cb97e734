"""Who lives elsewhere by now than the papers say, and what was decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Campaign,
    Channel,
    Consignment,
    ConsignmentState,
    Parcel,
    ParcelLine,
    ParcelStage,
    Residence,
    Snapshot,
)
from qianli.store import residences

S = ConsignmentState
PLACE = ("province", "city", "district", "detail")


@dataclass(frozen=True)
class Elsewhere:
    """A consignment with what it was prepared with, and the residence in force by now (None: none).

    `stage` is its parcel's; `passed_over` the residence that somebody decided to leave aside; `out`: a courier has it.
    """

    consignment_id: int
    number: int
    state: ConsignmentState
    passed_over: int | None
    stage: ParcelStage | None
    out: bool
    snapshot: Snapshot
    residence: Residence | None

    @property
    def is_open(self) -> bool:
        """Whether something can still be decided, and was not."""
        return not self.out and (self.residence is None or self.residence.id != self.passed_over)


def elsewhere(session: Session, *, campaign_id: int, on: date) -> list[Elsewhere]:
    """Whose place on a day is another by now than they were prepared with, by number; the same written anew is none."""
    line = (
        sa.select(col(ParcelLine.consignment_id), sa.func.max(col(ParcelLine.parcel_id)).label("parcel_id"))
        .where(col(ParcelLine.voided_at).is_(None))
        .group_by(col(ParcelLine.consignment_id))
        .subquery()
    )
    audience = sa.select(col(Consignment.member_id)).where(col(Consignment.campaign_id) == campaign_id)
    there = residences.holding(col(Residence.member_id).in_(audience), on=on)
    differs = [getattr(Residence, name).is_distinct_from(getattr(Snapshot, name)) for name in PLACE]
    own = (col(Consignment.id), col(Consignment.number), col(Consignment.state), col(Consignment.passed_over_id))
    query = (
        sa.select(*own, col(Parcel.stage), is_out(), Snapshot, Residence)
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .outerjoin(there, there.c.member_id == col(Consignment.member_id))
        .outerjoin(Residence, col(Residence.id) == there.c.id)
        .outerjoin(line, line.c.consignment_id == col(Consignment.id))
        .outerjoin(Parcel, col(Parcel.id) == line.c.parcel_id)
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(Consignment.state).in_([S.ready, S.held, S.under_way]),
            col(Snapshot.residence_id).is_not(None),
            sa.not_(is_told()),
            there.c.id.is_distinct_from(col(Snapshot.residence_id)),
            sa.or_(*differs),
        )
        .order_by(col(Consignment.number))
    )
    return [Elsewhere(*row) for row in session.execute(query)]


def is_out() -> Any:
    """Whether a consignment has a live line that a courier has taken."""
    return (
        sa.select(col(ParcelLine.id))
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .where(
            col(ParcelLine.consignment_id) == col(Consignment.id),
            col(ParcelLine.voided_at).is_(None),
            col(Parcel.stage) == ParcelStage.handed_over,
        )
        .exists()
    )


def pass_over(session: Session, *, residences: Mapping[int, int]) -> None:
    """Consignment id → the residence that is known and left aside: it goes where it was prepared for."""
    if residences:
        rows = [{"id": id_, "passed_over_id": residence} for id_, residence in residences.items()]
        session.execute(sa.update(Consignment), rows)


def is_told() -> Any:
    """Whether a consignment is of a campaign that sends nothing by post."""
    by_post = sa.select(col(Campaign.id)).where(col(Campaign.channel) == Channel.post)
    return col(Consignment.campaign_id).not_in(by_post)


def is_out_or_told() -> Any:
    """Whether its member may be waited for: a courier has something, or a message or call stands for it."""
    return sa.or_(is_out(), is_told())
