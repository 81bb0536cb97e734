"""Sending: each message once. The intent is a row before the call, the answer after it; none is open between.

Cut off between question and answer, the next run asks again where the channel knows our key, or can tell what it sent.
Where it cannot, nothing is sent again: the message becomes a case for a person.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import Message, MessageEnd
from qianli.campaigns.ladder import narrowed
from qianli.campaigns.sending import WEEK, Hours, Rules, next_moment
from qianli.channels.connected import REGISTRY, wire
from qianli.channels.live import Accepted, Finds, Outgoing, Sends, To
from qianli.errors import ConfigurationError, InterfaceUnavailable, QuotaUsedUp, SendingRejected, UnreadableAnswer
from qianli.interfaces.accounts import Account
from qianli.interfaces.wire import Acquire
from qianli.settings import settings
from qianli.stages import call_limits, channel_accounts, message_cases
from qianli.stages.calendar import calendar
from qianli.stages.message_words import outgoing, receiver_hash, why_not
from qianli.stages.unit import SYSTEM, day_of, local, now, reading, writing
from qianli.store import message_facts
from qianli.store import messages as store

logger = logging.getLogger(__name__)
TRIES = 4
STRIKES = 3  # in a row that went wrong without an answer: the channel is left until the next run
AT_A_TIME = 200
#: Reasons not to send that leave somebody untold for whom nothing else is on its way.
UNTOLD = (MessageEnd.no_number, MessageEnd.do_not_contact, MessageEnd.not_named)
LONGEST_RUN = timedelta(minutes=9)  # the next run begins after ten
ACCOUNT = "account"
ACCOUNT_REFUSED = "消息渠道说账号“{account}”有问题，请与其核对合同和设置，消息没有作废；办好后会接着发。"
NO_TEMPLATE = "{name}只发审核过的模板，文本“{text}”还没有模板编号：请设置 {variable}。"
AWAY = "{count} 条消息还没有发出：{why}过一会儿会接着发。"


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


def queue(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Queue messages, each `sending_key` once; the answer is the ids of the new ones.

    A row has sending_key, purpose, organisation_id, channel, text_code, due_at, and of campaign_id, consignment_id,
    member_id, details (what the text is filled with) and working_days what there is.
    """
    return store.queue(session, rows=rows, at=now())


def shards(_campaign_id: int = 0) -> list[int]:
    """The accounts with messages that are due, by their position among those that are on."""
    with reading() as session:
        waiting = store.channels_due(session, at=now())
    return [place for place, one in enumerate(_accounts(), 1) if one.code in waiting]


def _accounts() -> list[Account]:
    return [one.account for one in channel_accounts.usable()]


@dataclass
class _Desk:
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


def run(shard_id: int, *, take_over: bool = False, means: Means = MEANS) -> None:
    """Send what is due with one account, within its limits and the time there is; the error says how many wait."""
    found = _accounts()
    if not 0 < shard_id <= len(found):
        return
    account = found[shard_id - 1]
    channel = REGISTRY.connect(account, wire(means.acquire(account.code)))
    desk = _Desk(account, channel, REGISTRY.modules[account.module].TO, rules(), means, take_over)
    last, until = 0, means.now() + LONGEST_RUN
    while means.now() < until:
        with reading() as session:
            some = store.due(
                session, channel=account.code, at=means.now(), after=last, most=AT_A_TIME, take_over=take_over
            )
        if not some:
            break
        for message_id in some:
            _send_one(message_id, desk)
            if desk.strikes and not desk.can_tell:
                return  # one case at a time: the next run finds out whether the channel is well again
            if desk.strikes >= STRIKES:
                raise InterfaceUnavailable(AWAY.format(count=_left(desk), why=desk.why))
        last = some[-1]
    if desk.wrong:
        raise desk.wrong


def _left(desk: _Desk) -> int:
    with reading() as session:
        return len(store.due(session, channel=desk.account.code, at=desk.means.now(), after=0, most=1_000_000))


def _send_one(message_id: int, desk: _Desk) -> None:
    """Send one: the intent, the call, the answer. What the account does wrong is raised, the message stays."""
    try:
        claimed = _intended(message_id, desk)
    except ConfigurationError as error:
        desk.wrong = error  # of this text; others go on
        return
    if claimed is None:
        return
    message, one = claimed
    try:
        accepted = _asked(one, message, desk)
    except SendingRejected as error:
        _rejected(message, error, desk)
        desk.strikes = 0
        return
    except (QuotaUsedUp, ConfigurationError):
        with writing(SYSTEM) as session:
            store.not_asked(session, message=message)
        raise
    except (InterfaceUnavailable, UnreadableAnswer) as error:
        desk.strikes, desk.why = desk.strikes + 1, error.message
        _without_answer(message, error, desk)
        return
    desk.strikes = 0
    with writing(SYSTEM) as session:
        absent_s = getattr(desk.channel, "absent_after_s", None)
        if accepted is None and absent_s is None:
            _unclear(session, message, desk.means.now())
        elif accepted is None:
            store.let_go(session, message=message, due_at=desk.means.now() + timedelta(seconds=absent_s or 0))
        else:
            store.answered(session, message=message, provider_id=accepted.provider_id, at=desk.means.now())


