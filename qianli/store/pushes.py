"""What couriers pushed: kept as it came, read later, deleted when its time is over."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import CourierPush
from models.base import metadata

KEEP = sa.insert(metadata.tables["courier_push"])


def keep(session: Session, *, account: str, content_type: str, body: bytes, at: datetime) -> None:
    """Write one down as it came: a row of the table, since a row of the session costs twice as much."""
    row = {"account": account, "content_type": content_type, "body": body, "received_at": at, "problem": ""}
    session.connection().execute(KEEP, row)


def unread(session: Session, *, after: int, most: int) -> list[CourierPush]:
    """The next unread ones behind this id, oldest first."""
    query = select(CourierPush).where(col(CourierPush.read_at).is_(None), col(CourierPush.id) > after)
    return list(session.exec(query.order_by(col(CourierPush.id)).limit(most)))


def note_read(session: Session, *, outcomes: Mapping[int, tuple[int, str]], at: datetime) -> None:
    """Push id → how many things it said, and what could not be read of it."""
    rows = [{"id": id_, "read_at": at, "said": said, "problem": why[:200]} for id_, (said, why) in outcomes.items()]
    if rows:
        session.execute(sa.update(CourierPush), rows)


def delete_old(session: Session, *, before: datetime) -> None:
    """Delete those that came before then."""
    session.execute(sa.delete(CourierPush).where(col(CourierPush.received_at) < before))
