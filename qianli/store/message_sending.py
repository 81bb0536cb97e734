"""One attempt to send a message: claimed with the intent, answered; it changes nothing that another attempt holds."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Message, MessageEnd, Subject
from qianli.store import journal, reminders_told
from qianli.store.messages import WAITING


def claim(session: Session, *, message_id: int, at: datetime, lease_s: int, take_over: bool) -> Message | None:
    """Take one; None if it is answered, put off or in another's hands. `asked_at` tells whether it was asked before."""
    free = sa.or_(col(Message.lease_until).is_(None), col(Message.lease_until) < at, sa.literal(take_over))
    update = (
        sa.update(Message)
        .where(col(Message.id) == message_id, *WAITING, col(Message.due_at) <= at, free)
        .values(attempt=col(Message.attempt) + 1, started_at=at, lease_until=at + timedelta(seconds=lease_s))
        .returning(Message)
        .execution_options(synchronize_session=False)
    )
    return session.execute(update).scalars().first()


def ask(session: Session, *, message: Message, receiver_hash: str, at: datetime) -> None:
    """Write down that the channel is asked now, and for whom."""
    _change(session, message, asked_at=at, receiver_hash=receiver_hash)


def let_go(session: Session, *, message: Message, due_at: datetime | None = None) -> None:
    """Give up a claim, if it is still held; put it off, if that is said. What was asked stays asked."""
    _change(session, message, lease_until=None, **({} if due_at is None else {"due_at": due_at}))


def not_asked(session: Session, *, message: Message) -> None:
    """Give up a claim whose call never reached the channel: it is as it was before."""
    _change(session, message, lease_until=None, asked_at=message.asked_at, receiver_hash=message.receiver_hash)


def answered(session: Session, *, message: Message, provider_id: str, at: datetime) -> bool:
    """The channel took it; False if another worker has the message now, and comes to the same."""
    done = _change(session, message, answered_at=at, lease_until=None, provider_id=provider_id[:128])
    reminders_told.note(session, keys=[message.sending_key] if done else [], at=at)
    return _noted(session, message, done, "sent")


def failed(session: Session, *, message: Message, kind: str, words: str, at: datetime) -> bool:
    """The channel will not send it; False if another worker has the message now."""
    done = _change(session, message, failed_at=at, lease_until=None, failure_kind=kind[:20], failure_words=words[:300])
    return _noted(session, message, done, "not sent", why=kind)


def unclear(session: Session, *, message: Message, at: datetime) -> bool:
    """Nobody knows whether it was sent, and it is not sent again; False if another worker has it now."""
    return _noted(session, message, _change(session, message, unclear_at=at, lease_until=None), "unclear")


def cancelled(session: Session, *, message: Message, reason: MessageEnd, at: datetime) -> None:
    """Looked at again, it is not to be sent."""
    done = _change(session, message, cancelled_at=at, cancel_reason=reason, lease_until=None)
    _noted(session, message, done, "cancelled", why=reason)


def _change(session: Session, message: Message, **values: Any) -> bool:
    """Change the message for as long as this attempt holds it."""
    update = (
        sa.update(Message)
        .where(col(Message.id) == message.key, col(Message.attempt) == message.attempt, *WAITING)
        .values(**values)
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(update).first() is not None


def _noted(session: Session, message: Message, done: bool, what: str, *, why: str = "") -> bool:  # noqa: FBT001
    journal.note(session, subject=Subject.message, ids=[message.key] if done else [], what=what, why=why)
    return done
