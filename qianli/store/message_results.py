"""What became of messages once they were out: reported by the channel, sent by hand, or found out by a person."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Message, Subject
from qianli.campaigns import reminders
from qianli.store import journal, reminders_told
from qianli.store.among import among
from qianli.store.messages import WAITING


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
