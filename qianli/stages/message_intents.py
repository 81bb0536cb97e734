"""Before a message is sent: it is claimed and looked at again, and that its channel is asked is written down."""

from datetime import datetime

from sqlmodel import Session

from models import Message, MessageEnd
from qianli.campaigns.ladder import narrowed
from qianli.campaigns.sending import WEEK, Rules, next_moment
from qianli.channels.connected import REGISTRY
from qianli.channels.live import Outgoing
from qianli.errors import ConfigurationError
from qianli.settings import settings
from qianli.stages import message_cases
from qianli.stages.calendar import calendar
from qianli.stages.message_desk import Desk
from qianli.stages.message_words import outgoing, receiver_hash, why_not
from qianli.stages.unit import SYSTEM, local, writing
from qianli.store import message_facts
from qianli.store import message_sending as store

#: Reasons not to send that leave somebody untold for whom nothing else is on its way.
UNTOLD = (MessageEnd.no_number, MessageEnd.do_not_contact, MessageEnd.not_named)
NO_TEMPLATE = "{name}只发审核过的模板，文本“{text}”还没有模板编号：请设置 {variable}。"


def intended(message_id: int, desk: Desk) -> tuple[Message, Outgoing] | None:
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


def _still(session: Session, message: Message, desk: Desk) -> Outgoing | None:
    """The message, if it is to be sent now; else None, and it is put off, cancelled, failed or unclear."""
    at, asked_before = desk.means.now(), message.asked_at is not None
    is_forgotten = message.asked_at is not None and not desk.may_ask_again(message.asked_at, at)
    (standing,) = message_facts.standing(session, ids=[message.key], lock_members=True)
    one = None
    if is_forgotten:
        message_cases.unclear(session, message, at)
    elif reason := why_not(standing, desk.to):
        store.cancelled(session, message=message, reason=reason, at=at)
        if reason in UNTOLD:
            message_cases.not_told(session, [message.key], at=at)
    elif (moment := _moment(session, message, desk, local(at))) > at:
        store.let_go(session, message=message, due_at=moment)
    else:
        one = outgoing(standing, desk.to, template=_template(message, desk))
    if one and asked_before and message.receiver_hash != receiver_hash(one.to):
        message_cases.unclear(session, message, at)  # asked for under another number: neither is asked for again
        return None
    if one and (problem := desk.channel.check(one)):
        store.failed(session, message=message, kind="content", words=problem, at=at)
        message_cases.not_told(session, [message.key], at=at)
        return None
    return one


def _moment(session: Session, message: Message, desk: Desk, at: datetime) -> datetime:
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


def _template(message: Message, desk: Desk) -> str:
    """The provider's id of the text; ConfigurationError for a channel that sends nothing without one."""
    key = f"template_{message.text_code}"
    found = str(message.details.get("template", "")) or desk.account.further(key)
    module = REGISTRY.modules[desk.account.module]
    if not found and getattr(module, "TEMPLATES", False):
        variable = f"QIANLI_CHANNELS__{desk.account.code}__{key}".upper()
        raise ConfigurationError(NO_TEMPLATE.format(name=module.NAME, text=message.text_code, variable=variable))
    return found
