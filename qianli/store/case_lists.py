"""Open cases as people look for them: chosen by scope, reason and owner, with what each is called."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models import (
    Campaign,
    Case,
    CaseReason,
    Channel,
    Consignment,
    DeliveredTo,
    Member,
    Message,
    Movement,
    Parcel,
    ParcelLine,
    Tracking,
    User,
)
from qianli.store.among import among
from qianli.store.scope import Scope


@dataclass(frozen=True)
class Listed:
    """An open case with what people call its subject: a consignment by number, or a parcel by reference.

    `organisation_id`: whose it is by campaign, member's home or message; `login`, `assignee`: who sees to it.
    """

    case: Case
    campaign_code: str | None
    number: int | None
    reference: str | None
    tracking: Tracking | None
    delivered_to: DeliveredTo | None
    channel: Channel | None
    organisation_id: int
    login: str | None
    assignee: str | None


def listed(
    session: Session,
    *,
    campaign_id: int | None = None,
    scope: Scope | None = None,
    most: int | None = None,
    reason: CaseReason | None = None,
    owner: str = "",
    whose: int | None = None,
    nobodys: bool = False,
    mine_first: int | None = None,
    after: int | None = None,
    only: Collection[int] | None = None,
) -> list[Listed]:
    """Open cases, of one campaign or of all, oldest first; within a scope, and so many at most, if that is said.

    Of an organisation or somebody (`owner`), of a user (`whose`), or `nobodys`; a user's own before the rest, if told
    (`mine_first`). With `after`, those of a higher id, in the order of ids; with `only`, these.
    """
    which = _open(sa.select(col(Case.id)))
    if only is not None:
        which = which.where(among(Case.id, only))
    if reason is not None:
        which = which.where(col(Case.reason) == reason)
    if owner:
        of_them = col(Case.owner).contains(owner, autoescape=True)
        which = which.where(sa.or_(of_them, col(User.name).contains(owner, autoescape=True)))
    if whose is not None:
        which = which.where(col(Case.assignee_id) == whose)
    if nobodys:
        which = which.where(col(Case.assignee_id).is_(None))
    if campaign_id is not None:
        which = which.where(col(Case.campaign_id) == campaign_id)
    if scope is not None:
        parts = (Campaign.organisation_id, Member.organisation_id, Message.organisation_id)
        which = which.where(sa.or_(*(scope.covers(one) for one in parts)))
    mine = [sa.case((col(Case.assignee_id) == mine_first, 0), else_=1)] if mine_first is not None else []
    order = [*mine, col(Case.opened_at), col(Case.id)]
    if after is not None:
        which, order = which.where(col(Case.id) > after), [col(Case.id)]
    # First which, then what they are called: the parcels of thousands are not looked for to show fifty.
    named = _named().where(col(Case.id).in_(which.order_by(*order).limit(most)))
    return [Listed(*row) for row in session.execute(named.order_by(*order))]


def _open(what: sa.Select[Any]) -> sa.Select[Any]:
    """Of open cases, with what says whose they are."""
    return (
        what.select_from(Case)
        .outerjoin(Campaign, col(Campaign.id) == col(Case.campaign_id))
        .outerjoin(Message, col(Message.id) == col(Case.message_id))
        .outerjoin(Movement, col(Movement.id) == col(Case.movement_id))
        .outerjoin(Member, col(Member.id) == col(Movement.member_id))
        .outerjoin(User, col(User.id) == col(Case.assignee_id))
        .where(col(Case.resolved_at).is_(None))
    )


def _named() -> sa.Select[Any]:
    """Open cases with what each is called."""
    carried = aliased(Parcel)
    cases: Any = sa.select(
        Case, col(Campaign.code), col(Consignment.number), col(Parcel.reference), col(carried.tracking),
        col(carried.delivered_to), col(Campaign.channel), _organisation(), col(User.login), col(User.name),
    )  # fmt: skip
    of_whom = sa.func.coalesce(col(Case.consignment_id), col(Message.consignment_id))
    return (
        _open(cases)
        .outerjoin(Consignment, col(Consignment.id) == of_whom)
        .outerjoin(Parcel, col(Parcel.id) == col(Case.parcel_id))
        .outerjoin(carried, col(carried.id) == sa.func.coalesce(col(Case.parcel_id), _newest_parcel()))
    )


def _organisation() -> Any:
    return sa.func.coalesce(col(Campaign.organisation_id), col(Member.organisation_id), col(Message.organisation_id))


def _newest_parcel() -> Any:
    """Of a case about a consignment: the newest parcel that left the house with something of it."""
    out = aliased(Parcel)
    newest = sa.select(sa.func.max(col(out.id))).join(ParcelLine, col(ParcelLine.parcel_id) == col(out.id))
    mine = newest.where(
        col(ParcelLine.consignment_id) == col(Case.consignment_id), col(out.handed_over_at).is_not(None)
    )
    return mine.correlate(Case).scalar_subquery()
