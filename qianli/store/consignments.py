"""Consignments and their snapshots."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Campaign, Consignment, ConsignmentState, Member, Snapshot, Subject
from qianli.errors import NotFound
from qianli.store import journal
from qianli.store.among import among


@dataclass(frozen=True)
class Prepared:
    """A consignment with the snapshot it was prepared with."""

    consignment: Consignment
    snapshot: Snapshot


def add_missing(session: Session, *, campaign: Campaign, whom: Any) -> int:
    """A planned consignment for every member in `whom` (a query of ids) that has none yet; how many were added."""
    owed = sa.select(col(Consignment.member_id)).where(col(Consignment.campaign_id) == campaign.id)
    number = sa.func.row_number().over(order_by=col(Member.id)) + (campaign.next_number - 1)
    missing = sa.select(
        sa.literal(campaign.key),
        col(Member.id),
        number,
        sa.literal(ConsignmentState.planned.value),
        sa.literal(1),
    ).where(col(Member.id).in_(whom), col(Member.id).not_in(owed))
    columns = ["campaign_id", "member_id", "number", "state", "code_generation"]
    session.execute(sa.insert(Consignment).from_select(columns, missing, include_defaults=False))
    newest = session.execute(
        sa.select(sa.func.max(col(Consignment.number))).where(col(Consignment.campaign_id) == campaign.id)
    ).scalar()
    added = int(newest or 0) - campaign.next_number + 1
    new = sa.select(col(Consignment.id)).where(
        col(Consignment.campaign_id) == campaign.id, col(Consignment.number) >= campaign.next_number
    )
    ids = session.execute(new).scalars()
    journal.note(session, subject=Subject.consignment, ids=ids, what=ConsignmentState.planned)
    campaign.next_number = int(newest or 0) + 1
    session.add(campaign)
    return added


def ids_in(session: Session, *, campaign_id: int, states: Iterable[ConsignmentState]) -> list[int]:
    """Ids of a campaign's consignments in these states, by number."""
    query = (
        sa.select(col(Consignment.id))
        .where(col(Consignment.campaign_id) == campaign_id, col(Consignment.state).in_(list(states)))
        .order_by(col(Consignment.number))
    )
    return list(session.execute(query).scalars())


def with_members(
    session: Session, *, campaign_id: int, first_id: int, last_id: int, states: Iterable[ConsignmentState]
) -> list[tuple[Consignment, Member]]:
    """A shard's consignments that are in these states, with their members, by id."""
    query = (
        sa.select(Consignment, Member)
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            col(Consignment.id).between(first_id, last_id),
            col(Consignment.state).in_(list(states)),
        )
        .order_by(col(Consignment.id))
    )
    return [(consignment, member) for consignment, member in session.execute(query)]


def of_ids_with_members(session: Session, *, ids: Iterable[int]) -> list[tuple[Consignment, Member]]:
    """These consignments with their members, by id."""
    query = (
        sa.select(Consignment, Member)
        .join(Member, col(Member.id) == col(Consignment.member_id))
        .where(among(Consignment.id, ids))
        .order_by(col(Consignment.id))
    )
    return [(consignment, member) for consignment, member in session.execute(query)]


def prepared(session: Session, *, ids: Iterable[int]) -> dict[int, Prepared]:
    """Consignment id → consignment and snapshot."""
    query = (
        sa.select(Consignment, Snapshot)
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(among(Consignment.id, ids))
    )
    return {consignment.key: Prepared(consignment, snapshot) for consignment, snapshot in session.execute(query)}


def snapshots(session: Session, *, ids: Iterable[int]) -> dict[int, Snapshot]:
    """Snapshots by id."""
    return {one.key: one for one in session.exec(select(Snapshot).where(among(Snapshot.id, ids)))}


def take_snapshots(session: Session, *, rows: dict[int, dict[str, Any]], at: datetime) -> None:
    """Consignment id → the columns of its new snapshot; the consignments point there afterwards."""
    if not rows:
        return
    # Asked for again rather than returned: SQLite returns ids in no promised order, so SQLAlchemy would go row by row.
    session.execute(
        sa.insert(Snapshot).execution_options(render_nulls=True), [{**r, "made_at": at} for r in rows.values()]
    )
    query = (
        sa.select(col(Snapshot.member_id), sa.func.max(col(Snapshot.id)))
        .where(among(Snapshot.member_id, (row["member_id"] for row in rows.values())), col(Snapshot.made_at) == at)
        .group_by(col(Snapshot.member_id))
    )
    made = dict(session.execute(query).tuples().all())
    points = [{"id": consignment, "snapshot_id": made[row["member_id"]]} for consignment, row in rows.items()]
    session.execute(sa.update(Consignment), points)


def without_code(session: Session, *, ids: Iterable[int]) -> dict[int, int]:
    """Those of them whose confirmation code cannot be looked up yet: id → generation of the code."""
    query = sa.select(col(Consignment.id), col(Consignment.code_generation)).where(
        among(Consignment.id, ids), col(Consignment.code_hash).is_(None)
    )
    return dict(session.execute(query).tuples().all())


def set_codes(session: Session, *, rows: Sequence[dict[str, Any]]) -> None:
    """Confirmation look-up hashes: id, code_hash, code_key_id."""
    if rows:
        session.execute(sa.update(Consignment), list(rows))


def by_number(session: Session, *, campaign_code: str, number: int) -> Consignment:
    """One consignment by its printed number; NotFound if there is none."""
    query = (
        select(Consignment)
        .join(Campaign, col(Campaign.id) == col(Consignment.campaign_id))
        .where(Campaign.code == campaign_code, Consignment.number == number)
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound(f"没有编号为“{campaign_code}-{number:04d}”的寄送。", campaign_code=campaign_code)
    return found


def numbers(session: Session, *, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Consignment id → its campaign and its number there."""
    query = sa.select(col(Consignment.id), col(Consignment.campaign_id), col(Consignment.number))
    return {
        id_: (campaign, number) for id_, campaign, number in session.execute(query.where(among(Consignment.id, ids)))
    }


def of_members(session: Session, *, member_ids: Iterable[int]) -> list[Consignment]:
    """Everything that is or was owed to these members, in order of id."""
    own = select(Consignment).where(among(Consignment.member_id, member_ids)).order_by(col(Consignment.id))
    return list(session.exec(own))


def state_of(session: Session, *, consignment_id: int) -> ConsignmentState:
    """How one consignment stands, read anew."""
    return ConsignmentState(session.exec(select(Consignment.state).where(Consignment.id == consignment_id)).one())


def count_by_state(session: Session, *, campaign_id: int) -> dict[ConsignmentState, int]:
    """State → how many; states without any are left out."""
    query = (
        sa.select(col(Consignment.state), sa.func.count())
        .where(col(Consignment.campaign_id) == campaign_id)
        .group_by(col(Consignment.state))
    )
    return dict(session.execute(query).tuples().all())


def is_anybody_named(session: Session, *, text: str, campaign_id: int) -> bool:
    """Whether a text holds the name that a consignment of the campaign was prepared with."""
    query = (
        sa.select(sa.literal(1))
        .select_from(Consignment)
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(
            col(Consignment.campaign_id) == campaign_id,
            sa.func.length(col(Snapshot.name)) > 1,
            sa.literal(text).contains(col(Snapshot.name)),
        )
        .limit(1)
    )
    return session.execute(query).first() is not None
