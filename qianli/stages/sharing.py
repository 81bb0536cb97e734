"""Whom a campaign's data goes to outside the house, and by which way: said before anybody approves it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from qianli.couriers import registry
from qianli.couriers.accounts import read_accounts
from qianli.couriers.connected import connections
from qianli.documents.forms import ThirdParty
from qianli.settings import settings
from qianli.stages import booking

BY_INTERFACE = "经接口发送给{name}：收件人姓名、电话、地址，每件重量。"


def third_parties(couriers: Mapping[str, Any], parcels: Counter[str]) -> tuple[ThirdParty, ...]:
    """The couriers of so many parcels by code, by interface where they are booked; and trackers that are on."""
    online = booking.takers()
    rows = [
        ThirdParty(
            f"{registry.courier(code).name}{'（经接口发送）' if registry.account(couriers, code) in online else ''}",
            f"收件人姓名、电话、地址，每件重量（{count} 件）",
        )
        for code, count in sorted(parcels.items())
    ]
    trackers = [one for one in connections(read_accounts(settings().couriers)) if one.is_on and one.is_third_party]
    return (*rows, *(ThirdParty(one.name, "运单号，有的还有电话后四位，用来查询物流") for one in trackers))


def by_interface(couriers: Mapping[str, Any]) -> tuple[str, ...]:
    """Sentences about the couriers of a campaign that are told by interface."""
    online = booking.takers()
    codes = dict.fromkeys([couriers["default"], *(couriers.get("by_province") or {}).values()])
    return tuple(
        BY_INTERFACE.format(name=registry.courier(code).name)
        for code in codes
        if registry.account(couriers, code) in online
    )
