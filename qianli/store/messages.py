"""Messages: queued, claimed with the intent, answered. Each is asked of its channel with no transaction open."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from models import Message, MessageEnd, MessagePurpose, Subject
from qianli.campaigns import reminders
from qianli.store import journal, reminders_told
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


def settle(session: Session, *, message_id: int, sent: bool, at: datetime) -> None:
    """A person found out whether an unclear one was sent."""
    values: dict[str, Any] = {"answered_at": at} if sent else {"failed_at": at, "failure_kind": "not_sent"}
    update = sa.update(Message).where(col(Message.id) == message_id, col(Message.unclear_at).is_not(None))
    session.execute(update.values(unclear_at=None, **values).execution_options(synchronize_session=False))
    reminders_told.note(session, keys=_keys(session, [message_id] if sent else []), at=at)
    what = "settled as sent" if sent else "settled as not sent"
    journal.note(session, subject=Subject.message, ids=[message_id], what=what)


def reported(session: Session, *, channel: str, numbers: Collection[str], keys: Collection[str]) -> list[Message]:
    """Messages of a channel that it reports on: by its numbers, or by our keys; held until the transaction ends."""
    query = select(Message).where(
        Message.channel == channel,
        sa.or_(
            sa.and_(among(Message.provider_id, numbers), col(Message.provider_id) != ""),
            among(Message.sending_key, keys),
        ),
    )
    return list(session.exec(query.order_by(col(Message.id)).with_for_update()))


def note_reports(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """`{id, …}` with the columns that a report changes."""
    for columns in sorted({tuple(sorted(row)) for row in rows}):
        session.execute(sa.update(Message), [dict(row) for row in rows if tuple(sorted(row)) == columns])
    failed_ones = [row["id"] for row in rows if row.get("failed_at")]
    reminders_told.take_back(session, keys=_keys(session, failed_ones))


def _keys(session: Session, ids: Collection[int]) -> list[str]:
    """Our keys of those messages that are about reminders."""
    if not ids:
        return []
    about = col(Message.sending_key).startswith(reminders.KEY)
    return list(session.execute(sa.select(col(Message.sending_key)).where(among(Message.id, ids), about)).scalars())


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


def give_out(session: Session, *, ids: Collection[int], artefact_id: int, at: datetime) -> None:
    """Messages that stand on a sheet, to be sent by hand."""
    update = sa.update(Message).where(among(Message.id, ids), *WAITING, col(Message.asked_at).is_(None))
    given = update.values(asked_at=at, artefact_id=artefact_id).returning(col(Message.id))
    done = list(session.execute(given.execution_options(synchronize_session=False)).scalars())
    journal.note(session, subject=Subject.message, ids=done, what="given out")


def by_hand(session: Session, *, results: Mapping[int, str | None], at: datetime) -> None:
    """What came of messages given out: id → why it failed, or None for sent."""
    sent = [id_ for id_, why in results.items() if why is None]
    update = sa.update(Message).where(*WAITING).execution_options(synchronize_session=False)
    session.execute(update.where(among(Message.id, sent)).values(answered_at=at))
    reminders_told.note(session, keys=_keys(session, sent), at=at)
    not_sent = {id_: why for id_, why in results.items() if why is not None}
    rows = [
        {"id": id_, "failed_at": at, "failure_kind": "by_hand", "failure_words": why[:300]}
        for id_, why in not_sent.items()
    ]
    if rows:
        session.execute(sa.update(Message), rows)
    journal.note(session, subject=Subject.message, ids=sent, what="sent")
    journal.note(session, subject=Subject.message, ids=not_sent, what="not sent", why="by_hand")
