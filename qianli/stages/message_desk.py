"""A channel within one run of sending, and asking it with patience where asking again is safe."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Message
from qianli.campaigns.sending import Hours, Rules
from qianli.channels.live import Accepted, Finds, Outgoing, Sends, To
from qianli.errors import ConfigurationError, InterfaceUnavailable, QuotaUsedUp
from qianli.interfaces.accounts import Account
from qianli.interfaces.wire import Acquire
from qianli.settings import settings
from qianli.stages import call_limits
from qianli.stages.message_words import receiver_hash
from qianli.stages.unit import day_of, local, now

TRIES = 4


@dataclass(frozen=True)
class Means:
    """What messages are sent with; tests bring their own patience and clock."""

    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    acquire: Callable[[str], Acquire] = call_limits.acquire
    now: Callable[[], datetime] = now


MEANS = Means()


def rules() -> Rules:
    """The hours and the ceiling of this installation."""
    found = settings()
    if found.messages_from_hour >= found.messages_until_hour:
        raise ConfigurationError("QIANLI_MESSAGES_FROM_HOUR 要早于 QIANLI_MESSAGES_UNTIL_HOUR。")
    return Rules(Hours(found.messages_from_hour, found.messages_until_hour), found.messages_per_week)


@dataclass
class Desk:
    """An account within a run; it is left alone once it went wrong too often in a row."""

    account: Account
    channel: Sends
    to: To
    rules: Rules
    means: Means
    take_over: bool = False
    strikes: int = 0
    why: str = ""
    wrong: ConfigurationError | None = None

    @property
    def can_tell(self) -> bool:
        """Whether asking again is safe."""
        return self.channel.takes_key or isinstance(self.channel, Finds)

    @property
    def key_kept(self) -> timedelta | None:
        """How long a channel promises to know our keys, if it forgets them."""
        kept_s = getattr(self.channel, "key_kept_s", None)
        return None if kept_s is None else timedelta(seconds=kept_s)

    def may_ask_again(self, asked_at: datetime, at: datetime) -> bool:
        """Whether asking again is safe by now; a channel that forgets our keys counts from the first time."""
        return self.can_tell and (self.key_kept is None or at - asked_at < self.key_kept)


def asked(one: Outgoing, message: Message, desk: Desk) -> Accepted | None:
    """The channel's answer, after a few tries where asking again is safe; None: it does not know it, or not yet."""
    channel, means = desk.channel, desk.means
    asked_at, begun = message.asked_at, means.now()
    for tried in range(TRIES):
        try:
            if asked_at is not None and not channel.takes_key and isinstance(channel, Finds):
                if found := channel.find(one, day_of(asked_at)):
                    return found
                absent_s = channel.absent_after_s
                if absent_s is None or means.now() - asked_at < timedelta(seconds=absent_s):
                    return None
            return channel.send(one)
        except QuotaUsedUp:
            raise
        except InterfaceUnavailable as error:
            if not error.is_untouched:
                asked_at = means.now()
                # From now on it may be out: whoever gives it up leaves it asked, where keys are forgotten since when.
                message.asked_at = (message.asked_at or begun) if desk.key_kept else asked_at
                message.receiver_hash = receiver_hash(one.to)
            is_safe = error.is_untouched or channel.takes_key
            if not is_safe or tried + 1 == TRIES or desk.strikes:
                raise
            means.sleep(2**tried * (0.5 + means.jitter()))
            if not desk.rules.hours.holds(local(means.now())):
                raise
    raise AssertionError("a message is tried at least once")
