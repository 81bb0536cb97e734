"""The only writer of states. Every move is set-based, checked against the table of moves, and journalled."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models import (
    Campaign,
    CampaignState,
    Consignment,
    ConsignmentState,
    Manifest,
    ManifestLine,
    ManifestLineState,
    ManifestState,
    Parcel,
    ParcelStage,
    StudyItem,
    StudyState,
    Subject,
    Tracking,
)
from qianli.errors import RuleBroken
from qianli.store import journal
from qianli.store.among import among

C, P, S, M, L = CampaignState, ParcelStage, ConsignmentState, ManifestState, ManifestLineState

#: What the fold of a courier's events says of a parcel.
FOLDED = ("tracking", "delivered_to", "delivered_at", "returned_for", "returned_at")
#: to → from, as in DESIGN, The life of things.
CAMPAIGN: dict[CampaignState, set[CampaignState]] = {
    C.prepared: {C.draft, C.approved},
    C.approved: {C.prepared},
    C.under_way: {C.approved},
    C.closed: {C.under_way},
    C.cancelled: {C.draft, C.prepared, C.approved, C.under_way},
}
ANSWERED = {S.confirmed, S.confirmed_with_issues, S.denied}
CONSIGNMENT: dict[ConsignmentState, set[ConsignmentState]] = {
    S.ready: {S.planned, S.held},
    S.held: {S.planned, S.ready, S.under_way},
    S.under_way: {S.ready},
    S.confirmed: {S.under_way, S.held, *ANSWERED},
    S.confirmed_with_issues: {S.under_way, S.held, *ANSWERED},
    S.denied: {S.under_way, S.held, *ANSWERED},
    S.unconfirmed: {S.under_way},
    S.not_sent: {S.planned, S.held, S.ready},
    S.cancelled: {S.planned, S.held, S.ready, S.under_way},
}
STAGE: dict[ParcelStage, set[ParcelStage]] = {
    P.printed: {P.planned},
    P.packed: {P.printed},
    P.handed_over: {P.packed},
    P.taken_back: {P.handed_over},
    P.voided: {P.planned, P.printed, P.packed},
}
MANIFEST: dict[ManifestState, set[ManifestState]] = {
    M.sealed: {M.draft},
    M.handed_over: {M.sealed},
    M.void: {M.draft, M.sealed},
}
LINE: dict[ManifestLineState, set[ManifestLineState]] = {
    L.handed_over: {L.open},
    L.left: {L.open},
    L.voided: {L.open},
}
STUDY: dict[StudyState, set[StudyState]] = {
    StudyState.published: {StudyState.planned},
    StudyState.withdrawn: {StudyState.planned, StudyState.published},
}


def _move(
    session: Session, model: Any, column: str, table: dict[Any, set[Any]], ids: Iterable[int], to: StrEnum
) -> dict[StrEnum, list[int]]:
    """Move the rows that may go to `to`; the answer is ids by the state they came from. Others stay as they are."""
    moved: dict[StrEnum, list[int]] = {}
    wanted = set(ids)
    for was in sorted(table[to], key=str):
        if not wanted:
            break
        update = (
            sa.update(model)
            .where(among(model.id, sorted(wanted)), getattr(model, column) == was)
            .values({column: to})
            .returning(model.id)
            .execution_options(synchronize_session=False)
        )
        if done := list(session.execute(update).scalars()):
            moved[was] = done
        wanted.difference_update(done)
    _forget(session, model, column)
    return moved


def _forget(session: Session, model: Any, *columns: str) -> None:
    """Rows already loaded are read again when these columns are asked for."""
    for row in session.identity_map.values():
        if isinstance(row, model):
            session.expire(row, columns)


def _journalled(
    session: Session, subject: Subject, moved: dict[StrEnum, list[int]], to: StrEnum, why: str
) -> list[int]:
    for was, ids in moved.items():
        if was != to:
            journal.note(session, subject=subject, ids=ids, what=to, was=was, why=why)
    return [id_ for ids in moved.values() for id_ in ids]


def campaign(session: Session, campaign_id: int, to: CampaignState, *, why: str = "") -> None:
    """Move one campaign; RuleBroken if it may not go there from where it is."""
    moved = _move(session, Campaign, "state", CAMPAIGN, [campaign_id], to)
    if not moved:
        raise RuleBroken("活动的当前状态不允许这一步。", campaign_id=campaign_id, to=to)
    _journalled(session, Subject.campaign, moved, to, why)


def consignments(session: Session, ids: Iterable[int], to: ConsignmentState, *, why: str = "") -> list[int]:
    """Move what may go; the answer is the ids that did."""
    return _journalled(
        session, Subject.consignment, _move(session, Consignment, "state", CONSIGNMENT, ids, to), to, why
    )


def parcels(session: Session, ids: Iterable[int], to: ParcelStage, *, why: str = "") -> list[int]:
    """Move what may go; the answer is the ids that did."""
    return _journalled(session, Subject.parcel, _move(session, Parcel, "stage", STAGE, ids, to), to, why)


def manifest(session: Session, manifest_id: int, to: ManifestState, *, why: str = "") -> None:
    """Move one manifest; RuleBroken if it may not go there from where it is."""
    moved = _move(session, Manifest, "state", MANIFEST, [manifest_id], to)
    if not moved:
        raise RuleBroken("交接单的当前状态不允许这一步。", manifest_id=manifest_id, to=to)
    _journalled(session, Subject.manifest, moved, to, why)


def manifest_lines(session: Session, ids: Iterable[int], to: ManifestLineState) -> list[int]:
    """Move what may go; the manifest's own entry tells the story."""
    moved = _move(session, ManifestLine, "state", LINE, ids, to)
    return [id_ for ids_ in moved.values() for id_ in ids_]


def study_items(session: Session, ids: Iterable[int], to: StudyState) -> list[int]:
    """Move what may go; the answer is the ids that did. The programme's own entry tells the story."""
    moved = _move(session, StudyItem, "state", STUDY, ids, to)
    return [id_ for ids in moved.values() for id_ in ids]


def tracking(session: Session, states: dict[int, dict[str, Any]], *, why: str = "") -> list[int]:
    """Write the fold's answer per parcel: `{id: {column of FOLDED: value}}`; the answer is who changed."""
    changed = _told_anew(session, states)
    if changed:
        session.execute(sa.update(Parcel), [{"id": parcel, **states[parcel]} for parcel in changed])
        _forget(session, Parcel, *FOLDED)
    moves: dict[tuple[str, str], list[int]] = {}
    for parcel, was in changed.items():
        moves.setdefault((was, states[parcel]["tracking"]), []).append(parcel)
    for (was, to), ids in moves.items():
        journal.note(session, subject=Subject.parcel, ids=ids, what=f"tracking {to}", was=was, why=why)
    return list(changed)


def _told_anew(session: Session, states: dict[int, dict[str, Any]]) -> dict[int, str]:
    """Parcel id → the state it was in, of those whose answer differs from what is written.

    A reason that a person read off the returned parcel stands while the courier gives none.
    """
    changed: dict[int, str] = {}
    columns = [col(Parcel.id), *(getattr(Parcel, name) for name in FOLDED)]
    for parcel, *there in session.execute(sa.select(*columns).where(among(Parcel.id, states))):
        new, was = states[parcel], dict(zip(FOLDED, there, strict=True))
        if was["returned_for"] and not new["returned_for"] and new["tracking"] != Tracking.delivered:
            new |= {name: was[name] for name in ("returned_for", "returned_at")}
        if was != {name: new[name] for name in FOLDED}:
            changed[parcel] = str(was["tracking"])
    return changed
