"""Sending: each message once. The intent is a row before the call, the answer after it; none is open between.

Cut off between question and answer, the next run asks again where the channel knows our key, or can tell what it sent.
Where it cannot, nothing is sent again: the message becomes a case for a person.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from models import Message
from qianli.channels.connected import REGISTRY, wire
from qianli.errors import ConfigurationError, InterfaceUnavailable, QuotaUsedUp, SendingRejected, UnreadableAnswer
from qianli.interfaces.accounts import Account
from qianli.stages import channel_accounts, message_cases
from qianli.stages.message_desk import MEANS, Desk, Means, asked, rules
from qianli.stages.message_intents import intended
from qianli.stages.unit import SYSTEM, now, reading, writing
from qianli.store import message_sending as sending
from qianli.store import messages as store

logger = logging.getLogger(__name__)
STRIKES = 3  # in a row that went wrong without an answer: the channel is left until the next run
AT_A_TIME = 200
LONGEST_RUN = timedelta(minutes=9)  # the next run begins after ten
ACCOUNT = "account"
ACCOUNT_REFUSED = "消息渠道说账号“{account}”有问题，请与其核对合同和设置，消息没有作废；办好后会接着发。"
AWAY = "{count} 条消息还没有发出：{why}过一会儿会接着发。"


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


def run(shard_id: int, *, take_over: bool = False, means: Means = MEANS) -> None:
    """Send what is due with one account, within its limits and the time there is; the error says how many wait."""
    found = _accounts()
    if not 0 < shard_id <= len(found):
        return
    account = found[shard_id - 1]
    channel = REGISTRY.connect(account, wire(means.acquire(account.code)))
    desk = Desk(account, channel, REGISTRY.modules[account.module].TO, rules(), means, take_over)
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


def _left(desk: Desk) -> int:
    with reading() as session:
        return len(store.due(session, channel=desk.account.code, at=desk.means.now(), after=0, most=1_000_000))


def _send_one(message_id: int, desk: Desk) -> None:
    """Send one: the intent, the call, the answer. What the account does wrong is raised, the message stays."""
    try:
        claimed = intended(message_id, desk)
    except ConfigurationError as error:
        desk.wrong = error  # of this text; others go on
        return
    if claimed is None:
        return
    message, one = claimed
    try:
        accepted = asked(one, message, desk)
    except SendingRejected as error:
        _rejected(message, error, desk)
        desk.strikes = 0
        return
    except (QuotaUsedUp, ConfigurationError):
        with writing(SYSTEM) as session:
            sending.not_asked(session, message=message)
        raise
    except (InterfaceUnavailable, UnreadableAnswer) as error:
        desk.strikes, desk.why = desk.strikes + 1, error.message
        _without_answer(message, error, desk)
        return
    desk.strikes = 0
    with writing(SYSTEM) as session:
        absent_s = getattr(desk.channel, "absent_after_s", None)
        if accepted is None and absent_s is None:
            message_cases.unclear(session, message, desk.means.now())
        elif accepted is None:
            sending.let_go(session, message=message, due_at=desk.means.now() + timedelta(seconds=absent_s or 0))
        else:
            sending.answered(session, message=message, provider_id=accepted.provider_id, at=desk.means.now())


def _without_answer(message: Message, error: Exception, desk: Desk) -> None:
    """Nobody knows whether it was sent: it is asked for again where that is safe, and a case where it is not."""
    with writing(SYSTEM) as session:
        if isinstance(error, InterfaceUnavailable) and error.is_untouched:
            sending.not_asked(session, message=message)
        elif desk.can_tell:
            sending.let_go(session, message=message)
        else:
            message_cases.unclear(session, message, desk.means.now())


def _rejected(message: Message, error: SendingRejected, desk: Desk) -> None:
    """It was not sent, and why; what is the account's own matter leaves the message as it was."""
    with writing(SYSTEM) as session:
        if error.kind == ACCOUNT:
            sending.not_asked(session, message=message)
        else:
            words = message_cases.nameless(session, message, error.words)
            sending.failed(session, message=message, kind=error.kind, words=words, at=desk.means.now())
            message_cases.not_told(session, [message.key], at=desk.means.now())
    logger.info("message %d was not taken: %s", message.key, error.kind)
    if error.kind == ACCOUNT:
        raise ConfigurationError(ACCOUNT_REFUSED.format(account=desk.account.code))
