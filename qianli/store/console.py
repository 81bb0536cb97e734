"""What the console reads: every query holds the scope of whoever asks, and is one statement whatever the size."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Campaign,
    CampaignState,
    Consignment,
    ConsignmentState,
    Hold,
    HoldReason,
    Member,
    Parcel,
    ParcelLine,
    Snapshot,
    Tracking,
)
from qianli.errors import NotFound
from qianli.store.scope import Scope

ENDED = (CampaignState.closed, CampaignState.cancelled)
#: Home counts no further than this, of no more campaigns: the rest waits behind them.
MOST_COUNTED, MOST_CAMPAIGNS = 200, 200
CONFIRMED = (ConsignmentState.confirmed, ConsignmentState.confirmed_with_issues)


def campaigns(session: Session, scope: Scope) -> list[Campaign]:
    """Campaigns of these organisations, newest first."""
    query = select(Campaign).where(scope.covers(Campaign.organisation_id)).order_by(col(Campaign.id).desc())
    return list(session.exec(query))


def campaign(session: Session, scope: Scope, *, code: str) -> Campaign:
    """One of them; another organisation's is not there."""
    query = select(Campaign).where(Campaign.code == code, scope.covers(Campaign.organisation_id))
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"没有代码为“{code}”的活动，或者它不属于您的组织。", code=code)
    return found


@dataclass(frozen=True)
class Waiting:
    """So many of a campaign wait, the first since then."""

    code: str
    name: str
    count: int
    since: datetime


def held(session: Session, scope: Scope, *, reasons: Collection[HoldReason], others: bool) -> list[Waiting]:
    """Members held for one of these reasons, or for any other one, by campaign."""
    among = col(Hold.reason).not_in(reasons) if others else col(Hold.reason).in_(reasons)
    query = (
        sa.select(
            col(Campaign.code), col(Campaign.name), sa.func.count(sa.distinct(col(Consignment.id))),
            sa.func.min(col(Hold.opened_at)),
        )
        .join(Consignment, col(Consignment.campaign_id) == col(Campaign.id))
        .join(Hold, col(Hold.consignment_id) == col(Consignment.id))
        .where(
            scope.covers(Campaign.organisation_id), col(Campaign.state).not_in(ENDED), col(Hold.cleared_at).is_(None),
            among,
        )
        .group_by(col(Campaign.code), col(Campaign.name))
    )  # fmt: skip
    return [Waiting(*row) for row in session.execute(query)]


def to_chase(session: Session, campaigns: Sequence[Campaign], *, before: datetime) -> list[Waiting]:
    """Consignments delivered before then of which the member said nothing, by campaign, counted to `MOST_COUNTED`."""
    going = {one.key: one for one in campaigns if one.state not in ENDED}
    each = [_silent(id_, before=before) for id_ in list(going)[:MOST_CAMPAIGNS]]
    found = session.execute(sa.union_all(*each)).all() if each else ()
    return [Waiting(going[id_].code, going[id_].name, count, since) for id_, count, since in found if count]


def _silent(campaign_id: int, *, before: datetime) -> sa.Select[Any]:
    """Of one campaign: its id, how many, since when; the count stops early, for a page is waited for."""
    delivered = (
        sa.select(sa.func.min(col(Parcel.delivered_at)))
        .join(ParcelLine, col(ParcelLine.parcel_id) == col(Parcel.id))
        .where(
            col(ParcelLine.consignment_id) == col(Consignment.id), col(ParcelLine.voided_at).is_(None),
            col(Parcel.tracking) == Tracking.delivered,
        )
        .correlate(Consignment)
        .scalar_subquery()
    )  # fmt: skip
    some = (
        sa.select(delivered.label("since"))
        .select_from(Consignment)
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .where(
            col(Consignment.campaign_id) == campaign_id, col(Consignment.state) == ConsignmentState.under_way,
            col(Member.deceased_on).is_(None), col(Member.do_not_contact).is_not(True), delivered <= before,
        )
        .limit(MOST_COUNTED)
        .subquery()
    )  # fmt: skip
    return sa.select(sa.literal(campaign_id), sa.func.count(), sa.func.min(some.c.since)).select_from(some)


def holds(session: Session, *, campaign_id: int, most: int) -> list[tuple[Hold, int, str]]:
    """The first open holds of a campaign that was found in scope, with number and name."""
    query = (
        sa.select(Hold, col(Consignment.number), col(Snapshot.name))
        .join(Consignment, col(Consignment.id) == col(Hold.consignment_id))
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(col(Consignment.campaign_id) == campaign_id, col(Hold.cleared_at).is_(None))
        .order_by(col(Consignment.number), col(Hold.id))
        .limit(most)
    )
    return [(hold, number, name) for hold, number, name in session.execute(query)]


def provinces(session: Session, *, campaign_id: int) -> list[tuple[str | None, int, int]]:
    """Province, consignments and those confirmed, most first."""
    confirmed = sa.func.sum(sa.case((col(Consignment.state).in_(CONFIRMED), 1), else_=0))
    query = (
        sa.select(col(Snapshot.province), sa.func.count(), confirmed)
        .select_from(Consignment)
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(col(Consignment.campaign_id) == campaign_id, col(Consignment.state) != ConsignmentState.cancelled)
        .group_by(col(Snapshot.province))
        .order_by(sa.func.count().desc(), col(Snapshot.province))
    )
    return [(province, int(count), int(sure or 0)) for province, count, sure in session.execute(query)]


def hours(session: Session, *, campaign_id: int) -> list[tuple[str, str, int]]:
    """The hour of hand-over and of delivery in UTC ("2027-01-04 01"), and how many parcels share both."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"

    def hour(column: Any) -> Any:
        utc = sa.func.timezone("UTC", column) if is_postgresql else column
        return sa.func.substr(sa.cast(utc, sa.Text), 1, 13)

    each = (
        sa.select(hour(col(Parcel.handed_over_at)).label("gone"), hour(col(Parcel.delivered_at)).label("there"))
        .where(
            col(Parcel.campaign_id) == campaign_id, col(Parcel.tracking) == Tracking.delivered,
            col(Parcel.handed_over_at).is_not(None), col(Parcel.delivered_at).is_not(None),
        )
        .subquery()
    )  # fmt: skip
    query = sa.select(each.c.gone, each.c.there, sa.func.count()).group_by(each.c.gone, each.c.there)
    return [(gone, there, int(count)) for gone, there, count in session.execute(query)]
