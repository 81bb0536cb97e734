"""How much of the six facts the ledger knows: of each branch, and of each member who lacks one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import AddressStatus, Member, Residence
from qianli.ledger.facts import FACTS
from qianli.store import members, residences
from qianli.store.among import among


@dataclass(frozen=True)
class Known:
    """Of one branch: how many members, of how many each fact is known, of how many all, and who is behind with dues."""

    organisation_id: int
    members: int
    known: dict[str, int]
    complete: int
    behind: int


@dataclass(frozen=True)
class Lacking:
    """A member of whom a fact is not known, and which ones."""

    member_id: int
    name: str
    organisation_id: int
    missing: dict[str, bool]


def by_branch(session: Session, *, organisation_ids: Sequence[int], on: date) -> list[Known]:
    """One statement, whatever the number of members; branches without any are left out."""
    each = _each(among(Member.organisation_id, organisation_ids), on).subquery()
    sums = [sa.func.sum(each.c[name]) for name in FACTS]
    query = (
        sa.select(each.c.organisation_id, sa.func.count(), _all_sum(each), sa.func.sum(each.c.behind), *sums)
        .group_by(each.c.organisation_id)
        .order_by(each.c.organisation_id)
    )
    return [
        Known(organisation, int(members), dict(zip(FACTS, map(int, known), strict=True)), int(complete), int(behind))
        for organisation, members, complete, behind, *known in session.execute(query)
    ]


def lacking(session: Session, *, organisation_ids: Sequence[int], on: date) -> list[Lacking]:
    """Who lacks one of the facts, branch by branch, in the order they came in."""
    each = _each(among(Member.organisation_id, organisation_ids), on).subquery()
    query = (
        sa.select(each.c.id, each.c.name, each.c.organisation_id, *(each.c[name] for name in FACTS))
        .where(sa.or_(*(each.c[name] == 0 for name in FACTS)))
        .order_by(each.c.organisation_id, each.c.id)
    )
    return [
        Lacking(id_, name, organisation, {fact: not known for fact, known in zip(FACTS, all_known, strict=True)})
        for id_, name, organisation, *all_known in session.execute(query)
    ]


def of_member(session: Session, *, member: Member, on: date) -> dict[str, bool]:
    """Fact → whether it is known of one member; nothing of who does not count any more."""
    each = _each(col(Member.id) == member.key, on).subquery()
    row = session.execute(sa.select(*(each.c[name] for name in FACTS))).first()
    return dict(zip(FACTS, map(bool, row), strict=True)) if row else {}


def _all_sum(each: sa.Subquery) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((sa.and_(*(each.c[name] == 1 for name in FACTS)), 1), else_=0))


def _each(whose: sa.ColumnElement[bool], on: date) -> Any:
    """Every member that is meant and counts, with 1 or 0 for each fact."""
    there = residences.holding(col(Residence.member_id).in_(sa.select(col(Member.id)).where(whose)), on=on)
    known = {
        "basics": sa.and_(col(Member.born_on).is_not(None), col(Member.joined_on).is_not(None)),
        "away_since": col(Member.away_since).is_not(None),
        "occupation": col(Member.occupation).is_not(None),
        "place": col(Residence.status) == AddressStatus.exact,
        "reach": col(Member.phone).is_not(None),
        "dues": col(Member.dues_paid_until).is_not(None),
    }
    facts = [sa.case((known[name], 1), else_=0).label(name) for name in FACTS]
    behind = sa.case((col(Member.dues_paid_until) < on, 1), else_=0).label("behind")
    return (
        sa.select(col(Member.id), col(Member.name), col(Member.organisation_id), behind, *facts)
        .outerjoin(there, there.c.member_id == col(Member.id))
        .outerjoin(Residence, col(Residence.id) == there.c.id)
        .where(whose, members.living())
    )
