"""What a courier's events come to. Any order of the same events gives the same answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Protocol, TypeVar

from models import CaseReason, DeliveredTo, ReturnedFor, Tracking

T = Tracking
#: The order a parcel's life usually takes; decides between events of the same instant.
RANK: dict[Tracking, int] = {
    state: rank
    for rank, state in enumerate(
        (
            T.unknown, T.accepted, T.in_transit, T.out_for_delivery, T.failed_attempt, T.awaiting_pickup, T.refused,
            T.returning, T.delivered, T.returned, T.lost,
        )
    )
}  # fmt: skip
#: Scans every parcel has, also on its way back to the sender.
MOVING = {T.accepted, T.in_transit, T.out_for_delivery, T.failed_attempt, T.awaiting_pickup, T.refused}
#: States a person has to act on.
TROUBLE: dict[Tracking, CaseReason] = {
    T.failed_attempt: CaseReason.failed_attempt,
    T.refused: CaseReason.refused,
    T.returning: CaseReason.returning,
    T.returned: CaseReason.returned,
    T.lost: CaseReason.lost,
}
ENDED = {T.delivered, T.returned, T.lost}
#: Cases that a delivery answers. A return is settled by taking the parcel back, a member's word by the member.
ANSWERED_BY_DELIVERY = {
    CaseReason.failed_attempt, CaseReason.refused, CaseReason.not_moving, CaseReason.lost, CaseReason.waiting,
    CaseReason.return_near, CaseReason.returning,
}  # fmt: skip
_ON_THE_WAY = {CaseReason.failed_attempt, CaseReason.waiting, CaseReason.return_near, CaseReason.not_moving}
#: Cases that are not the point any more once worse has come of it: the later case goes on alone.
OVERTAKES: dict[Tracking, set[CaseReason]] = {
    T.refused: _ON_THE_WAY,
    T.returning: _ON_THE_WAY | {CaseReason.refused, CaseReason.moved_on_the_way},
    T.returned: _ON_THE_WAY | {CaseReason.refused, CaseReason.returning, CaseReason.lost, CaseReason.moved_on_the_way},
    T.lost: _ON_THE_WAY | {CaseReason.refused, CaseReason.returning, CaseReason.moved_on_the_way},
}
#: What a parcel that was taken out of the pickup point again, or collected, is worried about no more.
AT_A_PICKUP_POINT = {CaseReason.waiting, CaseReason.return_near}


class Event(Protocol):
    """What the fold reads of an event; a TrackingEvent row has it."""

    @property
    def tracking(self) -> Tracking:
        """Our state for what was said."""

    @property
    def delivered_to(self) -> DeliveredTo | None:
        """Whom it was given to, if said."""

    @property
    def returned_for(self) -> ReturnedFor | None:
        """What it says against the address, if anything."""

    @property
    def cancels(self) -> bool:
        """Whether it takes back the latest earlier event, whatever that was."""

    @property
    def happened_at(self) -> datetime:
        """When it happened."""


E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Folded:
    """Where a parcel is, whom it was given to, and when; or what was last said against its address, and when."""

    tracking: Tracking = Tracking.unknown
    delivered_to: DeliveredTo | None = None
    delivered_at: datetime | None = None
    returned_for: ReturnedFor | None = None
    returned_at: datetime | None = None


def fold(events: Iterable[Event]) -> Folded:
    """The state all events together come to, by time, then by rank; cancelled ones removed, unknown ones ignored."""
    answer = Folded()
    for event in standing(events):
        answer = _after(answer, event)
    return answer


def standing(events: Iterable[E]) -> list[E]:
    """Known events in order, without repeats, without those that a later one took back.

    A courier takes back what it wrote last (撤销前事件), also where nobody knows yet what that means: a code that is
    mapped later must not change which event was taken back. Remarks that say nothing of a parcel do not belong here.
    """
    distinct = {_key(event): event for event in events}
    left: list[E] = []
    for key in sorted(distinct):
        event = distinct[key]
        if event.cancels:
            del left[len(left) - _said_last(left) :]
        else:
            left.append(event)
    return [event for event in left if event.tracking != T.unknown]


def _said_last(events: Sequence[Event]) -> int:
    """How many of the last say one thing: a delivery pushed and polled, with and without who took it, is one."""
    if not events:
        return 0
    last = events[-1]
    alike = takewhile(
        lambda one: (one.happened_at, one.tracking) == (last.happened_at, last.tracking), reversed(events)
    )
    return sum(1 for _ in alike)


def _key(event: Event) -> tuple[datetime, bool, int, str, str]:
    """A cancellation comes after whatever happened in the same instant."""
    if event.cancels:
        return event.happened_at, True, 0, "", ""
    return event.happened_at, False, RANK[event.tracking], event.delivered_to or "", event.returned_for or ""


def _after(before: Folded, event: Event) -> Folded:
    """The next state; what was said against the address stands until somebody there took the parcel."""
    after = _moved(before, event)
    if after.tracking == T.delivered:
        return after
    if event.returned_for:
        return replace(after, returned_for=event.returned_for, returned_at=event.happened_at)
    return replace(after, returned_for=before.returned_for, returned_at=before.returned_at)


def _moved(before: Folded, event: Event) -> Folded:
    on_its_way_back = before.tracking in {T.returning, T.returned}
    if on_its_way_back and event.tracking in MOVING:
        return before
    if event.tracking != T.delivered:
        return Folded(event.tracking)
    if on_its_way_back and event.delivered_to != DeliveredTo.member:
        return Folded(T.returned)  # the sender signed for it
    to = event.delivered_to or DeliveredTo.unknown
    if before.tracking != T.delivered:
        return Folded(T.delivered, to, event.happened_at)
    # Said again: the first time counts, and whatever tells more about who took it.
    return Folded(T.delivered, before.delivered_to if to == DeliveredTo.unknown else to, before.delivered_at)
