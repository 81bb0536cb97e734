"""Reminders that a message told the member of, and those whose message never arrived after all."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Reminder, Subject, ToldVia
from qianli.campaigns.reminders import KEY, ids_of
from qianli.store import journal
from qianli.store.among import among

#: What a message and a call about a reminder are known by, as a column.
KEY_OF_ONE = sa.literal(KEY).concat(sa.cast(col(Reminder.id), sa.String))


def note(session: Session, *, keys: Collection[str], at: datetime) -> None:
    """Messages of these keys went out: the open reminders among them are told."""
    if not (ids := ids_of(keys)):
        return
    update = (
        sa.update(Reminder)
        .where(among(Reminder.id, ids), col(Reminder.ended_at).is_(None))
        .values(told_at=at, told_via=ToldVia.message, told_by=journal.actor_of(session))
        .returning(col(Reminder.consignment_id))
        .execution_options(synchronize_session=False)
    )
    told = set(session.execute(update).scalars())
    journal.note(session, subject=Subject.consignment, ids=told, what="reminder told", why=ToldVia.message)


def take_back(session: Session, *, keys: Collection[str]) -> None:
    """They did not arrive: what was told by them was not, and the member is called."""
    if not (ids := ids_of(keys)):
        return
    update = (
        sa.update(Reminder)
        .where(among(Reminder.id, ids), col(Reminder.ended_at).is_(None), col(Reminder.told_via) == ToldVia.message)
        .values(told_at=None, told_via=None, told_by=None)
    )
    session.execute(update.execution_options(synchronize_session=False))
