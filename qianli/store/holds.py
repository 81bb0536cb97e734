"""Holds."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Consignment, Hold, HoldReason, Snapshot, Subject
from qianli.store import journal
from qianli.store.among import among


def open_holds(session: Session, *, consignment_ids: Iterable[int]) -> list[Hold]:
    """Every open hold of these consignments."""
    query = select(Hold).where(among(Hold.consignment_id, consignment_ids), col(Hold.cleared_at).is_(None))
    return list(session.exec(query))


def add(session: Session, *, rows: Sequence[dict[str, Any]]) -> None:
    """New open holds: consignment_id, reason, sentence, next_step, opened_at."""
    if rows:
        session.execute(sa.insert(Hold), list(rows))
        _note(session, "hold", [(row["consignment_id"], row["reason"]) for row in rows])


def say_anew(session: Session, *, rows: Sequence[dict[str, Any]]) -> None:
    """Open holds whose sentence is another one now: id, sentence."""
    if rows:
        session.execute(sa.update(Hold), list(rows))


def clear(session: Session, *, hold_ids: Iterable[int], at: datetime) -> None:
    """Their causes are gone."""
    _clear(session, among(Hold.id, hold_ids), at)


def clear_of(session: Session, *, consignment_ids: Iterable[int], at: datetime) -> None:
    """Clear every open hold of these consignments."""
    _clear(session, among(Hold.consignment_id, consignment_ids), at)


def _clear(session: Session, which: Any, at: datetime) -> None:
    update = sa.update(Hold).where(which, col(Hold.cleared_at).is_(None)).values(cleared_at=at)
    cleared = session.execute(update.returning(col(Hold.consignment_id), col(Hold.reason))).tuples().all()
    _note(session, "unhold", cleared)


def _note(session: Session, verb: str, changed: Iterable[tuple[int, HoldReason]]) -> None:
    """An entry a consignment and reason; a statement a reason."""
    by_reason: dict[HoldReason, list[int]] = {}
    for consignment, reason in changed:
        by_reason.setdefault(reason, []).append(consignment)
    for reason, ids in sorted(by_reason.items()):
        journal.note(session, subject=Subject.consignment, ids=ids, what=f"{verb} {reason}")


def of_campaign(session: Session, *, campaign_id: int) -> list[tuple[Hold, int, str, int]]:
    """Open holds with consignment number, member's name and member id, by number."""
    query = (
        sa.select(Hold, col(Consignment.number), col(Snapshot.name), col(Consignment.member_id))
        .join(Consignment, col(Consignment.id) == col(Hold.consignment_id))
        .join(Snapshot, col(Snapshot.id) == col(Consignment.snapshot_id))
        .where(col(Consignment.campaign_id) == campaign_id, col(Hold.cleared_at).is_(None))
        .order_by(col(Consignment.number), col(Hold.id))
    )
    return [(hold, number, name, member) for hold, number, name, member in session.execute(query)]


def reasons(session: Session, *, consignment_ids: Iterable[int]) -> dict[int, set[HoldReason]]:
    """Consignment id → reasons of its open holds."""
    found: dict[int, set[HoldReason]] = {}
    for hold in open_holds(session, consignment_ids=consignment_ids):
        found.setdefault(hold.consignment_id, set()).add(hold.reason)
    return found
