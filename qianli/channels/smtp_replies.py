"""What a mail server's replies come to, as data: by status (RFC 5321) and enhanced status (RFC 3463).

A reply that begins with 4 asks to come again: nothing was taken. One that begins with 5 is for good. Their sentences
name addresses and are kept as words, never shown in ours.
"""

import re
import smtplib
import ssl

from qianli.channels.refusals import ACCOUNT, BLOCKED, BUSY, CONTENT, NUMBER, refusal
from qianli.errors import ChannelUnavailable, InterfaceError, SendingRejected

NAME = "邮件服务器"
ENHANCED = re.compile(r"\b[45]\.(\d{1,3})\.(\d{1,3})\b")
#: Subject and detail of an enhanced status → kind. 5.1.x addresses, 5.2.x mailboxes, 5.3.x size, 5.7.x policy.
DETAILS = {
    ("1", "8"): ACCOUNT,  # bad sender's address
    ("2", "3"): CONTENT,  # too long for this mailbox
    ("3", "4"): CONTENT,  # too big
    ("6", "0"): CONTENT,
    ("7", "8"): ACCOUNT,  # authentication
    ("7", "9"): ACCOUNT,
}
SUBJECTS = {"1": NUMBER, "2": NUMBER, "5": ACCOUNT, "7": BLOCKED}
#: Where there is no enhanced status.
STATUSES = {550: NUMBER, 551: NUMBER, 552: CONTENT, 553: NUMBER, 554: BLOCKED}
FINAL = 500
#: Of login and encryption, whatever else they say (RFC 4954, RFC 3207).
LOGIN = {530, 534, 535, 538}


def kind_of(status: int, words: str) -> str:
    """Ours for a reply."""
    if status < FINAL:
        return BUSY
    if status in LOGIN:
        return ACCOUNT
    found = ENHANCED.search(words)
    if found:
        subject, detail = found.groups()
        return DETAILS.get((subject, detail)) or SUBJECTS.get(subject) or STATUSES.get(status, "other")
    return STATUSES.get(status, "other")


def error_of(status: int, reply: bytes | str) -> InterfaceError:
    """The error a reply stands for."""
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return refusal(NAME, str(status), {str(status): kind_of(status, words)}, words.replace("\0", "")[:200])


def error_of_content(status: int, reply: bytes | str) -> InterfaceError:
    """The error a reply to the letter itself stands for: refused here, it is what is in it that is not wanted."""
    words = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    if status >= FINAL and not (ENHANCED.search(words) and kind_of(status, words) != BLOCKED):
        return refusal(NAME, str(status), {str(status): CONTENT}, words.replace("\0", "")[:200])
    return error_of(status, words)


#: What went wrong before there was a reply to speak of, and its sentence: the account's matter.
WRONG = (
    (ssl.SSLCertVerificationError, "的证书不能核实，请核对主机名，或在设置里填 ca_file。"),
    (smtplib.SMTPNotSupportedError, "不支持所设的加密或登录方式，请核对 security 和端口。"),
)


def before(error: Exception) -> InterfaceError:
    """The error that kept us from handing the letter over: it was not sent."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((status, reply),) = list(error.recipients.values())[:1]
        return error_of(status, reply)
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        own = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError)
        if own and error.smtp_code >= FINAL:
            return refusal(NAME, str(error.smtp_code), {str(error.smtp_code): ACCOUNT})
        return error_of(error.smtp_code, error.smtp_error)
    for kind, sentence in WRONG:
        if isinstance(error, kind):
            return SendingRejected(f"{NAME}{sentence}", kind=ACCOUNT)
    return ChannelUnavailable(f"{NAME}没有应答（{type(error).__name__}），稍后会再发。", is_untouched=True)
