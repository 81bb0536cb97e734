"""Shards of the steps that work inside the database."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Shard, Step


def unfinished(session: Session, *, campaign_id: int, step: Step) -> list[int]:
    """Ids of the step's shards that are still to do."""
    query = (
        select(Shard.id)
        .where(Shard.campaign_id == campaign_id, Shard.step == step, col(Shard.finished_at).is_(None))
        .order_by(col(Shard.round), col(Shard.position))
    )
    return [id_ for id_ in session.exec(query) if id_ is not None]


def add_round(session: Session, *, campaign_id: int, step: Step, ranges: Sequence[tuple[int, int]]) -> list[int]:
    """A new round of the step over these ranges of consignment ids (first and last included)."""
    newest = session.exec(
        select(sa.func.max(Shard.round)).where(Shard.campaign_id == campaign_id, Shard.step == step)
    ).one()
    rows = [
        Shard(campaign_id=campaign_id, step=step, round=int(newest or 0) + 1, position=i, first_id=first, last_id=last)
        for i, (first, last) in enumerate(ranges)
    ]
    session.add_all(rows)
    session.flush()
    return [row.key for row in rows]


def lock_unfinished(session: Session, *, shard_id: int) -> Shard | None:
    """The shard, held until the transaction ends; None if it is done already."""
    query = select(Shard).where(Shard.id == shard_id, col(Shard.finished_at).is_(None)).with_for_update()
    return session.exec(query).first()


def finish(session: Session, *, shard: Shard, at: datetime) -> None:
    """Mark it done, in the transaction that did it."""
    shard.finished_at = at
    session.add(shard)
