"""Promised dates (预计送达): so many working days after hand-over, as the campaign says of its couriers."""

from collections.abc import Iterable

from sqlmodel import Session

from models import Campaign, Tracking
from qianli.campaigns.calendar_days import PROVISIONAL, Promised
from qianli.campaigns.tracking import ENDED
from qianli.couriers.registry import promised_days
from qianli.stages.calendar import calendar
from qianli.stages.unit import day_of, today
from qianli.store import promises as store

STILL_COMING = {*Tracking} - ENDED - {Tracking.refused, Tracking.returning}


def of_campaign(session: Session, campaign: Campaign) -> dict[int, Promised]:
    """Parcel id → when it was to be there; nothing where nothing was promised."""
    if not campaign.couriers.get("promised_days"):
        return {}
    return _promised(campaign, store.of_campaign(session, campaign_id=campaign.key))


def overdue(session: Session, campaign: Campaign) -> int:
    """How many parcels are still coming after their promised day."""
    if not campaign.couriers.get("promised_days"):
        return 0
    out = store.of_campaign(session, campaign_id=campaign.key)
    promised = _promised(campaign, [one for one in out if one.tracking in STILL_COMING])
    return sum(one.day < today() for one in promised.values())


def to_member(session: Session, campaign: Campaign, *, consignment_id: int) -> str:
    """When the member's newest parcel is to be there, in a sentence; empty if nothing is coming or was promised."""
    newest = store.of_consignment(session, consignment_id=consignment_id)[:1]
    coming = [one for one in newest if one.tracking in STILL_COMING - {Tracking.awaiting_pickup}]
    promised = list(_promised(campaign, coming).values())
    if not promised or promised[0].day < today():
        return ""
    day = promised[0].day
    return f"预计{day.month}月{day.day}日前送到{f'（{PROVISIONAL}）' if promised[0].provisional else ''}。"


def _promised(campaign: Campaign, out: Iterable[store.Out]) -> dict[int, Promised]:
    counted: dict[object, Promised] = {}
    found = {}
    for one in out:
        days = promised_days(campaign.couriers, one.courier, one.province)
        if days is not None:
            begins = day_of(one.handed_over_at)
            if (begins, days) not in counted:
                counted[begins, days] = calendar().add_working_days(begins, days)
            found[one.parcel_id] = counted[begins, days]
    return found
