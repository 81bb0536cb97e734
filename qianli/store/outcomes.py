"""How earlier parcels to an address ended: one history of campaigns that still have their rows, and of those purged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models import (
    Consignment,
    ConsignmentState,
    OddsWarning,
    Outcome,
    OutcomeKind,
    Parcel,
    ParcelLine,
    ParcelStage,
    Residence,
    Snapshot,
    Tracking,
)
from qianli.store.among import among

K, S, T = OutcomeKind, ConsignmentState, Tracking
COLUMNS = ("residence_id", "courier", "province", "city", "district", "kind", "returned_for", "returned_at", "sent_at")
DIVISION = ("province", "city", "district")
ARRIVED = (K.confirmed, K.delivered)
Place = tuple[str | None, str | None, str | None, str]


@dataclass(frozen=True)
class Track:
    """What is remembered of one member at one place. `suspect_at`: when a courier last spoke against the address."""

    arrived: int
    returned: int
    suspect_at: datetime | None
    returned_sent_at: datetime | None
    arrived_sent_at: datetime | None


@dataclass(frozen=True)
class District:
    """How many of what one courier took to one district arrived, of how many that ended."""

    courier: str
    province: str | None
    city: str | None
    district: str | None
    arrived: int
    ended: int
    returned: int = 0


def tracks(session: Session, *, member_ids: Iterable[int]) -> dict[tuple[int, Place], Track]:
    """(member id, place) → what was sent there and how it ended. A residence that was copied is the same place."""
    wanted = list(member_ids)
    theirs = sa.select(col(Residence.id)).where(among(Residence.member_id, wanted))
    kept = _kept().where(col(Outcome.residence_id).in_(theirs))
    told = sa.union_all(_live(among(Consignment.member_id, wanted)), kept).subquery()
    is_back, is_there = told.c.kind == K.returned, told.c.kind.in_(ARRIVED)
    place = (col(Residence.province), col(Residence.city), col(Residence.district), col(Residence.detail))
    query = (
        sa.select(
            col(Residence.member_id), *place,
            sa.func.count().filter(is_there), sa.func.count().filter(is_back),
            sa.func.max(told.c.returned_at).filter(is_back, told.c.returned_for.is_not(None)),
            sa.func.max(told.c.sent_at).filter(is_back), sa.func.max(told.c.sent_at).filter(is_there),
        )
        .join(Residence, col(Residence.id) == told.c.residence_id)
        .where(among(Residence.member_id, wanted))
        .group_by(col(Residence.member_id), *place)
    )  # fmt: skip
    return {
        (member, (province, city, district, detail)): Track(*counts)
        for member, province, city, district, detail, *counts in session.execute(query)
    }


def districts(session: Session) -> list[District]:
    """Every courier and district that anything was sent to."""
    told = sa.union_all(_live(), _kept()).subquery()
    where = (told.c.courier, *(told.c[name] for name in DIVISION))
    arrived = sa.func.count().filter(told.c.kind.in_(ARRIVED))
    returned = sa.func.count().filter(told.c.kind == K.returned)
    query = sa.select(*where, arrived, sa.func.count(), returned).group_by(*where).order_by(*where)
    return [District(*row) for row in session.execute(query)]


def warn(session: Session, *, campaign_id: int, districts: Iterable[District]) -> None:
    """Write down anew which of those who could go may not arrive; what is on its way keeps what was said then."""
    ready = sa.and_(col(Consignment.campaign_id) == campaign_id, col(Consignment.state) == S.ready)
    _say(session, ready, None)
    keys = ["|".join(part or "" for part in (one.province, one.city, one.district)) for one in districts]
    key: Any = sa.func.coalesce(col(Snapshot.province), "")
    for name in DIVISION[1:]:
        key = key + "|" + sa.func.coalesce(getattr(Snapshot, name), "")
    there = sa.select(col(Snapshot.id)).where(among(_text(key), keys), col(Snapshot.member_id).is_not(None))
    _say(session, sa.and_(ready, col(Consignment.snapshot_id).in_(there)), OddsWarning.poor_district)
    _say(
        session, sa.and_(ready, col(Consignment.snapshot_id).in_(_came_back(campaign_id))), OddsWarning.returned_before
    )


def _text(expression: Any) -> Any:
    return sa.type_coerce(expression, sa.Text())


def _say(session: Session, which: Any, warning: OddsWarning | None) -> None:
    update = sa.update(Consignment).where(which).values(warning=warning)
    session.execute(update.execution_options(synchronize_session=False))


def _came_back(campaign_id: int) -> Any:
    """Snapshots of a campaign's members to whose place something was sent that came back, and nothing arrived later."""
    told = sa.union_all(_live(), _kept()).subquery()
    back = sa.func.max(told.c.sent_at).filter(told.c.kind == K.returned)
    arrived = sa.func.max(told.c.sent_at).filter(told.c.kind.in_(ARRIVED))
    place = [getattr(Residence, name) for name in (*DIVISION, "detail")]
    failed = (
        sa.select(col(Residence.member_id).label("member_id"), *place)
        .join(told, told.c.residence_id == col(Residence.id))
        .group_by(col(Residence.member_id), *place)
        .having(back.is_not(None), sa.or_(arrived.is_(None), arrived < back))
        .subquery()
    )
    same = [failed.c[name].is_not_distinct_from(getattr(Snapshot, name)) for name in (*DIVISION, "detail")]
    return (
        sa.select(col(Snapshot.id))
        .join(failed, sa.and_(failed.c.member_id == col(Snapshot.member_id), *same))
        .join(Consignment, col(Consignment.snapshot_id) == col(Snapshot.id))
        .where(col(Consignment.campaign_id) == campaign_id)
    )


