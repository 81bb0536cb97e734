"""What couriers with an interface of their own can do: book, follow, push. One Protocol an ability.

A courier's module has `NEEDS` and `LIMITS` as data, pure builders and parsers, and a thin class whose methods make
one call each; `couriers/connected.py` knows which modules there are. What goes over the wire is the courier's; what
comes out of a module is said in the words of this file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from models import DeliveredTo, ReturnedFor, Tracking
from qianli.interfaces.pushes import Push, PushAnswer


@dataclass(frozen=True)
class Party:
    """Who sends, or who receives. `detail` is the address below the district; `district` may be empty (东莞)."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    detail: str


@dataclass(frozen=True)
class Order:
    """What a courier is told of one parcel: neutral, nothing of the campaign. `reference` is our idempotency key."""

    reference: str
    sender: Party
    consignee: Party
    content: str
    weight_g: int
    ordered_at: datetime


@dataclass(frozen=True)
class Booked:
    """The courier's answer to a booking: its number, and what its sorters need (may be empty).

    `route["route_code"]` is what our label prints for them: 四段码, or 路由标签 and its 编码; further keys are kept.
    `watch` says why somebody should look at it again, if the courier has not made up its mind yet.
    """

    waybill_number: str
    route: Mapping[str, str] = field(default_factory=dict)
    watch: str = ""


@dataclass(frozen=True)
class Asked:
    """A parcel to ask after. `courier` is our code; the phone's last four digits are for couriers that want them."""

    waybill_number: str
    courier: str
    phone_last_four: str = ""


@dataclass(frozen=True)
class Said:
    """One thing a courier said about one parcel: its own code and words, and ours beside them.

    `tracking` is unknown for a code nobody mapped; such a code is kept and listed, never guessed. `returned_for` is
    what its code says against the address, if anything.
    """

    waybill_number: str
    code: str
    tracking: Tracking
    happened_at: datetime
    text: str = ""
    place: str = ""
    delivered_to: DeliveredTo | None = None
    returned_for: ReturnedFor | None = None
    cancels: bool = False
    reference: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What an answer or a push held: things said, and sentences about entries that could not be read.

    `ended` are numbers the courier stopped following (a tracker's abort): they are subscribed again.
    `other_courier` is a tracker's correction: number → the tracker's own code of the courier it found.
    """

    said: Sequence[Said] = ()
    unread: Sequence[str] = ()
    ended: Sequence[str] = ()
    other_courier: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Books(Protocol):
    """Takes bookings.

    `book` and `cancel` raise BookingRejected (final, with the courier's words), CourierUnavailable (passing: nothing
    is known, `find` first) or UnreadableAnswer.
    """

    def book(self, order: Order) -> Booked:
        """Book one parcel. An order it already has under this reference is answered like a new one."""

    def find(self, reference: str) -> Booked | None:
        """The booking under our reference; None if the courier has none."""

    def cancel(self, reference: str, waybill_number: str) -> None:
        """Cancel a booking before it is collected; one that is cancelled already is no error."""


@runtime_checkable
class Redirects(Protocol):
    """Can change the address of a parcel under way."""

    def redirect(self, reference: str, waybill_number: str, consignee: Party) -> None:
        """Send it on to another address; BookingRejected if it is too late."""


@runtime_checkable
class Tracks(Protocol):
    """Answers where parcels are."""

    most_asked: int

    def track(self, asked: Sequence[Asked]) -> Told:
        """Everything it knows of these parcels, at most `most_asked` of them in one call."""


@runtime_checkable
class Subscribes(Protocol):
    """Follows parcels for us and pushes what it learns."""

    def subscribe(self, asked: Asked, callback_url: str) -> None:
        """Have it followed; one that is followed already is no error."""


@runtime_checkable
class Pushes(Protocol):
    """Tells us by itself."""

    def is_authentic(self, push: Push) -> bool:
        """Whether the signature is right. Never raises, whatever came."""

    def read_push(self, push: Push) -> Told:
        """What an authentic push says; UnreadableAnswer if it says nothing we can read."""

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:
        """What the courier expects to hear back. Never raises, whatever came."""