def _intended(message_id: int, desk: _Desk) -> tuple[Message, Outgoing] | None:
    """Claim one, look at it again, and write down that it is asked; None if it is not to be sent now."""
    at = desk.means.now()
    with writing(SYSTEM) as session:
        message = store.claim(
            session, message_id=message_id, at=at, lease_s=settings().lease_s, take_over=desk.take_over
        )
        if message is None:
            return None
        one = _still(session, message, desk)
        if one is not None:
            first = message.asked_at if desk.key_kept else None
            store.ask(session, message=message, receiver_hash=receiver_hash(one.to), at=first or at)
    return (message, one) if one else None


def _still(session: Session, message: Message, desk: _Desk) -> Outgoing | None:
    """The message, if it is to be sent now; else None, and it is put off, cancelled, failed or unclear."""
    at, asked_before = desk.means.now(), message.asked_at is not None
    is_forgotten = message.asked_at is not None and not desk.may_ask_again(message.asked_at, at)
    (standing,) = message_facts.standing(session, ids=[message.key], lock_members=True)
    one = None
    if is_forgotten:
        _unclear(session, message, at)
    elif reason := why_not(standing, desk.to):
        store.cancelled(session, message=message, reason=reason, at=at)
        if reason in UNTOLD:
            message_cases.not_told(session, [message.key], at=at)
    elif (moment := _moment(session, message, desk, local(at))) > at:
        store.let_go(session, message=message, due_at=moment)
    else:
        one = outgoing(standing, desk.to, template=_template(message, desk))
    if one and asked_before and message.receiver_hash != receiver_hash(one.to):
        _unclear(session, message, at)  # asked for under another number: neither is asked for again
        return None
    if one and (problem := desk.channel.check(one)):
        store.failed(session, message=message, kind="content", words=problem, at=at)
        message_cases.not_told(session, [message.key], at=at)
        return None
    return one


def _moment(session: Session, message: Message, desk: _Desk, at: datetime) -> datetime:
    """When it may go: now (`at`), or later. What was asked for already counts as had, and waits for the hours only."""
    is_personal = message.member_id is not None and message.asked_at is None
    before = (
        message_facts.asked_since(session, member_id=message.member_id or 0, since=at - WEEK, but=message.key)
        if is_personal
        else []
    )
    days = calendar() if message.working_days else None
    return next_moment(at, _rules_of(message, desk.rules), before=before, working_days=days, to_group=not is_personal)


def _rules_of(message: Message, usual: Rules) -> Rules:
    """The usual rules, within the hours that the message's own step of a ladder names."""
    hours = narrowed(usual.hours, message.details.get("from_hour"), message.details.get("until_hour"))
    return Rules(hours, usual.per_week)


def _template(message: Message, desk: _Desk) -> str:
    """The provider's id of the text; ConfigurationError for a channel that sends nothing without one."""
    key = f"template_{message.text_code}"
    found = str(message.details.get("template", "")) or desk.account.further(key)
    module = REGISTRY.modules[desk.account.module]
    if not found and getattr(module, "TEMPLATES", False):
        variable = f"QIANLI_CHANNELS__{desk.account.code}__{key}".upper()
        raise ConfigurationError(NO_TEMPLATE.format(name=module.NAME, text=message.text_code, variable=variable))
    return found


def _asked(one: Outgoing, message: Message, desk: _Desk) -> Accepted | None:
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


def _without_answer(message: Message, error: Exception, desk: _Desk) -> None:
    """Nobody knows whether it was sent: it is asked for again where that is safe, and a case where it is not."""
    with writing(SYSTEM) as session:
        if isinstance(error, InterfaceUnavailable) and error.is_untouched:
            store.not_asked(session, message=message)
        elif desk.can_tell:
            store.let_go(session, message=message)
        else:
            _unclear(session, message, desk.means.now())


def _unclear(session: Session, message: Message, at: datetime) -> None:
    if store.unclear(session, message=message, at=at):
        message_cases.open_about(session, [message.key], at=at)


def _rejected(message: Message, error: SendingRejected, desk: _Desk) -> None:
    """It was not sent, and why; what is the account's own matter leaves the message as it was."""
    with writing(SYSTEM) as session:
        if error.kind == ACCOUNT:
            store.not_asked(session, message=message)
        else:
            words = message_cases.nameless(session, message, error.words)
            store.failed(session, message=message, kind=error.kind, words=words, at=desk.means.now())
            message_cases.not_told(session, [message.key], at=desk.means.now())
    logger.info("message %d was not taken: %s", message.key, error.kind)
    if error.kind == ACCOUNT:
        raise ConfigurationError(ACCOUNT_REFUSED.format(account=desk.account.code))
