"""Whom a campaign's data goes to outside the house, and by which way: said before anybody approves it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from models import Campaign, Channel
from qianli.couriers import registry
from qianli.documents.forms import ThirdParty
from qianli.stages import booking

BY_INTERFACE = "经接口发送给{name}：收件人姓名、电话、地址，每件重量。"


def couriers_told(couriers: Mapping[str, Any], parcels: Counter[str]) -> tuple[ThirdParty, ...]:
    """The couriers of so many parcels by code, by interface where they are booked."""
    online = booking.takers()
    rows = [
        ThirdParty(
            f"{registry.courier(code).name}{'（经接口发送）' if registry.account(couriers, code) in online else ''}",
            f"收件人姓名、电话、地址，每件重量，共 {count} 件",
        )
        for code, count in sorted(parcels.items())
    ]
    return tuple(rows)


def by_interface(campaign: Campaign) -> tuple[str, ...]:
    """Sentences about the couriers of a campaign that are told by interface."""
    if campaign.channel is not Channel.post:
        return ()
    online, couriers = booking.takers(), campaign.couriers
    codes = dict.fromkeys([couriers["default"], *(couriers.get("by_province") or {}).values()])
    return tuple(
        BY_INTERFACE.format(name=registry.courier(code).name)
        for code in codes
        if registry.account(couriers, code) in online
    )
