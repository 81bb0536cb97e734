"""Sheets after they are made: spoiled, printed again, and whether the counts add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models import Artefact, ArtefactKind, Consignment, Parcel, ParcelStage, PrintRun, Sheet, Spoilage
from qianli.store.among import among

BEFORE = (ParcelStage.planned, ParcelStage.printed, ParcelStage.packed)  # we still have the parcel in our hands


@dataclass(frozen=True)
class Piece:
    """A sheet, and what stands on it for people to find it by."""

    sheet: Sheet
    reference: str
    stage: ParcelStage
    consignment_number: int | None
    spoiled: bool


@dataclass(frozen=True)
class Waiting:
    """A spoiled sheet that nothing was printed for yet."""

    spoilage_id: int
    kind: ArtefactKind
    run_number: int
    parcel_id: int
    consignment_id: int | None


@dataclass(frozen=True)
class RunCount:
    """A print run and its sheets by what became of them; a voided sheet counts as voided only."""

    run: PrintRun
    artefact: Artefact
    sheets: int
    voided: int
    spoiled: int
    waiting: int
    reprints: int


def pieces(session: Session, *, run_id: int) -> list[Piece]:
    """Every sheet of a run that is not void, in order."""
    query = (
        sa.select(Sheet, col(Parcel.reference), col(Parcel.stage), col(Consignment.number), col(Spoilage.id))
        .join(Parcel, col(Parcel.id) == col(Sheet.parcel_id))
        .outerjoin(Consignment, col(Consignment.id) == col(Sheet.consignment_id))
        .outerjoin(Spoilage, col(Spoilage.sheet_id) == col(Sheet.id))
        .where(col(Sheet.print_run_id) == run_id, col(Sheet.voided_at).is_(None))
        .order_by(col(Sheet.position))
    )
    return [
        Piece(sheet, reference, stage, number, spoilage is not None)
        for sheet, reference, stage, number, spoilage in session.execute(query)
    ]


def record(session: Session, *, sheet_ids: Iterable[int], reason: str, by: str, at: datetime) -> None:
    """These sheets are spoiled; each can be so once."""
    rows = [{"sheet_id": one, "reason": reason, "recorded_by": by, "at": at} for one in sheet_ids]
    if rows:
        session.execute(sa.insert(Spoilage), rows)


def waiting(session: Session, *, campaign_id: int) -> list[Waiting]:
    """Spoiled sheets of a campaign to be printed again, by kind, then in sequence."""
    query = (
        sa.select(
            col(Spoilage.id), col(PrintRun.kind), col(PrintRun.number), col(Sheet.parcel_id), col(Sheet.consignment_id)
        )
        .join(Sheet, col(Sheet.id) == col(Spoilage.sheet_id))
        .join(PrintRun, col(PrintRun.id) == col(Sheet.print_run_id))
        .join(Parcel, col(Parcel.id) == col(Sheet.parcel_id))
        .where(
            col(PrintRun.campaign_id) == campaign_id,
            col(Spoilage.reprint_sheet_id).is_(None),
            col(Sheet.voided_at).is_(None),
            col(Parcel.stage).in_(BEFORE),
        )
        .order_by(col(PrintRun.kind), col(Parcel.sequence), col(Sheet.position), col(Spoilage.id))
    )
    return [Waiting(*row) for row in session.execute(query)]


def take_their_place(session: Session, *, run_id: int, spoilage_ids: Iterable[int]) -> None:
    """The sheets of a new run, in order, are what these spoiled ones were printed again as."""
    made = session.scalars(select(Sheet.id).where(Sheet.print_run_id == run_id).order_by(col(Sheet.position)))
    rows = [{"id": spoilage, "reprint_sheet_id": sheet} for spoilage, sheet in zip(spoilage_ids, made, strict=True)]
    session.execute(sa.update(Spoilage), rows)


def unmade_reprints(session: Session, *, campaign_id: int) -> list[int]:
    """Runs of a campaign that print spoiled sheets again and are not made yet."""
    query = (
        sa.select(col(PrintRun.id))
        .join(Sheet, col(Sheet.print_run_id) == col(PrintRun.id))
        .join(Spoilage, col(Spoilage.reprint_sheet_id) == col(Sheet.id))
        .where(col(PrintRun.campaign_id) == campaign_id, col(PrintRun.made_at).is_(None))
        .distinct()
        .order_by(col(PrintRun.id))
    )
    return list(session.scalars(query))


def lacking(session: Session, *, parcel_ids: Iterable[int]) -> Mapping[int, list[ArtefactKind]]:
    """Parcel → kinds of paper of which a sheet is spoiled and nothing is made in its place yet."""
    again, run_again = aliased(Sheet), aliased(PrintRun)
    query = (
        sa.select(col(Sheet.parcel_id), col(PrintRun.kind))
        .join(Spoilage, col(Spoilage.sheet_id) == col(Sheet.id))
        .join(PrintRun, col(PrintRun.id) == col(Sheet.print_run_id))
        .outerjoin(again, col(again.id) == col(Spoilage.reprint_sheet_id))
        .outerjoin(run_again, col(run_again.id) == col(again.print_run_id))
        .where(among(Sheet.parcel_id, parcel_ids), col(Sheet.voided_at).is_(None), col(run_again.made_at).is_(None))
        .distinct()
        .order_by(col(Sheet.parcel_id), col(PrintRun.kind))
    )
    found: dict[int, list[ArtefactKind]] = {}
    for parcel_id, kind in session.execute(query):
        found.setdefault(parcel_id, []).append(kind)
    return found


def counts(session: Session, *, campaign_id: int) -> list[RunCount]:
    """Every print run of a campaign with its counts, by number, in one statement."""
    mine, place = aliased(Spoilage), aliased(Spoilage)
    voided = col(Sheet.voided_at).is_not(None)
    spoiled = sa.and_(~voided, col(mine.id).is_not(None))

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    query = (
        sa.select(
            PrintRun,
            Artefact,
            sa.func.count(col(Sheet.id)),
            count(voided),
            count(spoiled),
            count(sa.and_(spoiled, col(mine.reprint_sheet_id).is_(None))),
            count(col(place.id).is_not(None)),
        )
        .join(Artefact, col(Artefact.id) == col(PrintRun.artefact_id))
        .outerjoin(Sheet, col(Sheet.print_run_id) == col(PrintRun.id))
        .outerjoin(mine, col(mine.sheet_id) == col(Sheet.id))
        .outerjoin(place, col(place.reprint_sheet_id) == col(Sheet.id))
        .where(col(PrintRun.campaign_id) == campaign_id)
        .group_by(col(PrintRun.id), col(Artefact.id))
        .order_by(col(PrintRun.number))
    )
    return [RunCount(*row) for row in session.execute(query)]


def pieces_in_hand(session: Session, *, campaign_id: int) -> dict[tuple[ArtefactKind, ParcelStage], tuple[int, int]]:
    """(kind, stage of the parcel) → how many different pieces were made, and of how many there is a good sheet.

    A piece is a parcel's label or slip, or a consignment's letter in a parcel. Voided sheets are left out.
    """
    sheet = (
        sa.select(
            col(PrintRun.kind).label("kind"),
            col(Parcel.stage).label("stage"),
            sa.func.max(sa.case((col(Spoilage.id).is_(None), 1), else_=0)).label("good"),
        )
        .join(Sheet, col(Sheet.print_run_id) == col(PrintRun.id))
        .join(Parcel, col(Parcel.id) == col(Sheet.parcel_id))
        .outerjoin(Spoilage, col(Spoilage.sheet_id) == col(Sheet.id))
        .where(
            col(PrintRun.campaign_id) == campaign_id,
            col(PrintRun.made_at).is_not(None),
            col(Sheet.voided_at).is_(None),
        )
        .group_by(col(PrintRun.kind), col(Sheet.parcel_id), col(Sheet.consignment_id), col(Parcel.stage))
        .subquery()
    )
    query = sa.select(sheet.c.kind, sheet.c.stage, sa.func.count(), sa.func.sum(sheet.c.good)).group_by(
        sheet.c.kind, sheet.c.stage
    )
    return {(kind, stage): (int(made), int(good)) for kind, stage, made, good in session.execute(query)}
