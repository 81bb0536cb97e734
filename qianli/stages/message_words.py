"""What a message says and whom it goes to, worked out when it is sent; and why it is not to be sent after all."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from models import ConsignmentState, MessageEnd, MessagePurpose
from qianli.campaigns import words
from qianli.channels.live import Outgoing, To
from qianli.channels.texts import CAMPAIGN_WORDS, text
from qianli.errors import ConfigurationError
from qianli.receipts.codes import make_code
from qianli.settings import settings
from qianli.stages import study_paths
from qianli.stages.codes import key
from qianli.stages.unit import today
from qianli.store.message_facts import Standing
from qianli.store.transitions import ANSWERED

NO_ADDRESS = "这条消息要带链接，请先设置 QIANLI_PUBLIC_URL。"
#: Of what is followed up: not answered, and not over.
OPEN = (ConsignmentState.under_way, ConsignmentState.held)
#: Where the ledger keeps what is no telephone number.
WRITTEN_AS: dict[To, tuple[str, ...]] = {
    To.email: ("电子邮箱", "邮箱", "email", "Email", "E-mail"),
    To.openid: ("openid", "OpenID"),
}
#: Purpose → the path of the link in it, for those that are about more than a consignment.
LINKS: Mapping[MessagePurpose, Callable[[Standing], str]] = {MessagePurpose.study: study_paths.of_notice}


def why_not(one: Standing, to: To) -> MessageEnd | None:
    """Why it is not to be sent, as things stand now; None if it is."""
    state, is_to_group = one.consignment_state, one.message.member_id is None
    last_day = one.message.details.get("until_on")
    is_late = last_day is not None and today() > date.fromisoformat(last_day)
    is_follow_up = one.message.purpose in (MessagePurpose.follow_up, MessagePurpose.notice)
    reasons = {
        MessageEnd.confirmed: state in ANSWERED,
        MessageEnd.not_named: not one.is_named,
        MessageEnd.over: one.is_over or is_late or (is_follow_up and state is not None and state not in OPEN),
        MessageEnd.gone: one.is_gone and (not is_to_group or to is not To.group),
        MessageEnd.do_not_contact: not is_to_group and not one.may_be_told,
        MessageEnd.no_number: to is not To.group and not receiver(one, to),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def receiver(one: Standing, to: To) -> str:
    """Whom the channel knows the member by; empty for a group, and for a member it cannot know."""
    return known_as(one.phone, one.details, to)


def known_as(phone: str | None, details: Mapping[str, Any], to: To) -> str:
    """The same of any member, by what the ledger holds."""
    if to is To.phone:
        return phone or ""
    return next((str(details[name]) for name in WRITTEN_AS.get(to, ()) if details.get(name)), "")


def receiver_hash(to: str) -> str:
    """What is stored instead, to see whether the number has changed since it was asked for."""
    secret = settings().secret.get_secret_value().encode()
    return hmac.new(secret, f"qianli receiver {to}".encode(), hashlib.sha256).hexdigest()


def outgoing(one: Standing, to: To, *, template: str = "") -> Outgoing:
    """The message itself."""
    if one.message.text_code == CAMPAIGN_WORDS:
        return _of_campaign(one, to, template)
    message, said = one.message, text(one.message.text_code)
    url = link(one) if "link" in said.values else ""
    given: Mapping[str, str] = {name: str(value) for name, value in message.details.items()} | {"link": url}
    values = {name: given[name] for name in said.values}
    return Outgoing(message.sending_key, receiver(one, to), template, values, said.fill(given), url)


def _of_campaign(one: Standing, to: To, template: str) -> Outgoing:
    """The words of the campaign, with this member's values in the order they stand in."""
    names = words.placeholders(one.words)
    url = link(one) if words.LINK in names else ""
    given = words.values_of(
        name=one.name, organisation=one.organisation, sender=one.owner, phone=one.sender_phone, link=url
    )
    values = {name: given[name] for name in names}
    return Outgoing(one.message.sending_key, receiver(one, to), template, values, words.told(one.words, given), url)


def link(one: Standing) -> str:
    """The short link in it: a page of the member's own, or the one its details name."""
    base = settings().public_url
    if not base:
        raise ConfigurationError(NO_ADDRESS)
    if "path" in one.message.details:
        return base.rstrip("/") + str(one.message.details["path"])
    if one.message.purpose in LINKS:
        return base.rstrip("/") + LINKS[one.message.purpose](one)
    if one.message.consignment_id is None or one.code_key_id is None or one.code_generation is None:
        return base
    code = make_code(key(one.code_key_id), one.message.consignment_id, one.code_generation)
    return f"{base.rstrip('/')}/r/{code}"
