"""Parcels as papers speak of them: consignee, members in order of number, each with the items that are live."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from models import Campaign, Consignment, Parcel, Snapshot
from qianli.documents.forms import ItemLine
from qianli.store import bookings, consignments, kits, parcels


@dataclass(frozen=True)
class Share:
    """One member's share of a parcel."""

    consignment: Consignment
    snapshot: Snapshot
    items: tuple[ItemLine, ...]


@dataclass(frozen=True)
class ParcelView:
    """One parcel with all that its papers need; `route_code` is its courier's, for the sorters, once it is booked."""

    parcel: Parcel
    consignee: Snapshot
    shares: tuple[Share, ...]
    replacement: bool
    route_code: str | None = None


def view(session: Session, campaign: Campaign, *, parcel_ids: Iterable[int]) -> dict[int, ParcelView]:
    """Parcel id → its view; a constant number of statements."""
    wanted = list(dict.fromkeys(parcel_ids))
    rows = {one.key: one for one in parcels.by_ids(session, ids=wanted)}
    lines = parcels.lines_of(session, parcel_ids=wanted)
    names = {row.kit_item_id: (row.position, row.name) for row in kits.rows(session, kit_id=campaign.kit_id)}
    who = consignments.prepared(session, ids={line.consignment_id for line in lines})
    consignees = consignments.snapshots(session, ids={row.consignee_snapshot_id for row in rows.values()})
    items: dict[tuple[int, int], list[tuple[int, ItemLine]]] = {}
    again = {line.parcel_id for line in lines if line.replaces_line_id is not None}
    for line in lines:
        position, name = names[line.kit_item_id]
        share = items.setdefault((line.parcel_id, line.consignment_id), [])
        share.append((position, ItemLine(name, line.quantity)))
    routes = bookings.routes(session, parcel_ids=wanted)
    shares: dict[int, list[Share]] = {}
    for (parcel_id, consignment_id), some in items.items():
        one = who[consignment_id]
        ordered = tuple(item for _, item in sorted(some, key=lambda pair: pair[0]))
        shares.setdefault(parcel_id, []).append(Share(one.consignment, one.snapshot, ordered))
    return {
        id_: ParcelView(
            parcel=row,
            consignee=consignees[row.consignee_snapshot_id],
            shares=tuple(sorted(shares.get(id_, []), key=lambda share: share.consignment.number)),
            replacement=id_ in again,
            route_code=routes.get(id_),
        )
        for id_, row in rows.items()
    }
