"""Writing and reading the journal."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from models import JournalEntry, Subject


def actor_of(session: Session) -> str:
    """Who acts in this transaction."""
    return str(session.info["actor"])


def moment_of(session: Session) -> datetime:
    """When this transaction began."""
    moment: datetime = session.info["at"]
    return moment


def note(session: Session, *, subject: Subject, ids: Iterable[int], what: str, was: str = "", why: str = "") -> None:
    """One entry per id, in one statement. `why` holds no personal data."""
    note_each(session, subject=subject, whys=dict.fromkeys(ids, why), what=what, was=was)


def note_each(session: Session, *, subject: Subject, whys: Mapping[int, str], what: str, was: str = "") -> None:
    """The same, where each id has a reason of its own."""
    at, actor = moment_of(session), actor_of(session)
    shared = {"subject": subject, "what": what, "was": was or None, "actor": actor, "at": at}
    rows = [{**shared, "subject_id": id_, "why": why} for id_, why in whys.items()]
    if rows:
        session.execute(sa.insert(JournalEntry), rows)


def entries(session: Session, *, subject: Subject, subject_id: int) -> list[JournalEntry]:
    """The story of one thing, oldest first."""
    query = (
        select(JournalEntry)
        .where(JournalEntry.subject == subject, JournalEntry.subject_id == subject_id)
        .order_by(sa.column("id"))
    )
    return list(session.exec(query))
