"""An e-mail as it goes over the wire: pure. Plain text, one receiver, nothing that is loaded from elsewhere."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from qianli.channels.live import Outgoing
from qianli.channels.reading import ZONE
from qianli.channels.templates import read

LONGEST_SUBJECT, LONGEST_TEXT = 80, 20_000
#: Neither quoted local parts nor comments: nobody here has such an address, and header fields are made of it.
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")


@dataclass(frozen=True)
class Sender:
    """Who it is from; `subject` is for messages whose template does not name one."""

    address: str
    name: str
    subject: str


def is_address(text: str) -> bool:
    """Whether it is an e-mail address as people have them."""
    return ADDRESS.fullmatch(text) is not None


def subject_of(one: Outgoing, sender: Sender) -> str:
    """The subject line: an e-mail's template is its subject."""
    return read(one.template).id or sender.subject


def message_id(key: str, sender: Sender) -> str:
    """The same for the same key, so that a mailbox that looks at it shows a second copy once; not our key itself."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.address.rpartition('@')[2]}>"


def message_of(one: Outgoing, sender: Sender, at: datetime) -> bytes:
    """The whole letter. `Auto-Submitted` keeps holiday answers away."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=one.to)
    message["Subject"] = subject_of(one, sender)
    message["Date"] = format_datetime(at.astimezone(ZONE))
    message["Message-ID"] = message_id(one.key, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(one.text if not one.url or one.url in one.text else f"{one.text}\n\n{one.url}\n", cte="base64")
    return message.as_bytes()


def problem(one: Outgoing, sender: Sender) -> str:
    """Why it could not be sent, as a sentence; or nothing."""
    subject = subject_of(one, sender)
    if not is_address(one.to):
        return "不是完整的电子邮箱地址，发不了邮件。"
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        return f"邮件的主题要有{LONGEST_SUBJECT}个字以内的一行字，请核对设置。"
    if not one.text.strip():
        return "邮件没有内容。"
    return f"邮件有{len(one.text)}个字，最多{LONGEST_TEXT}个字。" if len(one.text) > LONGEST_TEXT else ""
