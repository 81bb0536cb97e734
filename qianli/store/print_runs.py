"""Print runs and their sheets."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models import ArtefactKind, Parcel, ParcelStage, PrintRun, Sheet, Subject
from qianli.processes import here
from qianli.store import journal
from qianli.store.among import among


def next_number(session: Session, *, campaign_id: int) -> int:
    """The number of a campaign's next print run."""
    newest = session.exec(select(sa.func.max(PrintRun.number)).where(PrintRun.campaign_id == campaign_id)).one()
    return int(newest or 0) + 1


def add(
    session: Session,
    *,
    campaign_id: int,
    number: int,
    kind: ArtefactKind,
    artefact_id: int,
    sheets: Sequence[tuple[int, int | None]],
    manifest_id: int | None = None,
    from_label: int | None = None,
) -> PrintRun:
    """A run with its sheets (parcel id, consignment id for letters) in order, before the first page is drawn."""
    run = PrintRun(
        campaign_id=campaign_id,
        number=number,
        kind=kind,
        artefact_id=artefact_id,
        manifest_id=manifest_id,
        from_label=from_label,
    )
    session.add(run)
    session.flush()
    rows = [
        {"print_run_id": run.key, "position": i, "parcel_id": parcel, "consignment_id": consignment}
        for i, (parcel, consignment) in enumerate(sheets)
    ]
    session.execute(sa.insert(Sheet), rows)
    _note(session, run, "print")
    return run


def _note(session: Session, run: PrintRun, verb: str) -> None:
    """The campaign's journal tells of its runs, by number."""
    what, why = f"{verb} {run.kind}", f"第 {run.number} 印次"
    journal.note(session, subject=Subject.campaign, ids=[run.campaign_id], what=what, why=why)


def unmade(session: Session, *, campaign_id: int) -> list[int]:
    """Runs that are still to be made, by number."""
    query = (
        select(PrintRun.id)
        .where(PrintRun.campaign_id == campaign_id, col(PrintRun.made_at).is_(None))
        .order_by(col(PrintRun.number))
    )
    return [id_ for id_ in session.exec(query) if id_ is not None]


def claim(session: Session, *, run_id: int, at: datetime, lease_s: int, take_over: bool) -> int | None:
    """Take the run to make it; None if it is made, or another worker's lease is not past.

    The answer is the number of the attempt: whoever holds an earlier one has lost the run.
    """
    free = sa.or_(col(PrintRun.lease_until).is_(None), col(PrintRun.lease_until) < at, sa.literal(take_over))
    update = (
        sa.update(PrintRun)
        .where(col(PrintRun.id) == run_id, col(PrintRun.made_at).is_(None), free)
        .values(
            attempt=col(PrintRun.attempt) + 1,
            started_at=at,
            lease_until=at + timedelta(seconds=lease_s),
            worker=here(),
        )
        .returning(col(PrintRun.attempt))
    )
    return session.execute(update).scalar()


def prolong(session: Session, *, run_id: int, attempt: int, at: datetime, lease_s: int) -> bool:
    """A whole lease from now on; False if another worker took the run over meanwhile."""
    update = _held(run_id, attempt).values(lease_until=at + timedelta(seconds=lease_s)).returning(col(PrintRun.id))
    return session.execute(update).first() is not None


def let_go(session: Session, *, run_id: int, attempt: int) -> None:
    """Give up a claim, if it is still held."""
    session.execute(_held(run_id, attempt).values(lease_until=None))


def _held(run_id: int, attempt: int) -> Any:
    """An update of the run for as long as this attempt holds it."""
    return sa.update(PrintRun).where(
        col(PrintRun.id) == run_id, col(PrintRun.attempt) == attempt, col(PrintRun.made_at).is_(None)
    )


def by_id(session: Session, *, run_id: int) -> PrintRun:
    """One run that is known to exist."""
    return session.get_one(PrintRun, run_id)


