"""Whom a campaign is for, as one query of members; and how many that are, by organisation."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Member, Organisation, Residence
from qianli.campaigns.audience import Division, ManagedAs
from qianli.store import members, residences


@dataclass(frozen=True)
class Wanted:
    """An audience with its days worked out. `away_before` and `away_after` include themselves."""

    root_ids: tuple[int, ...]
    managed_as: ManagedAs
    divisions: tuple[Division, ...]
    away_before: date | None
    away_after: date | None
    on: date


@dataclass(frozen=True)
class Unknown:
    """Who would belong to the organisations and is left out because the ledger does not know enough."""

    place: int
    away_since: int


def chosen(wanted: Wanted) -> Any:
    """The ids of the members that are meant."""
    return sa.select(col(Member.id)).where(_managed(wanted), *_lives(wanted), *_away(wanted))


def first(session: Session, *, wanted: Wanted, name: str = "") -> int | None:
    """One of them, to show a letter with; of those who are called so, if that is said."""
    query = sa.select(sa.func.min(col(Member.id))).where(col(Member.id).in_(chosen(wanted)))
    found: int | None = session.scalar(query.where(col(Member.name) == name) if name else query)
    return found


def by_organisation(session: Session, *, wanted: Wanted) -> dict[int, int]:
    """Organisation → how many of its members are meant; its own, not those below. By host where that is asked for."""
    host, home = col(Member.host_organisation_id), col(Member.organisation_id)
    within = _tree(wanted)
    column = {
        ManagedAs.home: home,
        ManagedAs.host: host,
        ManagedAs.either: sa.case((home.in_(within), home), else_=host),
    }[wanted.managed_as]
    each = sa.select(column.label("organisation_id")).where(col(Member.id).in_(chosen(wanted))).subquery()
    query = sa.select(each.c.organisation_id, sa.func.count()).group_by(each.c.organisation_id)
    return dict(session.execute(query).tuples().all())


def unknown(session: Session, *, wanted: Wanted) -> Unknown:
    """How many are left out for want of an address, and how many for want of the day they went away."""
    count = sa.select(sa.func.count()).select_from(Member).where(_managed(wanted))
    place = away = 0
    if wanted.divisions:
        placed = _placed(wanted).where(col(Residence.province).is_not(None))
        place = session.execute(count.where(col(Member.id).not_in(placed))).scalar_one()
    if wanted.away_before or wanted.away_after:
        away = session.execute(count.where(col(Member.away_since).is_(None))).scalar_one()
    return Unknown(place, away)


def deceased(session: Session, *, wanted: Wanted) -> int:
    """How many of the organisations' members have died: they are on no list, and it is said."""
    died = (col(Member.deceased_on).is_not(None), col(Member.merged_into_id).is_(None))
    query = sa.select(sa.func.count()).select_from(Member).where(_whose(wanted), *died)
    return int(session.execute(query).scalar_one())


def _managed(wanted: Wanted) -> sa.ColumnElement[bool]:
    """Whom the organisations have as home or host, and who counts."""
    return sa.and_(_whose(wanted), members.living())


def _whose(wanted: Wanted) -> sa.ColumnElement[bool]:
    within = _tree(wanted)
    home, host = col(Member.organisation_id).in_(within), col(Member.host_organisation_id).in_(within)
    return {ManagedAs.home: home, ManagedAs.host: host, ManagedAs.either: sa.or_(home, host)}[wanted.managed_as]


def _tree(wanted: Wanted) -> Any:
    """The ids of the organisations and of everything below them."""
    top = sa.select(col(Organisation.id)).where(col(Organisation.id).in_(wanted.root_ids))
    tree = top.cte(recursive=True)
    tree = tree.union(sa.select(col(Organisation.id)).where(col(Organisation.parent_id) == tree.c.id))
    return sa.select(tree.c.id)


def _lives(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    if not wanted.divisions:
        return []
    columns = (col(Residence.province), col(Residence.city), col(Residence.district))
    inside = [
        sa.and_(*(column == name for column, name in zip(columns, division, strict=True) if name is not None))
        for division in wanted.divisions
    ]
    return [col(Member.id).in_(_placed(wanted).where(sa.or_(*inside)))]


def _placed(wanted: Wanted) -> Any:
    """The members that have an address on the day, with the residence that counts."""
    of_them = col(Residence.member_id).in_(sa.select(col(Member.id)).where(_managed(wanted)))
    there = residences.holding(of_them, on=wanted.on)
    return sa.select(col(Residence.member_id)).join(there, there.c.id == col(Residence.id))


def _away(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    since = col(Member.away_since)
    bounds = []
    if wanted.away_before is not None:
        bounds.append(since <= wanted.away_before)
    if wanted.away_after is not None:
        bounds.append(since >= wanted.away_after)
    return bounds
