"""Seals and signatures of organisations; what was withdrawn stays as a row."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Imprint, ImprintKind, Subject
from qianli.store import journal


def live(session: Session, *, organisation_id: int) -> list[Imprint]:
    """What an organisation has now, a row a kind."""
    query = select(Imprint).where(Imprint.organisation_id == organisation_id, col(Imprint.withdrawn_at).is_(None))
    return list(session.exec(query.order_by(col(Imprint.kind))))


def as_of(session: Session, *, organisation_id: int, kinds: Sequence[str], at: datetime) -> list[Imprint]:
    """What an organisation had at a moment, of these kinds, withdrawn since or not."""
    after = sa.or_(col(Imprint.withdrawn_at).is_(None), col(Imprint.withdrawn_at) > at)
    query = select(Imprint).where(
        Imprint.organisation_id == organisation_id, col(Imprint.kind).in_(kinds), col(Imprint.added_at) <= at, after
    )
    return list(session.exec(query.order_by(col(Imprint.kind))))


def add(session: Session, *, imprint: Imprint) -> None:
    """A new one in the place of what there was of its kind."""
    withdraw(
        session,
        organisation_id=imprint.organisation_id,
        kind=imprint.kind,
        by=imprint.added_by,
        at=imprint.added_at,
    )
    session.add(imprint)
    session.flush()
    journal.note(session, subject=Subject.organisation, ids=[imprint.organisation_id], what=f"{imprint.kind} added")


def withdraw(session: Session, *, organisation_id: int, kind: ImprintKind, by: str, at: datetime) -> bool:
    """No letter gets it any more; False if there was none."""
    update = (
        sa.update(Imprint)
        .where(col(Imprint.organisation_id) == organisation_id, col(Imprint.kind) == kind)
        .where(col(Imprint.withdrawn_at).is_(None))
        .values(withdrawn_at=at, withdrawn_by=by)
        .returning(col(Imprint.id))
    )
    if session.execute(update).first() is None:
        return False
    journal.note(session, subject=Subject.organisation, ids=[organisation_id], what=f"{kind} withdrawn")
    return True
