"""Voiding parcels before hand-over, with everything that hangs on them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import Consignment, Manifest, ManifestLineState, ManifestState, Parcel, ParcelStage
from qianli.errors import Conflict, RuleBroken
from qianli.stages.unit import now
from qianli.store import consignments, manifests, parcels, print_runs, replacements, stock, transitions, voiding


@dataclass(frozen=True)
class Voided:
    """What fell: parcels, whose lines were in them, manifests that are void, waybill numbers to cancel by hand."""

    parcels: tuple[str, ...]
    consignment_ids: tuple[int, ...]
    manifests: tuple[str, ...]
    waybills: tuple[str, ...]


def void_parcels(session: Session, *, parcel_ids: Iterable[int], why: str) -> Voided:
    """Void parcels that are still in our hands: their lines, sheets and manifest lines with them.

    Consignments stay as they are and keep what is reserved for their original lines, so that those who are still
    owed something are planned again; the caller holds or cancels the others and releases their stock with
    `stock.release`. Replacements lose what was reserved when they were planned, and are asked for again.
    A sealed manifest that lists one of the parcels is void as a whole. Parcels that are void already are passed over.
    """
    some = [one for one in parcels.by_ids(session, ids=list(parcel_ids)) if one.stage is not ParcelStage.voided]
    if gone := [one.reference for one in some if one.stage not in voiding.BEFORE_HANDOVER]:
        raise RuleBroken(
            f"包裹 {'、'.join(gone)} 已经交给快递公司，不能作废；退回后请用“parcel take-back”。", references=gone
        )
    at, ids = now(), [one.key for one in some]
    if len(transitions.parcels(session, ids, ParcelStage.voided, why=why)) != len(ids):
        raise Conflict("有包裹的状态刚刚被别人改动，请再看一次。")
    consignment_ids = _void_lines(session, ids, why=why, at=at)
    print_runs.void_sheets(session, parcel_ids=ids, at=at)
    return Voided(
        parcels=tuple(one.reference for one in some),
        consignment_ids=consignment_ids,
        manifests=_off_manifests(session, some, why=why),
        waybills=tuple(one.waybill_number for one in some if one.waybill_number),
    )


def _void_lines(session: Session, parcel_ids: Sequence[int], *, why: str, at: datetime) -> tuple[int, ...]:
    lines = parcels.lines_of(session, parcel_ids=parcel_ids)
    again = {one.key: one.replaces_line_id for one in lines if one.replaces_line_id is not None}
    stock.release_lines(session, line_ids=list(again), reason=why)
    voiding.void_lines(session, line_ids=[one.key for one in lines], at=at)
    replacements.reopen(session, line_ids=again.values())
    return tuple(sorted({one.consignment_id for one in lines}))


def _off_manifests(session: Session, some: Sequence[Parcel], *, why: str) -> tuple[str, ...]:
    """Drafts lose the lines; sealed content never changes, so a sealed manifest is void. Numbers of these.

    A draft that loses its last line is void as well: nothing would ever be sealed on it.
    """
    numbers = []
    for manifest_id, line_ids in manifests.open_lines_by_manifest(session, parcel_ids=[p.key for p in some]).items():
        manifest = manifests.by_id(session, manifest_id=manifest_id)
        if manifest.state is ManifestState.sealed:
            void_manifest(session, manifest, why=why)
            numbers.append(manifest.number)
        else:
            transitions.manifest_lines(session, line_ids, ManifestLineState.voided)
            if not manifests.lines(session, manifest_id=manifest_id, states=[ManifestLineState.open]):
                void_manifest(session, manifest, why=why)
    return tuple(numbers)


def void_manifest(session: Session, manifest: Manifest, *, why: str) -> None:
    """A draft or sealed manifest with all its open lines and sheets; its parcels can be sealed again on another."""
    transitions.manifest(session, manifest.key, ManifestState.void, why=why)
    lines = manifests.lines(session, manifest_id=manifest.key, states=[ManifestLineState.open])
    transitions.manifest_lines(session, [one.line.key for one in lines], ManifestLineState.voided)
    voiding.void_sheets_of_manifest(session, manifest_id=manifest.key, at=now())


def still_owed(session: Session, fell: Voided, *, without: Collection[int], why: str) -> list[Consignment]:
    """The others whose lines fell and are planned again.

    Originals of those who have answered are not planned any more: what is reserved for them is free, unless another
    parcel of theirs waits in the house.
    """
    others = consignments.prepared(session, ids=[id_ for id_ in fell.consignment_ids if id_ not in without])
    rows = [one.consignment for one in others.values()]
    settled = [one.key for one in rows if one.state in transitions.ANSWERED]
    going = [id_ for id_ in settled if voiding.in_the_house(session, consignment_ids=[id_])]
    stock.release(session, consignment_ids=[id_ for id_ in settled if id_ not in going], reason=why)
    return sorted((one for one in rows if one.key not in settled), key=lambda one: one.number)
