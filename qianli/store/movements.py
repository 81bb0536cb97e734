"""Reports of movements: written once, paired, settled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import Case, CaseReason, Member, Movement, MovementOutcome, Subject
from qianli.store import edits, journal
from qianli.store.among import among


def of_members(session: Session, *, member_ids: Iterable[int]) -> list[Movement]:
    """Every report about these members, in the order they came in."""
    query = select(Movement).where(among(Movement.member_id, member_ids)).order_by(col(Movement.id))
    return list(session.exec(query.execution_options(populate_existing=True)))


def by_ids(session: Session, *, ids: Iterable[int]) -> dict[int, Movement]:
    """Reports by id; ids that are none are left out."""
    return {one.key: one for one in session.exec(select(Movement).where(among(Movement.id, ids)))}


def unsettled(session: Session, *, organisation_ids: Sequence[int] | None = None) -> list[tuple[Movement, Member]]:
    """Reports that wait for another one or for a person, with their members, the oldest first.

    Of organisations: what they reported, and what others reported of their members.
    """
    query = sa.select(Movement, Member).join(Member, col(Member.id) == col(Movement.member_id))
    query = query.where(col(Movement.settled_at).is_(None)).order_by(col(Movement.id))
    if organisation_ids is not None:
        reported = among(Movement.organisation_id, organisation_ids)
        query = query.where(sa.or_(reported, among(Member.organisation_id, organisation_ids)))
    return [(movement, member) for movement, member in session.execute(query)]


def overdue(session: Session, *, before: datetime) -> list[Movement]:
    """Reports from before then that nobody else made, nobody settled, and no case is open about."""
    standing = sa.select(col(Case.movement_id)).where(
        col(Case.resolved_at).is_(None), col(Case.movement_id).is_not(None)
    )
    query = select(Movement).where(
        col(Movement.settled_at).is_(None),
        col(Movement.paired_with_id).is_(None),
        col(Movement.recorded_at) < before,
        col(Movement.id).not_in(standing),
    )
    return list(session.exec(query.order_by(col(Movement.id)).with_for_update()))


def unpaired_members(session: Session) -> list[int]:
    """Members with a report that waits for the other side."""
    waits = (col(Movement.settled_at).is_(None), col(Movement.paired_with_id).is_(None))
    query = sa.select(col(Movement.member_id)).where(*waits).distinct().order_by(col(Movement.member_id))
    return list(session.execute(query).scalars())


def add_all(session: Session, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """New reports; none that was made already."""
    if rows:
        session.execute(sa.insert(Movement).execution_options(render_nulls=True), list(rows))


def pair(session: Session, *, pairs: Sequence[tuple[int, int]]) -> None:
    """Each of two reports of one move points to the other."""
    both = [{"id": one, "paired_with_id": other} for pair in pairs for one, other in (pair, pair[::-1])]
    if both:
        session.execute(sa.update(Movement), both)


def unpair(session: Session, *, ids: Iterable[int]) -> None:
    """These stand alone again, and so do those they pointed to."""
    gone = list(ids)
    update = sa.update(Movement).where(sa.or_(among(Movement.id, gone), among(Movement.paired_with_id, gone)))
    session.execute(update.values(paired_with_id=None).execution_options(synchronize_session="fetch"))


def settle(session: Session, *, ids: Iterable[int], outcome: MovementOutcome, by: str, at: datetime) -> list[Movement]:
    """What becomes of those that are not settled yet; the answer is these."""
    update = (
        sa.update(Movement)
        .where(among(Movement.id, ids), col(Movement.settled_at).is_(None))
        .values(settled_at=at, settled_by=by, outcome=outcome)
        .returning(col(Movement.id))
        .execution_options(synchronize_session="fetch")
    )
    done = list(session.execute(update).scalars())
    found = list(by_ids(session, ids=done).values())
    whom = sorted({one.member_id for one in found})
    if outcome is MovementOutcome.accepted:
        journal.note(session, subject=Subject.member, ids=whom, what="movement_accepted")
    elif outcome is MovementOutcome.dismissed:
        journal.note(session, subject=Subject.member, ids=whom, what="movement_dismissed")
    else:
        journal.note(session, subject=Subject.member, ids=whom, what="movement_corrected")
    return found


def disputed(session: Session, *, member_ids: Iterable[int]) -> set[int]:
    """Those of the members about whom two reports differ, and nobody has decided."""
    query = (
        sa.select(col(Movement.member_id))
        .join(Case, col(Case.movement_id) == col(Movement.id))
        .where(
            among(Movement.member_id, member_ids),
            col(Case.reason) == CaseReason.conflicting_reports,
            col(Case.resolved_at).is_(None),
        )
    )
    return set(session.execute(query).scalars())


@dataclass(frozen=True)
class Took:
    """What an accepted movement says of the member beside the address; null is what it does not change."""

    member: Member
    values: Mapping[str, Any]


def write_members(session: Session, *, took: Sequence[Took], at: datetime) -> None:
    """Raise the version of every member that moved, and write what else is known now."""
    edits.claim(session, Member, versions={one.member.key: one.member.version for one in took})
    rows = [
        {
            "id": one.member.key,
            "updated_at": at,
            "away_since": one.member.away_since,
            "host_organisation_id": one.member.host_organisation_id,
        }
        | dict(one.values)
        for one in took
    ]
    if rows:
        session.execute(sa.update(Member), rows)
