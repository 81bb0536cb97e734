"""Papers: each print run is a shard. Claimed, drawn and published outside any transaction, then recorded."""

import logging
from collections.abc import Sequence
from functools import partial

from models import ArtefactKind, ParcelStage, Subject
from qianli.errors import DocumentError
from qianli.settings import settings
from qianli.stages import unprintable
from qianli.stages.artefacts import put
from qianli.stages.leases import renewed
from qianli.stages.paper_forms import drawing
from qianli.stages.runs import Piece
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import artefacts, campaigns, journal, print_runs, transitions

logger = logging.getLogger(__name__)


def shards(campaign_id: int) -> list[int]:
    """Print runs of a campaign that are still to be made."""
    with reading() as session:
        return print_runs.unmade(session, campaign_id=campaign_id)


def run(shard_id: int, *, take_over: bool = False) -> None:
    """Make one print run (its id is the shard's), unless it is made or held. Made again, it is the same file."""
    lease_s = settings().lease_s
    with writing(SYSTEM) as session:
        attempt = print_runs.claim(session, run_id=shard_id, at=now(), lease_s=lease_s, take_over=take_over)
    if attempt is None:
        return
    try:
        _make(shard_id, attempt)
    except Exception:
        with writing(SYSTEM) as session:  # nobody works on it any more: the next one need not wait for the lease
            print_runs.let_go(session, run_id=shard_id, attempt=attempt)
        raise


def _make(shard_id: int, attempt: int) -> None:
    """Draw what can be printed; whoever's paper cannot is held, and the rest is drawn without it."""
    while not _drawn(shard_id, attempt):
        pass


def _drawn(shard_id: int, attempt: int) -> bool:
    """Whether the run is done with, by us or by another worker; False if somebody was held and it is drawn anew."""
    with reading() as session:
        row = print_runs.by_id(session, run_id=shard_id)
        campaign = campaigns.by_id(session, campaign_id=row.campaign_id)
        sheets = print_runs.sheets(session, run_id=shard_id)
        draw = drawing(session, campaign, row, sheets) if sheets else None
        artefact_id, campaign_id, number = row.artefact_id, campaign.key, row.number
        sheet_ids = [sheet.key for sheet in sheets]
        kind, pieces = row.kind, [(sheet.parcel_id, sheet.consignment_id) for sheet in sheets]
    try:
        with renewed(partial(_still_ours, shard_id, attempt), lease_s=settings().lease_s):
            pdf = draw() if draw else None  # every piece was voided before it was drawn: nothing to print
    except DocumentError as error:
        if wrong := unprintable.at_fault(error, kind, pieces):
            return _withheld(shard_id, attempt, error, wrong, campaign_id)
        raise
    if not _still_ours(shard_id, attempt):
        return True  # we were slow; whoever took it over makes it
    sha256 = put(artefact_id, pdf.content) if pdf else ""
    with writing(SYSTEM) as session:
        campaigns.lock(session, campaign_id=campaign_id)  # two workers ending the last two runs must see each other
        if not print_runs.mark_made(session, run_id=shard_id, attempt=attempt, at=now()):
            return True
        if pdf is not None:
            print_runs.record_faces(session, run_id=shard_id, faces=pdf.faces)
            artefacts.record(session, artefact_id=artefact_id, sha256=sha256, pages=pdf.pages, at=now())
        if pdf is not None and len(pdf.first_pages) == len(sheet_ids):
            print_runs.record_pages(session, sheet_ids=sheet_ids, first_pages=pdf.first_pages, pages=pdf.pages)
        if pdf is not None and pdf.remark:
            why = f"第 {number} 批：{pdf.remark}"
            if kind is ArtefactKind.letter:
                journal.note(session, subject=Subject.campaign, ids=[campaign_id], what="letters not stamped", why=why)
            else:
                journal.note(session, subject=Subject.campaign, ids=[campaign_id], what="papers not stamped", why=why)
            logger.warning("campaign %d, print run %d, %s not stamped: %s", campaign_id, number, kind, pdf.remark)
        session.flush()
        done = print_runs.parcels_all_made(session, run_id=shard_id)
        transitions.parcels(session, done, ParcelStage.printed, why="单据已全部打印")
    return True


def _withheld(shard_id: int, attempt: int, error: DocumentError, wrong: Sequence[Piece], campaign_id: int) -> bool:
    """Hold those whose papers cannot be printed; True if another worker has the run now, and comes to the same."""
    with writing(SYSTEM) as session:
        lease_s = settings().lease_s
        if not print_runs.prolong(session, run_id=shard_id, attempt=attempt, at=now(), lease_s=lease_s):
            return True
        if not unprintable.hold(session, error, wrong, campaign_id=campaign_id):
            raise error  # nothing fell: drawn again, it would be the same
    return False


def _still_ours(shard_id: int, attempt: int) -> bool:
    """Whether nobody took the run over meanwhile; if so there is a whole lease left, for drawing on or publishing.

    Sheets may have been voided since we read them: a file put there late would not be the one that is recorded.
    """
    with writing(SYSTEM) as session:
        lease_s = settings().lease_s
        return print_runs.prolong(session, run_id=shard_id, attempt=attempt, at=now(), lease_s=lease_s)
