"""What channels report of messages they took: delivered, or not and why. An unclear one that is reported was sent."""

from collections.abc import Sequence
from typing import Any

from models import Message, Subject
from qianli.channels.live import Delivery
from qianli.stages import message_cases
from qianli.stages.unit import now, writing
from qianli.store import journal
from qianli.store import message_results as store


def heard(account: str, reports: Sequence[Delivery], *, by: str) -> int:
    """Write down what an account reported; the answer is how many were of our messages. Twice is the same as once."""
    with writing(by) as session:
        found = store.reported(
            session,
            channel=account,
            numbers={one.provider_id for one in reports if one.provider_id},
            keys={one.key for one in reports if one.key},
        )
        about = {one.key: (one, said) for one in found if (said := _said(one, reports))}
        rows = {id_: row for id_, (one, said) in about.items() if (row := _row(session, one, said))}
        doubts = [id_ for id_ in rows if about[id_][0].unclear_at]
        store.note_reports(session, rows=[{"id": id_, **row} for id_, row in rows.items()])
        message_cases.close_about(session, doubts, by=by, at=now())
        for column, what in (("delivered_at", "delivered"), ("failed_at", "undelivered")):
            ids = [id_ for id_, row in rows.items() if row.get(column)]
            journal.note(session, subject=Subject.message, ids=ids, what=what)
        message_cases.not_told(session, [id_ for id_, row in rows.items() if row.get("failed_at")], at=now())
    return len(about)


def _said(message: Message, reports: Sequence[Delivery]) -> Delivery | None:
    """What was said of a message; the last word counts, and a final one before one that is not."""
    mine = [
        one
        for one in reports
        if one.key == message.sending_key or (one.provider_id and one.provider_id == message.provider_id)
    ]
    return max(mine, key=lambda one: (one.delivered is not None, one.at), default=None)


def _row(session: Any, message: Message, said: Delivery) -> dict[str, Any]:
    """The columns that change; none if this was known."""
    row: dict[str, Any] = {}
    if message.answered_at is None:
        row |= {"answered_at": said.at, "unclear_at": None, "lease_until": None}
    if said.provider_id and not message.provider_id:
        row["provider_id"] = said.provider_id[:128]
    if said.delivered and message.delivered_at is None:
        row |= {"delivered_at": said.at}
    if said.delivered is False and message.failed_at is None and message.delivered_at is None:
        words = message_cases.nameless(session, message, said.words)
        told = f"{said.code} {words}".strip()[:300]
        row |= {"failed_at": said.at, "failure_kind": "undelivered", "failure_words": told}
    return row
