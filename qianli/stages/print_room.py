"""The print room: what was made, came out of the printer, was spoiled and printed again, and whether it adds up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from models import ArtefactKind, ParcelStage
from qianli.errors import NotFound
from qianli.folding import HIGHEST_ID
from qianli.stages.artefacts import fetch, shown
from qianli.stages.unit import reading
from qianli.state_words import ARTEFACT
from qianli.store import artefacts, campaigns, print_runs, spoilage, status

P = ParcelStage
WITH_PAPERS = (P.printed, P.packed, P.handed_over, P.taken_back)  # parcels at these stages have all their papers
EACH_PARCEL = (ArtefactKind.label, ArtefactKind.packing_slip)
OF_A_PIECE = (ArtefactKind.letter, ArtefactKind.contact_card, ArtefactKind.reader, *EACH_PARCEL)

Pieces = Mapping[tuple[ArtefactKind, ParcelStage], tuple[int, int]]


@dataclass(frozen=True)
class RunView:
    """One print run. Sheets are pieces: a letter of two pages is one."""

    number: int
    kind: ArtefactKind
    path: str
    pages: int | None
    sha256: str | None
    sheets: int
    voided: int
    spoiled: int
    waiting: int
    reprints: int
    made_at: datetime | None
    printed_at: datetime | None
    printed_by: str | None


@dataclass(frozen=True)
class KindCount:
    """One kind of paper: made = good + spoiled + voided; `waiting` of the spoiled are not printed again yet.

    `printed` of those made came out of the printer; `twice` good sheets too many, `without` parcels too few of them:
    both are 0 unless something went wrong.
    """

    kind: ArtefactKind
    made: int
    good: int
    spoiled: int
    voided: int
    waiting: int
    printed: int
    twice: int
    without: int


@dataclass(frozen=True)
class PrintRoom:
    """Every run, the counts by kind, and parcels by stage."""

    runs: list[RunView]
    kinds: list[KindCount]
    parcels: dict[ParcelStage, int]


def look(campaign_code: str) -> PrintRoom:
    """A campaign's print room as it stands."""
    with reading() as session:
        campaign_id = campaigns.by_code(session, code=campaign_code).key
        runs = [_view(one) for one in spoilage.counts(session, campaign_id=campaign_id)]
        pieces = spoilage.pieces_in_hand(session, campaign_id=campaign_id)
        parcels = dict.fromkeys(P, 0)
        for (stage, _), count in status.parcels(session, campaign_id=campaign_id).items():
            parcels[stage] += count
    made = [kind for kind in ArtefactKind if any(one.made_at and one.kind is kind for one in runs)]
    return PrintRoom(runs, [_count(kind, runs, pieces, parcels) for kind in made], parcels)


def _view(one: spoilage.RunCount) -> RunView:
    run, artefact = one.run, one.artefact
    return RunView(
        number=run.number,
        kind=run.kind,
        path=shown(artefact.path),
        pages=artefact.pages,
        sha256=artefact.sha256,
        sheets=one.sheets,
        voided=one.voided,
        spoiled=one.spoiled,
        waiting=one.waiting,
        reprints=one.reprints,
        made_at=run.made_at,
        printed_at=run.printed_at,
        printed_by=run.printed_by,
    )


def _count(
    kind: ArtefactKind, runs: Sequence[RunView], pieces: Pieces, parcels: Mapping[ParcelStage, int]
) -> KindCount:
    some = [one for one in runs if one.kind is kind and one.made_at]
    made, voided, spoiled = (
        sum(counts) for counts in zip(*((o.sheets, o.voided, o.spoiled) for o in some), strict=True)
    )
    good = made - voided - spoiled
    one_each = sum(good for (of, _), (_, good) in pieces.items() if of is kind)
    there = sum(pieces.get((kind, stage), (0, 0))[0] for stage in WITH_PAPERS)
    wanted = sum(parcels[stage] for stage in WITH_PAPERS)
    return KindCount(
        kind=kind,
        made=made,
        good=good,
        spoiled=spoiled,
        voided=voided,
        waiting=sum(one.waiting for one in some),
        printed=sum(one.sheets for one in some if one.printed_at),
        twice=good - one_each if kind in OF_A_PIECE else 0,
        without=wanted - there if kind in EACH_PARCEL else 0,
    )


def difference(one: KindCount) -> str:
    """What does not add up, in words; empty if all is well."""
    if one.twice:
        return f"{ARTEFACT[one.kind]}多出 {one.twice} 份有效的。"
    return f"有 {one.without} 件包裹没有{ARTEFACT[one.kind]}。" if one.without else ""


def file_of(campaign_id: int, number: int) -> tuple[str, bytes]:
    """The name and the bytes of a run's file, to be printed."""
    with reading() as session:
        fits = 0 < number <= HIGHEST_ID
        run = print_runs.by_number(session, campaign_id=campaign_id, number=number) if fits else None
        if run is None or run.made_at is None:
            raise NotFound("没有这个印次，或者文件还没有做好。")
        artefact = artefacts.by_id(session, artefact_id=run.artefact_id)
        if artefact.deleted_at is not None:
            raise NotFound("这份文件已经按期清除。")
        path = artefact.path
    return PurePosixPath(path).name, fetch(path)
