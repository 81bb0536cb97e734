"""Messages about a study programme: who wants them, what waits, who was told when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Artefact,
    ArtefactKind,
    Case,
    CaseOutcome,
    Member,
    Message,
    MessageEnd,
    MessagePurpose,
    StudyPass,
    Subject,
)
from qianli.store import cases, journal
from qianli.store.among import among
from qianli.store.members import living, may_be_called
from qianli.store.messages import BY_HAND, WAITING
from qianli.store.study_month import no_smartphone

UNASKED = (*WAITING, col(Message.asked_at).is_(None), col(Message.purpose) == MessagePurpose.study)


@dataclass(frozen=True)
class Wanting:
    """A member who wants to be told, and the code of theirs."""

    member_id: int
    organisation_id: int
    host_organisation_id: int | None
    key_id: str
    generation: int


def _programme() -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.type_coerce(col(Message.details), sa.JSON)["programme"].as_integer(), 0)


def wanting(session: Session, *, programme_id: int) -> list[Wanting]:
    """Who wants to be told, may be, and has a telephone that shows pages; by id."""
    query = (
        sa.select(
            col(Member.id), col(Member.organisation_id), col(Member.host_organisation_id), col(StudyPass.key_id),
            col(StudyPass.generation),
        )
        .join(StudyPass, col(StudyPass.member_id) == col(Member.id))
        .where(
            col(StudyPass.programme_id) == programme_id,
            col(StudyPass.wants_since).is_not(None),
            living(),
            may_be_called(),
            sa.not_(no_smartphone()),
        )
        .order_by(col(Member.id))
    )  # fmt: skip
    return [Wanting(*row) for row in session.execute(query)]


def waiting(session: Session, *, programme_id: int) -> list[Message]:
    """Notices of a programme that nobody was asked to send yet, held until the transaction ends."""
    query = sa.select(Message).where(*UNASKED, _programme() == programme_id).order_by(col(Message.id))
    return list(session.execute(query.with_for_update()).scalars())


def to_give_out(session: Session, *, programme_id: int, at: datetime) -> list[int]:
    """Notices of a programme due by then that are sent by hand and stand on no sheet yet."""
    query = sa.select(col(Message.id)).where(
        *UNASKED, _programme() == programme_id, col(Message.channel) == BY_HAND, col(Message.due_at) <= at
    )
    return list(session.execute(query.order_by(col(Message.id))).scalars())


def unmade_sheets(session: Session, *, folder: str) -> list[int]:
    """Sheets in this folder whose files were not published yet."""
    query = sa.select(col(Artefact.id)).where(
        col(Artefact.kind) == ArtefactKind.message_sheet,
        col(Artefact.path).startswith(f"{folder}/", autoescape=True),
        col(Artefact.published_at).is_(None),
    )
    return list(session.execute(query.order_by(col(Artefact.id))).scalars())


def last_told(session: Session, *, member_ids: Iterable[int], since: datetime) -> dict[int, datetime]:
    """Member → when they were last told of a study item since then; what failed does not count."""
    query = (
        sa.select(col(Message.member_id), sa.func.max(col(Message.asked_at)))
        .where(
            col(Message.purpose) == MessagePurpose.study,
            among(Message.member_id, member_ids),
            col(Message.asked_at) > since,
            col(Message.failed_at).is_(None),
        )
        .group_by(col(Message.member_id))
    )
    return dict(session.execute(query).tuples().all())


def say_anew(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """What waits tells of more: `{id, details}`."""
    if rows:
        session.execute(sa.update(Message), [dict(row) for row in rows])


def withdraw(
    session: Session,
    *,
    programme_id: int,
    at: datetime,
    member_ids: Iterable[int] | None = None,
    group_id: int | None = None,
) -> int:
    """Cancel what waits: for the group of this organisation, or else for these members, or for all of them."""
    to_group = col(Message.member_id).is_(None)
    whose = sa.not_(to_group) if group_id is None else sa.and_(to_group, col(Message.organisation_id) == group_id)
    update = sa.update(Message).where(*UNASKED, _programme() == programme_id, whose)
    if member_ids is not None:
        update = update.where(among(Message.member_id, member_ids))
    cancelled = update.values(cancelled_at=at, cancel_reason=MessageEnd.withdrawn, lease_until=None)
    returned = cancelled.returning(col(Message.id)).execution_options(synchronize_session=False)
    done = list(session.execute(returned).scalars())
    journal.note(session, subject=Subject.message, ids=done, what="cancelled", why=MessageEnd.withdrawn)
    return len(done)


def want(session: Session, *, pass_ids: Iterable[int], since: datetime | None) -> list[int]:
    """These want to be told from now on, or no more; the answer is the members for whom that is new."""
    is_new = col(StudyPass.wants_since).is_(None) if since else col(StudyPass.wants_since).is_not(None)
    update = sa.update(StudyPass).where(among(StudyPass.id, pass_ids), is_new).values(wants_since=since)
    returned = update.returning(col(StudyPass.member_id)).execution_options(synchronize_session=False)
    return sorted(session.execute(returned).scalars())


def wished(session: Session, *, member_id: int) -> list[int]:
    """The programmes this record wants to be told of."""
    query = sa.select(col(StudyPass.programme_id)).where(
        col(StudyPass.member_id) == member_id, col(StudyPass.wants_since).is_not(None)
    )
    return list(session.execute(query).scalars())


def forget(session: Session, *, before: datetime, by: str, at: datetime) -> None:
    """Delete notices that were queued before then, and the cases about them: no campaign's purge would.

    A case that is open still ends with it: whether so old a notice was sent is nobody's question any more.
    """
    quiet = {"synchronize_session": False}
    old = sa.select(col(Message.id)).where(
        col(Message.purpose) == MessagePurpose.study, col(Message.queued_at) < before
    )
    asked = sa.select(col(Case.id)).where(col(Case.message_id).in_(old), col(Case.resolved_at).is_(None))
    open_ones = list(session.execute(asked).scalars())
    cases.resolve_cases(session, ids=open_ones, outcome=CaseOutcome.overtaken, by=by, at=at)
    session.execute(sa.delete(Case).where(col(Case.message_id).in_(old)), execution_options=quiet)
    session.execute(sa.delete(Message).where(col(Message.id).in_(old)), execution_options=quiet)
