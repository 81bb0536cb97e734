"""Residences: the one in force on a day, and changes in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Residence, ResidenceKind
from qianli.store.among import among


def in_force(
    session: Session, *, member_ids: Iterable[int], on: date, known: datetime | None = None
) -> dict[int, Residence]:
    """Where each member lives on a day, as known now or just before `known`; who has no address is left out."""
    there = holding(among(Residence.member_id, member_ids), on=on, known=known)
    query = select(Residence).join(there, col(Residence.id) == there.c.id)
    return {residence.member_id: residence for residence in session.exec(query)}


def holding(whose: sa.ColumnElement[bool], *, on: date, known: datetime | None = None) -> sa.Subquery:
    """Member id and the id of the one residence that counts on a day, for the residences that meet `whose`.

    The one place where an address is chosen: whoever asks where somebody lives, for one member or a million, asks here.
    It counts what is known now or, with `known`, what had been recorded before that instant and not superseded
    before it. A temporary residence wins while it lasts; of two, the one that began later, then the one recorded later.
    """
    rank = sa.func.row_number().over(
        partition_by=col(Residence.member_id),
        order_by=(
            sa.case((col(Residence.kind) == ResidenceKind.temporary, 0), else_=1),
            col(Residence.since).desc().nulls_last(),
            col(Residence.id).desc(),
        ),
    )
    ranked = (
        sa.select(col(Residence.id), col(Residence.member_id), rank.label("rank"))
        .where(
            whose,
            _counting(known),
            sa.or_(col(Residence.since).is_(None), col(Residence.since) <= on),
            sa.or_(col(Residence.until).is_(None), col(Residence.until) > on),
        )
        .subquery()
    )
    return sa.select(ranked.c.id, ranked.c.member_id).where(ranked.c.rank == 1).subquery()


def _counting(known: datetime | None) -> sa.ColumnElement[bool]:
    """Whether a residence counted just before an instant; None is now."""
    if known is None:
        return col(Residence.superseded_at).is_(None)
    return sa.and_(
        col(Residence.recorded_at) < known,
        sa.or_(col(Residence.superseded_at).is_(None), col(Residence.superseded_at) >= known),
    )


def mains(session: Session, *, member_ids: Iterable[int]) -> dict[int, list[Residence]]:
    """The main residences of each member that are not superseded, in the order of their time."""
    found: dict[int, list[Residence]] = {}
    query = (
        select(Residence)
        .where(
            among(Residence.member_id, member_ids),
            Residence.kind == ResidenceKind.main,
            col(Residence.superseded_at).is_(None),
        )
        .order_by(col(Residence.since).nulls_first())
    )
    for residence in session.exec(query):
        found.setdefault(residence.member_id, []).append(residence)
    return found


def of_member(session: Session, *, member_id: int) -> list[Residence]:
    """Every residence that was ever recorded of a member, superseded or not, in that order."""
    return list(session.exec(select(Residence).where(Residence.member_id == member_id).order_by(col(Residence.id))))


def by_ids(session: Session, *, ids: Iterable[int]) -> dict[int, Residence]:
    """Residences by id; ids nobody has are left out."""
    return {one.key: one for one in session.exec(select(Residence).where(among(Residence.id, ids)))}


def supersede(session: Session, *, ids: Iterable[int], at: datetime) -> None:
    """These reports no longer count; they stay as they were."""
    if not (ids := list(ids)):
        return
    update = sa.update(Residence).where(among(Residence.id, ids)).values(superseded_at=at)
    session.execute(update.execution_options(synchronize_session=False))


def count_again(session: Session, *, ids: Iterable[int]) -> None:
    """These reports count after all; what took their place must be superseded before."""
    update = sa.update(Residence).where(among(Residence.id, ids)).values(superseded_at=None)
    session.execute(update.execution_options(synchronize_session=False))


def add_all(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add residences in one go; what they replace must be superseded before."""
    if rows:
        session.execute(sa.insert(Residence).execution_options(render_nulls=True), list(rows))


def confirm_all(session: Session, *, verified_at: Mapping[int, datetime | None]) -> None:
    """Addresses that were reported once more, by the id of the residence."""
    if verified_at:
        session.execute(sa.update(Residence), [{"id": id_, "verified_at": at} for id_, at in verified_at.items()])
