"""How often an address tried codes that do not exist, minute by minute. Only a keyed hash of the address is kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import FailedCode


def counts(session: Session, *, address_hash: str, since: datetime) -> list[tuple[datetime, int]]:
    """Failures of an address per minute from `since` on, oldest first."""
    query = (
        select(FailedCode.window_at, FailedCode.count)
        .where(FailedCode.address_hash == address_hash, FailedCode.window_at >= since)
        .order_by(col(FailedCode.window_at))
    )
    return [(window_at, count) for window_at, count in session.exec(query)]


def count_one(session: Session, *, address_hash: str, window_at: datetime) -> None:
    """One more failure of this address in this minute."""
    update = (
        sa.update(FailedCode)
        .where(col(FailedCode.address_hash) == address_hash, col(FailedCode.window_at) == window_at)
        .values(count=FailedCode.count + 1)
        .returning(col(FailedCode.id))
        .execution_options(synchronize_session=False)
    )
    if not session.execute(update).scalars().all():
        session.add(FailedCode(address_hash=address_hash, window_at=window_at, count=1))


def forget(session: Session, *, before: datetime) -> None:
    """Drop what no limit looks at any more."""
    session.execute(sa.delete(FailedCode).where(col(FailedCode.window_at) < before))
