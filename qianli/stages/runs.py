"""Print runs of newly planned parcels: their rows, before the first page is drawn."""

from collections.abc import Sequence
from itertools import groupby

from sqlmodel import Session

from models import ArtefactKind, Campaign, Paper, PrintRun
from qianli.couriers.registry import account
from qianli.kits.planning import PlannedParcel
from qianli.settings import settings
from qianli.stages import label_sheets
from qianli.stages.artefacts import declare
from qianli.stages.unit import now
from qianli.store import kits, manifests, print_runs

Piece = tuple[int, int | None]
Placed = tuple[int, PlannedParcel]


def add_runs(session: Session, campaign: Campaign, made: Sequence[Placed]) -> None:
    """What is each member's own, slips and labels in runs; a pick list; a draft manifest for each courier.

    `made` are parcel ids with their plan, in sequence.
    """
    own = _own(session, campaign, made)
    each: list[Piece] = [(parcel_id, None) for parcel_id, _ in made]
    for kind, pieces, size in (
        (ArtefactKind.letter, own[Paper.letter], settings().letter_run_size),
        (ArtefactKind.contact_card, own[Paper.contact_card], settings().letter_run_size),
        (ArtefactKind.reader, own[Paper.reader], settings().print_run_size),
        (ArtefactKind.packing_slip, each, settings().print_run_size),
        (ArtefactKind.label, each, settings().print_run_size),
    ):
        for start in range(0, len(pieces), size):
            from_label = label_sheets.begun(session, campaign) if kind is ArtefactKind.label else None
            add_run(session, campaign, kind, pieces[start : start + size], from_label=from_label)
    if each:
        add_run(session, campaign, ArtefactKind.pick_list, each)
    for courier, some in groupby(made, key=lambda one: one[1].courier):
        ids = [parcel_id for parcel_id, _ in some]
        under = account(campaign.couriers, courier)
        manifest = manifests.add_draft(
            session, campaign_id=campaign.key, courier=courier, account=under, parcel_ids=ids, at=now()
        )
        pieces = [(parcel_id, None) for parcel_id in ids]
        add_run(session, campaign, ArtefactKind.manifest, pieces, manifest_id=manifest.key)


def _own(session: Session, campaign: Campaign, made: Sequence[Placed]) -> dict[Paper, list[Piece]]:
    """Printed items by kind of paper, in sequence: one for each consignment whose lines hold it, replacements too."""
    paper = {row.kit_item_id: row.paper for row in kits.rows(session, kit_id=campaign.kit_id)}
    found: dict[Paper, list[Piece]] = {one: [] for one in Paper}
    for parcel_id, parcel in made:
        for load in parcel.loads:
            for one in {paper[line.kit_item_id] for line in load.lines}:
                if one is not None:
                    found[one].append((parcel_id, load.consignment_id))
    return found


def add_run(
    session: Session,
    campaign: Campaign,
    kind: ArtefactKind,
    pieces: Sequence[Piece],
    manifest_id: int | None = None,
    from_label: int | None = None,
) -> PrintRun:
    """The rows of one run: its number, its file and its sheets, in order."""
    number = print_runs.next_number(session, campaign_id=campaign.key)
    path = f"{campaign.code}/{number:03d}-{kind.replace('_', '-')}.pdf"
    artefact = declare(session, kind=kind, path=path, campaign_id=campaign.key)
    return print_runs.add(
        session,
        campaign_id=campaign.key,
        number=number,
        kind=kind,
        artefact_id=artefact.key,
        sheets=pieces,
        manifest_id=manifest_id,
        from_label=from_label,
    )
