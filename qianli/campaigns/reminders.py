"""What a member is told while the courier's word is not the member's own: where a parcel waits, who took it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models import DeliveredTo, ReminderEnd, ReminderReason, Tracking
from qianli.campaigns.tracking import Event, Folded, standing

PLACE_LENGTH = 100
#: Whom couriers leave a parcel with, and what the member is told of it.
LEFT_WITH: dict[DeliveredTo, str] = {
    DeliveredTo.other_person: "快递公司说由他人代收，请向家人、同事或邻居问一问。",
    DeliveredTo.reception: "快递公司说放在收发室、前台或物业，请去取一下。",
    DeliveredTo.village_committee: "快递公司说放在村委会或居委会，请去取一下。",
    DeliveredTo.left_at_door: "快递公司说放在了家门口，请去看一下。",
}
WAITING_AT = "包裹在{place}等您去取，请带上身份证或取件码，尽早去取，过了时间会被退回。"
SOMEWHERE = "驿站、快递柜或营业网点"
#: What the caller asks then.
ASK: dict[ReminderReason, str] = {
    ReminderReason.waiting_at: "取到以后，请按信上的确认码告诉我们一声。",
    ReminderReason.left_with: "请问拿到没有、东西齐不齐？",
}
ASK_IF_THERE = "快递公司说包裹已经送到，请问您收到没有、东西齐不齐？"
BACK = {Tracking.refused, Tracking.returning, Tracking.returned, Tracking.lost}


class Placed(Event, Protocol):
    """An event that may say where; a TrackingEvent row does."""

    @property
    def place(self) -> str:
        """Where it happened, as the courier writes it."""


KEY = "reminder-"


def key_of(reminder_id: int) -> str:
    """What a message and a call about a reminder are known by: both have the same, and there is one of each."""
    return f"{KEY}{reminder_id}"


def ids_of(keys: Iterable[str]) -> list[int]:
    """The reminders among what messages are known by."""
    return [int(one.removeprefix(KEY)) for one in keys if one.startswith(KEY)]


@dataclass(frozen=True)
class Wanted:
    """What the members of a parcel are to be told, and since when it is so."""

    reason: ReminderReason
    sentence: str
    since_at: datetime


def wanted(folded: Folded, events: Iterable[Placed]) -> Wanted | None:
    """What there is to tell about a parcel; nothing while it is on its way, nor once it is with the member."""
    if folded.tracking == Tracking.awaiting_pickup:
        return _waiting(events)
    if folded.delivered_to in LEFT_WITH and folded.delivered_at:
        return Wanted(ReminderReason.left_with, LEFT_WITH[folded.delivered_to], folded.delivered_at)
    return None


def _waiting(events: Iterable[Placed]) -> Wanted:
    """Since the first time the courier said so without saying anything else after; where it said so last."""
    said: list[Placed] = []
    for event in standing(events):
        said = [*said, event] if event.tracking == Tracking.awaiting_pickup else []
    places = [event.place.strip() for event in said if event.place.strip()]
    place = places[-1][:PLACE_LENGTH] if places else SOMEWHERE
    return Wanted(ReminderReason.waiting_at, WAITING_AT.format(place=place), said[0].happened_at)


def end_of(folded: Folded) -> ReminderEnd:
    """Why what was told is so no more."""
    if folded.tracking in BACK:
        return ReminderEnd.returned
    return ReminderEnd.collected if folded.tracking == Tracking.delivered else ReminderEnd.overtaken


def words_to_say(reason: ReminderReason, sentence: str) -> str:
    """What the caller tells and asks."""
    return f"{sentence}{ASK[reason]}"
