"""Pieces of a print run that cannot be printed: held by name, so that the others are printed without them."""

import logging
from collections.abc import Sequence

from sqlmodel import Session

from models import ArtefactKind, HoldReason
from qianli.campaigns.holds import WORDS, HoldWords
from qianli.documents import gates
from qianli.errors import DocumentError
from qianli.stages.parcel_views import view
from qianli.stages.runs import Piece
from qianli.stages.withholding import withhold
from qianli.store import campaigns

logger = logging.getLogger(__name__)

#: Kinds with pages or a row of its own for each piece.
PIECES = frozenset(
    {
        ArtefactKind.letter,
        ArtefactKind.contact_card,
        ArtefactKind.reader,
        ArtefactKind.label,
        ArtefactKind.packing_slip,
        ArtefactKind.pick_list,
        ArtefactKind.manifest,
    }
)


def at_fault(error: DocumentError, kind: ArtefactKind, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces an error is about; none if it is about the whole paper."""
    forms, _ = gates.at_fault(error)
    return [pieces[one] for one in forms if one < len(pieces)] if kind in PIECES else []


def hold(session: Session, error: DocumentError, pieces: Sequence[Piece], *, campaign_id: int) -> bool:
    """Hold the consignments of these pieces, whose parcels are void from here on; whether anything changed.

    Of a label or slip that is the consignee; whoever shares the parcel is planned again.
    """
    _, reason = gates.at_fault(error)
    ids = _whose(session, pieces, campaign_id=campaign_id)
    words = HoldWords(error.message, WORDS[HoldReason(reason)].next_step)
    done = withhold(
        session,
        consignment_ids=ids,
        reason=HoldReason(reason),
        words=words,
        parcel_ids=[parcel_id for parcel_id, _ in pieces],
    )
    logger.warning("campaign %d: %d consignments held while their papers were made", campaign_id, len(done.held))
    return bool(done.parcels)


def _whose(session: Session, pieces: Sequence[Piece], *, campaign_id: int) -> set[int]:
    whose = {consignment_id for _, consignment_id in pieces if consignment_id is not None}
    outside = [parcel_id for parcel_id, consignment_id in pieces if consignment_id is None]
    campaign = campaigns.by_id(session, campaign_id=campaign_id)
    for one in view(session, campaign, parcel_ids=outside).values():
        consignee = {share.consignment.key for share in one.shares if share.snapshot.id == one.consignee.id}
        whose |= consignee or {share.consignment.key for share in one.shares}
    return whose
