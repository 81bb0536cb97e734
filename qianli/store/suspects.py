"""Records that could be one person, found by what they share, and what is to be compared of each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models import DistinctMembers, Member, Residence, ResidenceKind
from qianli.store.among import among
from qianli.store.residences import holding
from qianli.store.scope import Scope

ONE, OTHER = aliased(Member), aliased(Member)
WHOEVER = Scope(None)
NOWHERE = (None, None, None, None)


@dataclass(frozen=True)
class Facts:
    """Of one record what it is compared and known by; of the address that counts on a day, its parts."""

    id: int
    version: int
    organisation_id: int
    name: str
    born_on: date | None
    joined_on: date | None
    phone: str | None
    phone_written: str | None
    province: str | None
    city: str | None
    district: str | None
    detail: str | None


def facts(session: Session, *, ids: Iterable[int], on: date) -> dict[int, Facts]:
    """Member id → what is compared; two statements, since SQLite would go through all addresses for each member."""
    ids = list(ids)
    there = holding(among(Residence.member_id, ids), on=on)
    place = (Residence.member_id, Residence.province, Residence.city, Residence.district, Residence.detail)
    query = sa.select(*map(_column, place)).join(there, col(Residence.id) == there.c.id)
    homes = {row.member_id: tuple(row[1:]) for row in session.execute(query)}
    own = (
        Member.id, Member.version, Member.organisation_id, Member.name, Member.born_on, Member.joined_on, Member.phone,
        Member.phone_written,
    )  # fmt: skip
    people = session.execute(sa.select(*map(_column, own)).where(among(Member.id, ids)))
    return {row.id: Facts(*row, *homes.get(row.id, NOWHERE)) for row in people}


def _column(one: Any) -> Any:
    return col(one)


def candidates(session: Session, *, near: Iterable[int] | None = None, scope: Scope = WHOEVER) -> list[tuple[int, int]]:
    """Pairs of records worth comparing, smaller id first: of one of these members and anybody, or of all in a scope.

    They share name and a date, name and phone, phone and a date, or name and address where dates cannot tell. Pairs
    found to be two people are left out. Nobody is compared with everybody: of these members, each is looked up by what
    two share; of all, what stands there twice is read off an index, in its order, and few are left to be looked up.
    """
    near = None if near is None else list(near)
    namesakes = sa.or_(_same("name"), _same("born_on"))
    ways = (
        _pairs(near, "name", "born_on"),
        _pairs(near, "name", "joined_on"),
        _pairs(near, "phone").where(namesakes),
        _at_one_address(near),
    )
    live = [col(one.merged_into_id).is_(None) for one in (ONE, OTHER)]
    seen = [scope.covers(one.organisation_id) for one in (ONE, OTHER)] if scope.root_id is not None else []
    found = sa.union(*(way.where(*live, *seen) for way in ways)).subquery()
    distinct = sa.exists().where(
        col(DistinctMembers.first_id) == found.c.first, col(DistinctMembers.second_id) == found.c.second
    )
    query = sa.select(found.c.first, found.c.second).where(sa.not_(distinct))
    return [(first, second) for first, second in session.execute(query.order_by(found.c.first, found.c.second))]


def _same(name: str) -> Any:
    return getattr(ONE, name) == getattr(OTHER, name)


def _pairs(near: list[int] | None, *shared: str, more: Any = None) -> Any:
    """Two records with the same values in these columns; of all, those among which `more` holds of the group."""
    ids = (col(ONE.id), col(OTHER.id))
    if near is not None:
        smaller = ids[0] < ids[1]
        ordered = (sa.case((smaller, ids[0]), else_=ids[1]), sa.case((smaller, ids[1]), else_=ids[0]))
        both = sa.select(ordered[0].label("first"), ordered[1].label("second")).select_from(ONE)
        return both.join(OTHER, sa.and_(*map(_same, shared))).where(among(ONE.id, near), ids[0] != ids[1])
    twice = _twice(shared, more)
    is_there = [
        sa.and_(*(getattr(one, name) == twice.c[name] for name in shared))
        for one in (ONE, OTHER)
    ]  # fmt: skip
    both = sa.select(ids[0].label("first"), ids[1].label("second")).select_from(twice)
    return both.join(ONE, is_there[0]).join(OTHER, is_there[1]).where(ids[0] < ids[1])


def _twice(shared: Iterable[str], more: Any) -> Any:
    """The values that stand in more than one record. Merged ones count here as well: the index does not know them."""
    columns = [getattr(Member, name) for name in shared]
    query = sa.select(*columns).where(*(column.is_not(None) for column in columns)).group_by(*columns)
    several = sa.func.count() > 1
    return query.having(several if more is None else sa.and_(several, more)).subquery()


def _at_one_address(near: list[int] | None) -> Any:
    """Namesakes whose dates cannot tell them apart, at one address."""
    here, there = aliased(Residence), aliased(Residence)
    count = [
        clause
        for one in (here, there)
        for clause in (col(one.superseded_at).is_(None), col(one.kind) == ResidenceKind.main)
    ]
    without = sa.func.count(col(Member.born_on)) < sa.func.count()
    return (
        _pairs(near, "name", more=without)
        .join(here, col(here.member_id) == col(ONE.id))
        .join(there, sa.and_(col(there.member_id) == col(OTHER.id), col(there.detail) == col(here.detail)))
        .where(
            *count,
            sa.or_(col(ONE.born_on).is_(None), col(OTHER.born_on).is_(None)),
            sa.or_(col(ONE.joined_on).is_(None), col(OTHER.joined_on).is_(None)),
        )
    )
