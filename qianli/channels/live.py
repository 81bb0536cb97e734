"""What channels can do: send a message, find what was sent, report what became of it. One Protocol an ability.

A channel's module has `NAME`, `TO`, `NEEDS` and `LIMITS` as data, pure builders and parsers, and a thin class whose
methods make one call each; `channels/connected.py` knows which modules there are. What goes over the wire is the
provider's; what comes out of a module is said in the words of this file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from qianli.interfaces.pushes import Push, PushAnswer

KEY_LENGTH = 64


class To(StrEnum):
    """What a channel knows its receivers by: a module's `TO`."""

    phone = "phone"
    openid = "openid"
    email = "email"
    group = "group"  # whoever is in the group that the account belongs to: `to` is empty


@dataclass(frozen=True)
class Outgoing:
    """One message to one receiver, neutral, nothing of the campaign.

    `key` (at most 64 characters) is our idempotency key. `to` is a phone number, an openid or an e-mail address, empty
    towards a group. `template` is the provider's own id of an approved text, and `values` what is filled into it, in
    the order of the text; `text` is the whole as the receiver reads it, for channels without templates. `url` is the
    link in it, if there is one.
    """

    key: str
    to: str
    template: str
    values: Mapping[str, str]
    text: str
    url: str = ""


@dataclass(frozen=True)
class Accepted:
    """The channel took a message, and answers for it under this number; empty if it gives none."""

    provider_id: str = ""


@dataclass(frozen=True)
class Delivery:
    """What a channel reports of a message it took: found by its number or by our key, whichever it repeats.

    `delivered` is None where it says nothing final. `code` and `words` are the provider's own.
    """

    provider_id: str
    key: str
    delivered: bool | None
    code: str
    words: str
    at: datetime


@runtime_checkable
class Sends(Protocol):
    """Sends messages, one a call.

    `takes_key`: whether the provider knows a message by our key, so that asking twice for the same one sends it once.
    A channel that promises so for some time only has `key_kept_s`, counted from the first time it was asked.
    """

    takes_key: bool

    def check(self, one: Outgoing) -> str:
        """Why it could not be sent as it is, as a sentence (too long, no template, a value too long); or nothing."""

    def send(self, one: Outgoing) -> Accepted:
        """Send it. SendingRejected: was not sent, and will not be; ChannelUnavailable, UnreadableAnswer: not known."""


@runtime_checkable
class Finds(Protocol):
    """Can be asked for what was sent."""

    #: After so many seconds what it does not know was never sent; sooner it may only not know it yet. None: that it
    #: knows nothing never proves anything, and what it does not find is a case.
    absent_after_s: int | None

    def find(self, one: Outgoing, day: date) -> Accepted | None:
        """What it took under this message's key on this day; None if it has none. Errors as for `send`."""


@runtime_checkable
class Reports(Protocol):
    """Tells us by itself what became of messages."""

    def is_authentic(self, push: Push) -> bool:
        """Whether it is from there. Never raises, whatever came."""

    def read_push(self, push: Push) -> Sequence[Delivery]:
        """What an authentic push says; UnreadableAnswer if it says nothing we can read."""

    def answer(self, push: Push, *, accepted: bool) -> PushAnswer:
        """What it expects to hear back. Never raises, whatever came."""


@runtime_checkable
class Greets(Protocol):
    """Asks who lives at an address before it reports there."""

    def greeting(self, push: Push) -> PushAnswer | None:
        """What it expects to hear; None for a question that is not its own. Never raises, whatever came."""


@runtime_checkable
class Sorts(Protocol):
    """Tells more at our address than what became of messages, which is not kept."""

    def concerns_us(self, push: Push) -> bool:
        """Whether it reports on messages. Never raises, whatever came."""
