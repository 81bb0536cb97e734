"""What a courier is told of a parcel: the neutral outside, and the consignee. Nothing of the campaign."""

from models import Campaign, Parcel, Snapshot
from qianli.addresses.parse import read_address
from qianli.couriers.live import Order, Party
from qianli.ledger import phones


def order_of(parcel: Parcel, consignee: Snapshot, campaign: Campaign) -> Order:
    """The order of one parcel; ordered when it was planned, so that asking again is asking the same."""
    return Order(
        reference=parcel.reference,
        sender=_sender(campaign),
        consignee=party_of(consignee),
        content=campaign.outside["content"],
        weight_g=parcel.weight_g,
        ordered_at=parcel.created_at,
    )


def party_of(to: Snapshot) -> Party:
    """Whom and where to."""
    phone = phones.display(to.phone) if to.phone else ""
    return Party(to.name, phone, to.province or "", to.city or to.district or "", to.district or "", to.detail)


def _sender(campaign: Campaign) -> Party:
    outside = campaign.outside
    read = read_address(outside["address"])
    place = (read.province or "", read.city or read.district or "", read.district or "")
    return Party(outside["name"], outside["phone"], *place, read.detail or outside["address"])
