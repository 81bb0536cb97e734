"""Address labels from rows: what a label tells of a consignee, and whether it fits."""

from dataclasses import replace
from typing import Any

from models import Campaign, LabelMode, Snapshot
from qianli.addresses.hiding import without_room
from qianli.couriers.registry import courier, label_mode
from qianli.documents.forms import AddressLabel, Sender
from qianli.documents.label_layout import label_block
from qianli.documents.label_sizes import SIZES
from qianli.errors import DocumentError
from qianli.ledger import phones
from qianli.receipts import names
from qianli.stages.parcel_views import ParcelView


def outside_sender(campaign: Campaign) -> Sender:
    """The neutral sender of the outside."""
    outside = campaign.outside
    return Sender(outside["name"], outside["phone"], outside["address"])


def address_label(campaign: Campaign, one: ParcelView) -> AddressLabel:
    """The outside of a parcel: the consignee alone, and of him no more than the courier needs."""
    return AddressLabel(
        reference=one.parcel.reference,
        sequence=one.parcel.sequence,
        courier_name=courier(one.parcel.courier).name,
        sender=outside_sender(campaign),
        content=campaign.outside["content"],
        waybill_number=one.parcel.waybill_number,
        route_code=one.route_code,
        **told(one.consignee, _mode(campaign, one)),
    )


def _mode(campaign: Campaign, one: ParcelView) -> LabelMode:
    """A parcel booked with its courier's system needs no address on the outside, unless the campaign wants one."""
    chosen = (campaign.couriers.get("labels") or {}).get(one.parcel.courier)
    if one.route_code and chosen is None:
        return LabelMode.de_identified
    return label_mode(campaign.couriers, one.parcel.courier)


def label_fault(campaign: Campaign, courier_code: str, to: Snapshot) -> str:
    """What of a consignee does not fit a label of this courier's even in the smallest type; empty if all does."""
    label = replace(AddressLabel.sample(), route_code=None, **told(to, label_mode(campaign.couriers, courier_code)))
    try:
        label_block(label, SIZES[campaign.label_layout])
    except DocumentError as error:
        return error.message
    return ""


def told(to: Snapshot, mode: LabelMode) -> dict[str, Any]:
    """Name, phone and address as a label tells them; GB/T 41833-2022 hides name, phone and door."""
    region = "".join(dict.fromkeys(part for part in (to.province, to.city, to.district) if part))
    told = {"name": to.name, "phone": "", "region": region, "detail": to.detail, "postcode": to.postcode}
    if mode is LabelMode.delivery:
        return told | {"phone": phones.display(to.phone)} if to.phone else told
    hidden = {"name": names.masked(to.name), "detail": without_room(to.detail)}
    return told | hidden | ({"phone": phones.masked(to.phone)} if to.phone else {})
