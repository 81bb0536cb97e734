"""Messages that wait: queued once each, found when they are due, cancelled when what they are about is settled."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models import Message, MessageEnd, MessagePurpose, Subject
from qianli.store import journal
from qianli.store.among import among

BY_HAND = "file"
NOT_OVER = (
    col(Message.failed_at).is_(None),
    col(Message.cancelled_at).is_(None),
)
WAITING = (
    col(Message.answered_at).is_(None),
    *NOT_OVER,
    col(Message.unclear_at).is_(None),
)
#: It waits or went, and nobody knows of a failure.
STANDING = (*NOT_OVER, col(Message.unclear_at).is_(None))
PLAIN: dict[str, Any] = {
    "campaign_id": None, "consignment_id": None, "member_id": None, "details": {}, "working_days": False,
    "attempt": 0, "provider_id": "", "failure_kind": "", "failure_words": "",
}  # fmt: skip


def queue(session: Session, *, rows: Sequence[Mapping[str, Any]], at: datetime) -> list[int]:
    """Queue messages, each key once, whoever queues it again; the answer is the ids of the new ones."""
    if not rows:
        return []
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    adding = insert(Message).on_conflict_do_nothing(index_elements=["sending_key"]).returning(col(Message.id))
    whole = [{**PLAIN, "queued_at": at, **row} for row in rows]
    new = sorted(session.execute(adding, whole).scalars())
    journal.note(session, subject=Subject.message, ids=new, what="queued")
    return new


def channels_due(session: Session, *, at: datetime) -> set[str]:
    """Channels with messages to be sent by then, those by hand left out."""
    query = select(Message.channel).where(*WAITING, col(Message.due_at) <= at, col(Message.channel) != BY_HAND)
    return set(session.exec(query.distinct()))


def due(session: Session, *, channel: str, at: datetime, after: int, most: int, take_over: bool = False) -> list[int]:
    """The next messages of a channel to be sent by then, behind this id, that nobody has in hand."""
    free = sa.or_(col(Message.lease_until).is_(None), col(Message.lease_until) < at, sa.literal(take_over))
    query = sa.select(col(Message.id)).where(
        *WAITING, col(Message.channel) == channel, col(Message.due_at) <= at, col(Message.id) > after, free
    )
    return list(session.execute(query.order_by(col(Message.id)).limit(most)).scalars())


def cancel(session: Session, *, reason: MessageEnd, at: datetime, consignment_ids: Iterable[int] = (),
           member_ids: Iterable[int] = (), message_ids: Iterable[int] = (), keys: Collection[str] = (),
           campaign_id: int | None = None) -> int:  # fmt: skip
    """Cancel what waits about these; one that was asked for stays, since it may be out already."""
    about: list[Any] = [
        among(Message.id, message_ids),
        among(Message.sending_key, keys),
        among(Message.consignment_id, consignment_ids),
        among(Message.member_id, member_ids),
    ]
    if campaign_id is not None:
        about.append(col(Message.campaign_id) == campaign_id)
    update = (
        sa.update(Message)
        .where(*WAITING, col(Message.asked_at).is_(None), sa.or_(*about))
        .values(cancelled_at=at, cancel_reason=reason, lease_until=None)
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    )
    done = list(session.execute(update).scalars())
    journal.note(session, subject=Subject.message, ids=done, what="cancelled", why=reason)
    return len(done)


def by_key(session: Session, *, key: str) -> Message | None:
    """One message, held until the transaction ends."""
    return session.exec(select(Message).where(Message.sending_key == key).with_for_update()).first()


def by_keys(session: Session, *, keys: Collection[str]) -> dict[str, Message]:
    """The messages with these keys, held until the transaction ends."""
    query = select(Message).where(among(Message.sending_key, keys)).order_by(col(Message.id)).with_for_update()
    return {one.sending_key: one for one in session.exec(query)}


def live(key: Any) -> sa.ColumnElement[bool]:
    """Whether a message of this key waits or went, as a condition."""
    return sa.exists().where(col(Message.sending_key) == key, *STANDING)


def fill_again(session: Session, *, campaign_id: int, purpose: MessagePurpose, details: Mapping[str, Any]) -> None:
    """What waits of a campaign is filled with something else: it was not asked for yet."""
    update = sa.update(Message).where(
        col(Message.campaign_id) == campaign_id, col(Message.purpose) == purpose, *WAITING,
        col(Message.asked_at).is_(None),
    )  # fmt: skip
    session.execute(update.values(details=dict(details)).execution_options(synchronize_session=False))


def cancel_purpose(
    session: Session, *, campaign_id: int, purpose: MessagePurpose, reason: MessageEnd, at: datetime
) -> None:
    """Cancel what waits of a campaign for one purpose."""
    query = sa.select(col(Message.sending_key)).where(
        col(Message.campaign_id) == campaign_id, col(Message.purpose) == purpose, *WAITING
    )
    cancel(session, keys=list(session.execute(query).scalars()), reason=reason, at=at)