def by_number(session: Session, *, campaign_id: int, number: int) -> PrintRun | None:
    """A campaign's run with this number."""
    query = select(PrintRun).where(PrintRun.campaign_id == campaign_id, PrintRun.number == number)
    return session.exec(query).one_or_none()


def mark_printed(session: Session, *, run: PrintRun, by: str, at: datetime) -> None:
    """The run came out of the printer."""
    run.printed_at, run.printed_by = at, by
    session.add(run)


def sheets(session: Session, *, run_id: int) -> list[Sheet]:
    """The sheets of a run that are not void, in order."""
    query = select(Sheet).where(Sheet.print_run_id == run_id, col(Sheet.voided_at).is_(None))
    return list(session.exec(query.order_by(col(Sheet.position))))


def made_sheets(session: Session, *, campaign_id: int, kind: ArtefactKind) -> list[Sheet]:
    """The sheets of all made runs of a kind that are not void, from the first run to the last."""
    query = (
        select(Sheet)
        .join(PrintRun, col(PrintRun.id) == col(Sheet.print_run_id))
        .where(PrintRun.campaign_id == campaign_id, PrintRun.kind == kind)
        .where(col(PrintRun.made_at).is_not(None), col(Sheet.voided_at).is_(None))
        .order_by(col(PrintRun.number), col(Sheet.position))
    )
    return list(session.exec(query))


def record_pages(session: Session, *, sheet_ids: Sequence[int], first_pages: Sequence[int], pages: int) -> None:
    """Which page each sheet begins on, and how many it has."""
    ends = [*first_pages[1:], pages + 1]
    rows = [
        {"id": sheet, "first_page": first, "pages": max(end - first, 1)}
        for sheet, first, end in zip(sheet_ids, first_pages, ends, strict=True)
    ]
    if rows:
        session.execute(sa.update(Sheet), rows)


def record_faces(session: Session, *, run_id: int, faces: Mapping[str, str]) -> None:
    """Which family outside our own served which characters."""
    session.execute(sa.update(PrintRun).where(col(PrintRun.id) == run_id).values(faces=dict(faces) or None))


def mark_made(session: Session, *, run_id: int, attempt: int, at: datetime) -> bool:
    """The run's file is published; False if another worker has the run now, and says so itself."""
    update = _held(run_id, attempt).values(made_at=at, lease_until=None).returning(col(PrintRun.id))
    if session.execute(update).first() is None:
        return False
    _note(session, session.get_one(PrintRun, run_id), "printed")
    return True


def parcels_all_made(session: Session, *, run_id: int) -> list[int]:
    """Planned parcels of this run of which every paper is made."""
    mine = select(Sheet.parcel_id).where(Sheet.print_run_id == run_id)
    waiting = (
        select(Sheet.parcel_id)
        .join(PrintRun, col(PrintRun.id) == col(Sheet.print_run_id))
        .where(col(PrintRun.made_at).is_(None), col(Sheet.voided_at).is_(None))
    )
    query = select(Parcel.id).where(
        col(Parcel.id).in_(mine), col(Parcel.id).not_in(waiting), Parcel.stage == ParcelStage.planned
    )
    return [id_ for id_ in session.exec(query) if id_ is not None]


def void_sheets(session: Session, *, parcel_ids: Iterable[int], at: datetime) -> None:
    """The papers of these parcels are void."""
    update = sa.update(Sheet).where(among(Sheet.parcel_id, parcel_ids), col(Sheet.voided_at).is_(None))
    session.execute(update.values(voided_at=at).execution_options(synchronize_session="fetch"))


def round_of(session: Session, *, run: PrintRun) -> int:
    """Which run of its kind this is in its campaign, from 1."""
    query = select(sa.func.count()).where(
        PrintRun.campaign_id == run.campaign_id, PrintRun.kind == run.kind, col(PrintRun.number) <= run.number
    )
    return session.exec(query).one()