def warned(session: Session, *, campaign_id: int) -> dict[OddsWarning, int]:
    """Why → how many of those who could go may not arrive."""
    query = (
        sa.select(col(Consignment.warning), sa.func.count())
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(Consignment.state) == S.ready,
            col(Consignment.warning).is_not(None),
        )
        .group_by(col(Consignment.warning))
    )
    return dict(session.execute(query).tuples().all())


def keep(session: Session, *, campaign_id: int) -> None:
    """Before a campaign is purged: its outcomes become rows of their own, which know the residence and no campaign."""
    mine = _live(col(Consignment.campaign_id) == campaign_id)
    session.execute(sa.insert(Outcome).from_select(list(COLUMNS), mine, include_defaults=False))


def let_go(session: Session, *, residences: Any) -> None:
    """Before residences (a condition) are deleted: outcomes go to the same place of the same member, or to none."""
    here, there = aliased(Residence), aliased(Residence)
    same = [getattr(there, name).is_not_distinct_from(getattr(here, name)) for name in (*DIVISION, "detail")]
    successor = (
        sa.select(sa.func.max(there.id))
        .join(here, sa.and_(col(there.member_id) == col(here.member_id), *same))
        .where(col(here.id) == col(Outcome.residence_id), col(there.superseded_at).is_(None))
        .scalar_subquery()
    )
    doomed = sa.select(col(Residence.id)).where(residences)
    update = sa.update(Outcome).where(col(Outcome.residence_id).in_(doomed)).values(residence_id=successor)
    session.execute(update.execution_options(synchronize_session=False))


def _kept() -> Any:
    """Outcomes of campaigns that were purged."""
    return sa.select(*(getattr(Outcome, name) for name in COLUMNS))


def _live(*conditions: Any) -> Any:
    """Outcomes of campaigns that still have their rows: one a member and parcel that left the house.

    Where it went says the consignee's snapshot; of others in a shared parcel their own, unless that is newer.
    """
    left = sa.or_(col(ParcelLine.voided_at).is_(None), col(ParcelLine.voided_at) >= col(Parcel.handed_over_at))
    share = (
        sa.select(col(ParcelLine.parcel_id), col(ParcelLine.consignment_id))
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .join(Consignment, col(Consignment.id) == col(ParcelLine.consignment_id))
        .where(col(Parcel.handed_over_at).is_not(None), left, *conditions)
        .distinct()
        .subquery()
    )
    consignee, own = aliased(Snapshot), aliased(Snapshot)
    residence_id = sa.case(
        (col(consignee.member_id) == col(Consignment.member_id), col(consignee.residence_id)),
        (col(own.made_at) <= col(Parcel.created_at), col(own.residence_id)),
        else_=None,
    )
    place = (getattr(Residence, name) for name in DIVISION)
    return (
        sa.select(
            col(Residence.id).label("residence_id"), col(Parcel.courier), *place, _kind().label("kind"),
            col(Parcel.returned_for), col(Parcel.returned_at), col(Parcel.handed_over_at).label("sent_at"),
        )
        .select_from(share)
        .join(Parcel, col(Parcel.id) == share.c.parcel_id)
        .join(Consignment, col(Consignment.id) == share.c.consignment_id)
        .join(consignee, col(consignee.id) == col(Parcel.consignee_snapshot_id))
        .join(own, col(own.id) == col(Consignment.snapshot_id))
        .join(Residence, col(Residence.id) == residence_id)
        .where(_kind().is_not(None))
    )  # fmt: skip


def _kind() -> Any:
    """How a member's share of a parcel ended; null while it is open. What came back was not received."""
    came_back = sa.or_(col(Parcel.stage) == ParcelStage.taken_back, col(Parcel.tracking).in_([T.returning, T.returned]))
    kinds: list[tuple[Any, OutcomeKind]] = [
        (col(Parcel.tracking) == T.lost, K.lost),
        (came_back, K.returned),
        (col(Consignment.state).in_([S.confirmed, S.confirmed_with_issues]), K.confirmed),
        (col(Consignment.state) == S.denied, K.denied),
        (col(Parcel.tracking) == T.delivered, K.delivered),
    ]
    literals = [(when, sa.literal(kind, Outcome.__table__.c.kind.type)) for when, kind in kinds]  # type: ignore[attr-defined]
    return sa.case(*literals, else_=None)
