"""How many parcels go on one manifest: as many as its pages hold."""

from collections.abc import Sequence

from sqlmodel import Session

from models import Parcel
from qianli.documents.manifest_layout import paginate
from qianli.settings import settings
from qianli.stages.manifest_paper import kind_of, row
from qianli.store import manifests

FEWEST_A_PAGE = 1  # even the longest name and address, with head and signatures


def shares(session: Session, packed: Sequence[Parcel]) -> list[list[Parcel]]:
    """The parcels of one courier in order, in lots of no more pages than the setting says."""
    most, left, found = settings().manifest_pages, list(packed), []
    consignees = manifests.consignees(session, parcels=packed)
    rows = [row(number, one, consignees[one.consignee_snapshot_id]) for number, one in enumerate(packed, start=1)]
    while len(left) > most * FEWEST_A_PAGE:
        kind = kind_of(left[0].courier)
        pages = paginate(rows[-len(left) :], kind)
        if len(pages) <= most:
            break
        # One fewer at a time from what the pages hold: the signatures may need room on the last of them.
        fits = sum(page.sum.count for page in pages[:most])
        first = len(rows) - len(left)
        while len(paginate(rows[first : first + fits], kind)) > most:
            fits -= 1
        found.append(left[:fits])
        left = left[fits:]
    return [*found, left]
