"""Cases: opened once per subject and reason, resolved with an outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import (
    Case,
    CaseOutcome,
    CaseReason,
    Subject,
)
from qianli.store import journal
from qianli.store.among import among

OWNER_LENGTH = 64
#: Consignment, parcel, movement, message (one of them) and reason: what at most one case is open about.
About = tuple[int | None, int | None, int | None, int | None, CaseReason]


@dataclass(frozen=True)
class NewCase:
    """A case to be opened; exactly one of consignment, parcel, movement (of no campaign) and message is its subject."""

    campaign_id: int | None
    reason: CaseReason
    sentence: str
    next_step: str
    owner: str
    consignment_id: int | None = None
    parcel_id: int | None = None
    receipt_id: int | None = None
    movement_id: int | None = None
    message_id: int | None = None


def open_case(
    session: Session,
    *,
    campaign_id: int,
    consignment_id: int | None = None,
    parcel_id: int | None = None,
    receipt_id: int | None = None,
    reason: CaseReason,
    sentence: str,
    next_step: str,
    owner: str,
    at: datetime,
) -> Case | None:
    """Open one case; None if the same is open already. `owner` is an organisation's name, or "organiser"."""
    new = NewCase(
        campaign_id=campaign_id,
        consignment_id=consignment_id,
        parcel_id=parcel_id,
        receipt_id=receipt_id,
        reason=reason,
        sentence=sentence,
        next_step=next_step,
        owner=owner,
    )
    ids = open_many(session, cases=[new], at=at)
    return session.get_one(Case, ids[0]) if ids else None


def open_many(session: Session, *, cases: Sequence[NewCase], at: datetime) -> list[int]:
    """Open those that are not open yet, each once; the answer is the ids of the new ones."""
    standing = _standing(session, cases)
    fresh = {subject: case for case in reversed(cases) if (subject := _subject(case)) not in standing}
    if not fresh:
        return []
    rows = [{**asdict(case), "owner": case.owner[:OWNER_LENGTH], "opened_at": at} for case in fresh.values()]
    session.execute(sa.insert(Case), rows[::-1])
    ids = sorted(id_ for subject, id_ in _standing(session, cases).items() if subject in fresh)
    journal.note(session, subject=Subject.case, ids=ids, what="opened")
    return ids


def _standing(session: Session, cases: Sequence[NewCase]) -> dict[About, int]:
    """Subject and reason → id of the open cases about the same subjects."""
    found = open_cases(
        session,
        consignment_ids=[case.consignment_id for case in cases if case.consignment_id is not None],
        parcel_ids=[case.parcel_id for case in cases if case.parcel_id is not None],
        movement_ids=[case.movement_id for case in cases if case.movement_id is not None],
        message_ids=[case.message_id for case in cases if case.message_id is not None],
    )
    return {_subject(case): case.key for case in found}


def resolve_cases(session: Session, *, ids: Iterable[int], outcome: CaseOutcome, by: str, at: datetime) -> list[int]:
    """Resolve those still open; the answer is the ids that were."""
    update = (
        sa.update(Case)
        .where(among(Case.id, ids), col(Case.resolved_at).is_(None))
        .values(resolved_at=at, outcome=outcome.value, resolved_by=by)
        .returning(col(Case.id))
        .execution_options(synchronize_session="fetch")
    )
    done = list(session.execute(update).scalars())
    journal.note(session, subject=Subject.case, ids=done, what="resolved", was="opened", why=outcome.value)
    return done


def open_cases(
    session: Session,
    *,
    campaign_id: int | None = None,
    consignment_ids: Iterable[int] | None = None,
    parcel_ids: Iterable[int] | None = None,
    movement_ids: Iterable[int] | None = None,
    message_ids: Iterable[int] | None = None,
) -> list[Case]:
    """Open cases, oldest first: of a campaign, and of these consignments, parcels … where any is given."""
    query = select(Case).where(col(Case.resolved_at).is_(None))
    if campaign_id is not None:
        query = query.where(Case.campaign_id == campaign_id)
    subjects = (
        (col(Case.consignment_id), consignment_ids),
        (col(Case.parcel_id), parcel_ids),
        (col(Case.movement_id), movement_ids),
        (col(Case.message_id), message_ids),
    )
    if all(ids is None for _, ids in subjects):
        found = list(session.exec(query))
    else:
        found = []
        for column, ids in subjects:
            if ids is not None:
                found += session.exec(query.where(among(column, ids)))
    return sorted(found, key=lambda case: (case.opened_at, case.key))


def count_open(session: Session, *, campaign_id: int) -> int:
    """How many cases of a campaign are open."""
    query = sa.select(sa.func.count()).where(col(Case.campaign_id) == campaign_id, col(Case.resolved_at).is_(None))
    return int(session.execute(query).scalar_one())


def by_id(session: Session, *, case_id: int) -> Case | None:
    """One case, open or not."""
    return session.get(Case, case_id)


def lock(session: Session, *, case_id: int) -> Case | None:
    """One case, open or not, held until the transaction ends."""
    return session.exec(select(Case).where(Case.id == case_id).with_for_update()).first()


def _subject(case: Case | NewCase) -> About:
    return case.consignment_id, case.parcel_id, case.movement_id, case.message_id, case.reason
