"""What the monthly review asks the journal: who moved, and which branch reported."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from models import Artefact, JournalEntry, Member, Subject
from qianli.store import journal, members
from qianli.store.among import among


def branches(session: Session, *, organisation_ids: Iterable[int]) -> list[int]:
    """Those of the organisations that are somebody's home."""
    query = sa.select(col(Member.organisation_id)).where(
        among(Member.organisation_id, organisation_ids), members.living()
    )
    return sorted(set(session.execute(query.distinct()).scalars()))


def moved(session: Session, *, organisation_ids: Iterable[int], begin: datetime, end: datetime) -> set[int]:
    """Members of these organisations of whom a new residence was written down in this time."""
    theirs = sa.select(col(Member.id)).where(among(Member.organisation_id, organisation_ids))
    query = _told(Subject.member, "moved", begin, end).where(col(JournalEntry.subject_id).in_(theirs))
    return set(session.execute(query).scalars())


def reported(session: Session, *, begin: datetime, end: datetime) -> set[int]:
    """Organisations that sent their ledger in this time, or said that nothing changed."""
    return set(session.execute(_told(Subject.organisation, "reported", begin, end)).scalars())


def note_reported(session: Session, *, organisation_ids: Iterable[int], since: datetime, why: str) -> None:
    """These organisations reported; who has done so since then already is not noted again."""
    known = reported(session, begin=since, end=journal.moment_of(session) + timedelta(microseconds=1))
    new = sorted(set(organisation_ids) - known)
    journal.note(session, subject=Subject.organisation, ids=new, what="reported", why=why)


def _told(subject: Subject, what: str, begin: datetime, end: datetime) -> sa.Select[tuple[int]]:
    return sa.select(col(JournalEntry.subject_id)).where(
        col(JournalEntry.subject) == subject,
        col(JournalEntry.what) == what,
        col(JournalEntry.at) >= begin,
        col(JournalEntry.at) < end,
    )


def there(session: Session, *, paths: Iterable[str]) -> set[str]:
    """Those of the files that were published and not erased."""
    query = sa.select(col(Artefact.path)).where(
        among(Artefact.path, paths), col(Artefact.published_at).is_not(None), col(Artefact.deleted_at).is_(None)
    )
    return set(session.execute(query).scalars())
