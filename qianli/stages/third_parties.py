"""Whom a campaign's data goes to outside the house, and by which way: said before anybody approves it.

Couriers carry the parcels; third parties that follow them or send messages are only those that the definition names.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from models import Campaign, Channel
from qianli.couriers import registry
from qianli.couriers.connected import MODULES
from qianli.documents.forms import ThirdParty
from qianli.errors import BadInput
from qianli.interfaces.connected import Connection
from qianli.stages import booking, message_channels
from qianli.stages.courier_accounts import usable
from qianli.stages.unit import reading
from qianli.store import campaigns, following

BY_INTERFACE = "经接口发送给{name}：收件人姓名、电话、地址，每件重量。"
GOES = "数据将提供给{name}（{data}）。"
NOT_ON = "活动写明由{name}跟踪，但接口没有接通，这次不会用到；请管理员接通接口。"


def refuse_strange(trackers: Sequence[str]) -> None:
    """BadInput for a name that is none: nobody would be asked, and nobody would notice."""
    known = [code for code, module in MODULES.items() if getattr(module, "THIRD_PARTY", False)]
    if strange := [code for code in trackers if code not in known]:
        raise BadInput(f"trackers 里的“{'、'.join(strange)}”不是跟踪包裹的第三方；可以写：{'、'.join(known)}。")


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


def data_goes_to(campaign: Campaign) -> list[tuple[str, str]]:
    """Name and data of each third party that would be asked about this campaign's parcels, or send its messages."""
    asked = [(MODULES[code].NAME, MODULES[code].DATA) for code in _named(campaign) if code in _on()]
    return [*asked, *message_channels.data_goes_to(campaign)]


def sentences(campaign: Campaign) -> list[str]:
    """What whoever approves has to know: which data goes to which third party."""
    return [GOES.format(name=name, data=data) for name, data in data_goes_to(campaign)]


def told_before(code: str) -> list[str]:
    """The same of the campaign with this code."""
    with reading() as session:
        return sentences(campaigns.by_code(session, code=code))


def warnings(campaign: Campaign) -> list[str]:
    """Third parties that are named and not on."""
    off = [NOT_ON.format(name=MODULES[code].NAME) for code in _named(campaign) if code not in _on()]
    return [*off, *message_channels.warnings(campaign)]


def campaigns_asked_of(session: Session, connection: Connection) -> list[int] | None:
    """The campaigns whose parcels may be asked about with this account; None for all."""
    if not connection.is_third_party:
        return None
    named = following.approved_couriers(session)
    return [id_ for id_, couriers in named.items() if connection.account.module in (couriers.get("trackers") or [])]


def _named(campaign: Campaign) -> list[str]:
    return [code for code in campaign.couriers.get("trackers") or [] if code in MODULES]


def _on() -> set[str]:
    return {one.account.module for one in usable()}
