"""What is counted for a programme's month: in a few statements, however many members there are."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Campaign,
    Consignment,
    ConsignmentState,
    Contribution,
    KitItem,
    Member,
    Participation,
    StudyColumn,
    StudyGroup,
    StudyItem,
)
from qianli.programmes.month import NO_SMARTPHONE
from qianli.store.among import among
from qianli.store.members import living, may_be_called
from qianli.store.organisations import tree_ids
from qianli.store.scope import Scope

SENT = (
    ConsignmentState.under_way, ConsignmentState.confirmed, ConsignmentState.confirmed_with_issues,
    ConsignmentState.unconfirmed,
)  # fmt: skip
SMARTPHONE = "smartphone"


def no_smartphone() -> sa.ColumnElement[bool]:
    """Whether the ledger says that a member has none."""
    said = sa.type_coerce(col(Member.details), sa.JSON)[SMARTPHONE].as_string()
    return sa.func.coalesce(said, "").in_(NO_SMARTPHONE)


def people(session: Session, *, organisation_id: int) -> list[Any]:
    """Living members by home below an organisation: id, home, host, whether without a smartphone; by id."""
    which = Scope(organisation_id).covers(col(Member.organisation_id))
    columns = (col(Member.id), col(Member.organisation_id), col(Member.host_organisation_id))
    query = sa.select(*columns, no_smartphone().label("no_smartphone")).where(living(), which)
    return list(session.execute(query.order_by(col(Member.id))))


def without_smartphone(session: Session, *, organisation_id: int) -> list[Member]:
    """Members below an organisation who have no smartphone and may be called."""
    which = Scope(organisation_id).covers(col(Member.organisation_id))
    query = select(Member).where(living(), may_be_called(), which, no_smartphone())
    return list(session.exec(query.order_by(col(Member.id))))


def to_call(session: Session, *, organisation_id: int) -> list[Member]:
    """Members below an organisation who may be called."""
    which = Scope(organisation_id).covers(col(Member.organisation_id))
    return list(session.exec(select(Member).where(living(), may_be_called(), which).order_by(col(Member.id))))


def by_ids_to_call(session: Session, *, ids: Iterable[int]) -> list[Member]:
    """Those of the members who may be called."""
    query = select(Member).where(among(Member.id, ids), living(), may_be_called())
    return list(session.exec(query.order_by(col(Member.id))))


def covered(session: Session, *, groups: Sequence[StudyGroup]) -> dict[int, datetime]:
    """Organisation → since when it has a page of its own or of one above it."""
    found: dict[int, datetime] = {}
    for group in groups:
        for id_ in tree_ids(session, root_id=group.organisation_id):
            found[id_] = min(found.get(id_, group.created_at), group.created_at)
    return found


def studied(session: Session, *, programme_id: int, since: date, before: date) -> dict[int, int]:
    """Member → how many items they say they studied in these days."""
    query = (
        _of_programme(sa.select(col(Participation.member_id), sa.func.count()), programme_id)
        .where(col(Participation.held_on) >= since, col(Participation.held_on) < before)
        .group_by(col(Participation.member_id))
    )
    return {member: int(count) for member, count in session.execute(query)}


def last_studied(session: Session, *, programme_id: int, before: date) -> dict[int, date]:
    """Member → the last day of a mark before then."""
    query = (
        _of_programme(sa.select(col(Participation.member_id), sa.func.max(col(Participation.held_on))), programme_id)
        .where(col(Participation.held_on) < before)
        .group_by(col(Participation.member_id))
    )
    return dict(session.execute(query).tuples().all())


def _of_programme(query: Any, programme_id: int) -> Any:
    return (
        query.join(StudyItem, col(StudyItem.id) == col(Participation.study_item_id))
        .join(StudyColumn, col(StudyColumn.id) == col(StudyItem.column_id))
        .where(col(StudyColumn.programme_id) == programme_id)
    )


def contributed(session: Session, *, programme_id: int, before: datetime) -> list[tuple[int, datetime]]:
    """Member and moment of every contribution before then."""
    query = (
        sa.select(col(Contribution.member_id), col(Contribution.written_at))
        .join(StudyItem, col(StudyItem.id) == col(Contribution.item_id))
        .join(StudyColumn, col(StudyColumn.id) == col(StudyItem.column_id))
        .where(col(StudyColumn.programme_id) == programme_id, col(Contribution.written_at) < before)
    )
    return [(member, at) for member, at in session.execute(query)]


def printed(session: Session, *, programme_id: int, month: date) -> set[int]:
    """Members to whom a reader with this month was sent."""
    query = (
        sa.select(col(Consignment.member_id))
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .join(KitItem, col(KitItem.kit_id) == col(Campaign.kit_id))
        .where(
            col(KitItem.programme_id) == programme_id,
            col(KitItem.study_month) == month,
            col(Consignment.state).in_(SENT),
            col(Consignment.member_id).is_not(None),
        )
    )
    return set(session.execute(query).scalars())


def first_published(session: Session, *, programme_id: int) -> datetime | None:
    """When the programme began."""
    query = (
        sa.select(sa.func.min(col(StudyItem.published_at)))
        .join(StudyColumn, col(StudyColumn.id) == col(StudyItem.column_id))
        .where(col(StudyColumn.programme_id) == programme_id)
    )
    return session.execute(query).scalar()
