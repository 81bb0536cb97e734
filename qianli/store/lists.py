"""What the console's plain lists read: a page of rows by key, within a scope, in one statement whatever the size."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    AddressStatus,
    Campaign,
    Channel,
    Consignment,
    ConsignmentState,
    Item,
    ItemKind,
    Kit,
    KitItem,
    Member,
    Movement,
    Organisation,
    Residence,
    StockMovement,
)
from qianli.folding import HIGHEST_ID
from qianli.store import stock
from qianli.store.scope import Scope

LEAST_DIGITS = 4  # of a telephone number, to look for it


@dataclass(frozen=True)
class Sought:
    """What somebody looks for: a text, one choice of each filter, rows after a key, so many at most (None: all).

    `whole`: whoever asks may see names and addresses; others find only what they know by its whole name.
    """

    text: str = ""
    which: dict[str, str] = field(default_factory=dict)
    after: int = 0
    most: int | None = None
    whole: bool = False

    def cut(self, query: Any, key: Any) -> Any:
        """The query from there on, in the order of the key."""
        return query.where(key > self.after).order_by(key).limit(self.most)


def _named(sought: Sought) -> list[sa.ColumnElement[bool]]:
    """Members of this name, number or telephone."""
    if not sought.text:
        return []
    ways = [col(Member.name) == sought.text]
    if re.fullmatch(r"[1-9]\d{0,9}", sought.text, re.ASCII) and int(sought.text) <= HIGHEST_ID:
        ways.append(col(Member.id) == int(sought.text))
    if sought.whole:
        ways.append(col(Member.name).contains(sought.text, autoescape=True))
        if sought.text.isdecimal() and len(sought.text) >= LEAST_DIGITS:
            ways.append(col(Member.phone).contains(sought.text))
    return [sa.or_(*ways)]


def _housed() -> sa.ColumnElement[bool]:
    there = sa.select(sa.literal(1)).where(
        col(Residence.member_id) == col(Member.id), col(Residence.superseded_at).is_(None)
    )
    return there.correlate(Member).exists()


def _marks() -> dict[str, sa.ColumnElement[bool]]:
    return {
        "no_phone": col(Member.phone).is_(None),
        "no_address": sa.not_(_housed()),
        "away": col(Member.away_since).is_not(None),
        "do_not_contact": col(Member.do_not_contact).is_(True),
        "deceased": col(Member.deceased_on).is_not(None),
    }


def members(session: Session, scope: Scope, sought: Sought) -> list[tuple[Member, str]]:
    """Members with their organisation's name; of one person one record."""
    query = (
        sa.select(Member, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .where(scope.covers(Member.organisation_id), col(Member.merged_into_id).is_(None), *_named(sought))
    )
    if mark := sought.which.get("mark"):
        query = query.where(_marks()[mark])
    return [(member, name) for member, name in session.execute(sought.cut(query, col(Member.id)))]


def in_scope(session: Session, scope: Scope, *, member_id: int) -> bool:
    """Whether this member's home belongs to the tree."""
    query = sa.select(col(Member.id)).where(col(Member.id) == member_id, scope.covers(Member.organisation_id))
    return session.execute(query).first() is not None


def member_of(session: Session, *, movement_id: int) -> int | None:
    """Whom a report of a move speaks of."""
    return session.execute(sa.select(col(Movement.member_id)).where(col(Movement.id) == movement_id)).scalar()


def residences(
    session: Session, scope: Scope, sought: Sought, *, on: date, stale_before: date, checked_before: Any
) -> list[tuple[Residence, Member, str]]:
    """Addresses that hold on a day, with whose they are; `stale`: neither reported nor checked since those days."""
    query = (
        sa.select(Residence, Member, col(Organisation.name))
        .join(Member, col(Member.id) == col(Residence.member_id))
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
        .where(
            scope.covers(Member.organisation_id), col(Member.merged_into_id).is_(None),
            col(Member.deceased_on).is_(None), col(Residence.superseded_at).is_(None),
            sa.or_(col(Residence.since).is_(None), col(Residence.since) <= on),
            sa.or_(col(Residence.until).is_(None), col(Residence.until) > on),
        )
    )  # fmt: skip
    if sought.text:
        ways = [*_named(sought), *(col(one) == sought.text for one in (Residence.province, Residence.city))]
        if sought.whole:
            ways.append(col(Residence.written).contains(sought.text, autoescape=True))
        query = query.where(sa.or_(*ways))
    if status := sought.which.get("status"):
        query = query.where(col(Residence.status) == AddressStatus(status))
    if fresh := sought.which.get("fresh"):
        unchecked = sa.or_(col(Residence.verified_at).is_(None), col(Residence.verified_at) < checked_before)
        old = sa.and_(col(Residence.reported_on) < stale_before, unchecked)
        query = query.where(old if fresh == "stale" else sa.not_(old))
    return [(one, who, name) for one, who, name in session.execute(sought.cut(query, col(Residence.id)))]


def items(session: Session, sought: Sought) -> list[tuple[Item, int, int, bool]]:
    """Items with what is on hand and reserved, and whether a campaign uses them already."""
    used = (
        sa.select(sa.literal(1))
        .select_from(Campaign)
        .join(KitItem, col(KitItem.kit_id) == col(Campaign.kit_id))
        .where(col(KitItem.item_id) == col(Item.id))
        .correlate(Item)
        .exists()
    )
    query = (
        sa.select(Item, stock.signed(stock.ON_HAND), stock.signed(stock.RESERVED), used)
        .join(StockMovement, col(StockMovement.item_id) == col(Item.id), isouter=True)
        .group_by(*sa.inspect(Item).columns)
    )
    if sought.text:
        name = col(Item.name).contains(sought.text, autoescape=True)
        query = query.where(sa.or_(name, col(Item.sku) == sought.text))
    if kind := sought.which.get("kind"):
        query = query.where(col(Item.kind) == ItemKind(kind))
    return [
        (item, int(there), int(promised), bool(is_used))
        for item, there, promised, is_used in session.execute(sought.cut(query, col(Item.id)))
    ]


def kits(session: Session, sought: Sought) -> list[tuple[Kit, int, int, int]]:
    """Kit versions with how many items they hold, their weight, and how many campaigns use them."""
    uses = sa.select(sa.func.count()).where(col(Campaign.kit_id) == col(Kit.id)).correlate(Kit).scalar_subquery()
    query = (
        sa.select(
            Kit, sa.func.count(col(KitItem.id)), sa.func.sum(col(KitItem.quantity) * col(Item.weight_g)), uses
        )
        .join(KitItem, col(KitItem.kit_id) == col(Kit.id))
        .join(Item, col(Item.id) == col(KitItem.item_id))
        .group_by(*sa.inspect(Kit).columns)
    )  # fmt: skip
    if sought.text:
        query = query.where(sa.or_(col(Kit.name).contains(sought.text, autoescape=True), col(Kit.code) == sought.text))
    return [
        (kit, int(count), int(weight or 0), int(campaigns))
        for kit, count, weight, campaigns in session.execute(sought.cut(query, col(Kit.id)))
    ]


def campaigns(session: Session, scope: Scope, sought: Sought) -> list[tuple[Campaign, str]]:
    """Campaigns with their organisation's name."""
    query = (
        sa.select(Campaign, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(Campaign.organisation_id))
        .where(scope.covers(Campaign.organisation_id))
    )
    if sought.text:
        named = col(Campaign.name).contains(sought.text, autoescape=True)
        query = query.where(sa.or_(named, col(Campaign.code) == sought.text))
    if state := sought.which.get("state"):
        query = query.where(col(Campaign.state) == state)
    return [(one, name) for one, name in session.execute(sought.cut(query, col(Campaign.id)))]


def movements(session: Session, scope: Scope, sought: Sought) -> list[tuple[Movement, Member, str]]:
    """Reports nobody has settled of these organisations' members, with who reported them."""
    query = (
        sa.select(Movement, Member, col(Organisation.name))
        .join(Member, col(Member.id) == col(Movement.member_id))
        .join(Organisation, col(Organisation.id) == col(Movement.organisation_id))
        .where(scope.covers(Member.organisation_id), col(Movement.settled_at).is_(None), *_named(sought))
    )
    if side := sought.which.get("side"):
        query = query.where(col(Movement.side) == side)
    return [(one, who, name) for one, who, name in session.execute(sought.cut(query, col(Movement.id)))]


def movements_of(session: Session, *, member_id: int) -> list[tuple[Movement, str]]:
    """Every report about one member, with who made it."""
    query = (
        select(Movement, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Movement.organisation_id))
        .where(Movement.member_id == member_id)
        .order_by(col(Movement.id))
    )
    return [(one, name) for one, name in session.exec(query)]


def owed_to(session: Session, scope: Scope, *, member_id: int) -> list[tuple[str, str, Channel, int, ConsignmentState]]:
    """Code, name and channel of each campaign of these organisations that owes the member something; number, state."""
    query = (
        sa.select(
            col(Campaign.code), col(Campaign.name), col(Campaign.channel), col(Consignment.number),
            col(Consignment.state),
        )
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .where(col(Consignment.member_id) == member_id, scope.covers(Campaign.organisation_id))
        .order_by(col(Consignment.id).desc())
    )  # fmt: skip
    return [(code, name, channel, number, state) for code, name, channel, number, state in session.execute(query)]
