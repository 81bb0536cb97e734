"""Replacements asked for, and the chain of lines each of them belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Consignment, KitItem, Parcel, ParcelLine, ReplacementRequest, StockMove, StockMovement, Subject
from qianli.store import journal
from qianli.store.among import among
from qianli.store.journal import actor_of

OPEN = (col(ReplacementRequest.planned_at).is_(None), col(ReplacementRequest.withdrawn_at).is_(None))


@dataclass(frozen=True)
class Sent:
    """A line of a consignment, original or replacement, with the parcel it is or was in."""

    line: ParcelLine
    parcel: Parcel


def lines_of_consignment(session: Session, *, consignment_id: int) -> list[Sent]:
    """Every line there ever was, oldest first; void ones as well."""
    query = (
        sa.select(ParcelLine, Parcel)
        .join(Parcel, col(Parcel.id) == col(ParcelLine.parcel_id))
        .where(col(ParcelLine.consignment_id) == consignment_id)
        .order_by(col(ParcelLine.id))
    )
    return [Sent(*row) for row in session.execute(query)]


def live_items(session: Session, *, consignment_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(consignment id, kit item id) of every live line, original or replacement."""
    query = sa.select(col(ParcelLine.consignment_id), col(ParcelLine.kit_item_id)).where(
        among(ParcelLine.consignment_id, consignment_ids), col(ParcelLine.voided_at).is_(None)
    )
    return set(session.execute(query).tuples().all())


def asked_for(session: Session, *, line_ids: Iterable[int]) -> set[int]:
    """Those of the lines that have an open request."""
    query = select(ReplacementRequest.line_id).where(among(ReplacementRequest.line_id, line_ids), *OPEN)
    return set(session.exec(query))


def ask(session: Session, *, consignment_id: int, lines: Sequence[ParcelLine], at: datetime) -> None:
    """An open request for each line."""
    shared = {"consignment_id": consignment_id, "asked_by": actor_of(session), "asked_at": at}
    rows = [{**shared, "line_id": line.key, "quantity": line.quantity} for line in lines]
    if rows:
        session.execute(sa.insert(ReplacementRequest), rows)


def wanted(session: Session) -> dict[int, int]:
    """Item id → how many are asked for again and in no parcel yet, over all campaigns."""
    query = (
        sa.select(col(KitItem.item_id), sa.func.sum(col(ReplacementRequest.quantity)))
        .join(ParcelLine, col(ParcelLine.id) == col(ReplacementRequest.line_id))
        .join(KitItem, col(KitItem.id) == col(ParcelLine.kit_item_id))
        .where(*OPEN)
        .group_by(col(KitItem.item_id))
    )
    return {item: int(quantity) for item, quantity in session.execute(query)}


def reopen(session: Session, *, line_ids: Iterable[int]) -> None:
    """Planned replacements of these lines did not leave after all: their newest request is open again."""
    waiting = sa.select(col(ReplacementRequest.line_id)).where(*OPEN)
    newest = (
        sa.select(sa.func.max(col(ReplacementRequest.id)))
        .where(
            among(ReplacementRequest.line_id, line_ids),
            col(ReplacementRequest.line_id).not_in(waiting),
            col(ReplacementRequest.planned_at).is_not(None),
            col(ReplacementRequest.withdrawn_at).is_(None),
        )
        .group_by(col(ReplacementRequest.line_id))
    )
    update = sa.update(ReplacementRequest).where(col(ReplacementRequest.id).in_(newest)).values(planned_at=None)
    _write(session, update, "replacement_reopened", "")


def withdraw_of_lines(session: Session, *, line_ids: Iterable[int], at: datetime, why: str) -> None:
    """Nobody waits any more for replacements of these lines."""
    _withdraw(session, among(ReplacementRequest.line_id, line_ids), at, why)


def withdraw_of(session: Session, *, consignment_ids: Iterable[int], at: datetime, why: str) -> int:
    """Nobody waits any more for replacements of these consignments; how many were open."""
    return _withdraw(session, among(ReplacementRequest.consignment_id, consignment_ids), at, why)


def withdraw_of_campaign(session: Session, *, campaign_id: int, at: datetime, why: str) -> int:
    """Nobody waits any more for replacements of this campaign; how many were open."""
    mine = sa.select(col(Consignment.id)).where(col(Consignment.campaign_id) == campaign_id)
    return _withdraw(session, col(ReplacementRequest.consignment_id).in_(mine), at, why)


def _withdraw(session: Session, which: Any, at: datetime, why: str) -> int:
    update = sa.update(ReplacementRequest).where(which, *OPEN).values(withdrawn_at=at)
    return _write(session, update, "replacement_withdrawn", why)


def _write(session: Session, update: Any, what: str, why: str) -> int:
    """Run the update and note it for each consignment; how many requests it touched."""
    returning = update.returning(col(ReplacementRequest.consignment_id)).execution_options(synchronize_session=False)
    touched = session.execute(returning).scalars().all()
    journal.note(session, subject=Subject.consignment, ids=touched, what=what, why=why)
    return len(touched)


def was_written_off(session: Session, *, parcel_id: int) -> bool | None:
    """Whether the goods of a parcel that was taken back were written off; None if it held none that are counted."""
    mine = sa.select(col(ParcelLine.id)).where(col(ParcelLine.parcel_id) == parcel_id)
    query = sa.select(col(StockMovement.move)).where(col(StockMovement.parcel_line_id).in_(mine))
    moves = set(session.execute(query).scalars())
    if not moves & {StockMove.put_back, StockMove.written_off}:
        return None
    return StockMove.written_off in moves
