"""How many parcels go on one manifest: as many as its pages hold."""

from collections.abc import Sequence

from sqlmodel import Session

from models import Parcel
from qianli.documents.manifest_layout import paginate
from qianli.settings import settings
from qianli.stages.manifest_paper import row
from qianli.store import manifests

FEWEST_A_PAGE = 2  # the longest names and addresses still go two to a page, with head and signatures


def shares(session: Session, packed: Sequence[Parcel]) -> list[list[Parcel]]:
    """The parcels in order, in lots of no more pages than the setting says."""
    most, left, found = settings().manifest_pages, list(packed), []
    consignees = manifests.consignees(session, parcels=packed)
    rows = [row(number, one, consignees[one.consignee_snapshot_id]) for number, one in enumerate(packed, start=1)]
    while len(left) > most * FEWEST_A_PAGE:
        pages = paginate(rows[-len(left) :])
        if len(pages) <= most:
            break
        # One fewer at a time from what the pages hold: the signatures may need room on the last of them.
        fits = sum(page.count for page in pages[:most])
        first = len(rows) - len(left)
        while len(paginate(rows[first : first + fits])) > most:
            fits -= 1
        found.append(left[:fits])
        left = left[fits:]
    return [*found, left]
