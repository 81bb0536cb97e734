"""E-mail over SMTP (RFC 5321), with TLS from the start or by STARTTLS. Off until an account is in settings.

A mail server knows no key: the Message-ID is made of ours, which lets a mailbox hide a second copy but stops nobody
from sending one. Its answer after the last dot is what counts: what fails before that was not sent, and what is lost
in between is not known. There are no reports: a letter that bounces comes back to the sender's mailbox, for a person.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_address

from qianli.channels import smtp_letter as letter
from qianli.channels import smtp_replies as replies
from qianli.channels.live import Accepted, Outgoing, To
from qianli.errors import ChannelUnavailable, ConfigurationError
from qianli.interfaces.accounts import Account, Need
from qianli.interfaces.wire import Limit, Wire

NAME = "电子邮件"
TO = To.email
#: The mail server that is set up is the organisation's own, or one it has a contract with.
THIRD_PARTY = True
DATA = "邮箱地址、邮件文字"
NEEDS = (
    Need("host", "发件服务器"),
    Need("sender", "发件地址"),
    Need("sender_name", "发件人名称", ""),
    Need("subject", "主题（文字没有自己的主题时用）", "一条通知"),
    Need("username", "登录用户名", ""),
    Need("password", "登录密码或授权码", ""),
    Need("port", "端口", "465"),
    Need("security", "加密方式（ssl、starttls，本机测试可用 none）", "ssl"),
    Need("ca_file", "自建证书机构的证书文件", ""),
)
SEND = "smtp_send"
#: Nothing is published; more at a time is taken for a flood by many servers.
LIMITS = {SEND: Limit(SEND, per_minute=60)}
SECURITY = ("ssl", "starttls", "none")
TIMEOUT_S = 30
TAKEN = 250


class Smtp:
    """Sends one letter a call, over a connection of its own."""

    takes_key = False

    def __init__(self, account: Account, wire: Wire, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._account, self._wire, self._now = account, wire, now
        self._sender = letter.Sender(self._value("sender"), self._value("sender_name"), self._value("subject"))

    def check(self, one: Outgoing) -> str:
        """Why it could not be sent, as a sentence; or nothing."""
        return letter.problem(one, self._sender)

    def send(self, one: Outgoing) -> Accepted:
        """Send it; what the server calls it is not looked at, the Message-ID is."""
        content = letter.message_of(one, self._sender, self._now())
        self._wire.acquire(LIMITS[SEND])
        with self._connected() as server:
            try:
                _envelope(server, self._sender.address, one.to)
            except (smtplib.SMTPException, OSError) as error:
                raise replies.before(error) from None
            _hand_over(server, content)
        return Accepted(letter.message_id(one.key, self._sender))

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._open()
        except (smtplib.SMTPException, OSError) as error:
            raise replies.before(error) from None
        try:
            yield server
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _open(self) -> smtplib.SMTP:
        host, port, security = self._value("host"), int(self._value("port")), self._value("security")
        ours = self._sender.address.rpartition("@")[2]  # what we say we are called: looking it up may take long
        context = ssl.create_default_context(cafile=self._value("ca_file") or None)
        if security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, local_hostname=ours, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(host, port, local_hostname=ours, timeout=TIMEOUT_S)
        try:
            if security == "starttls":
                server.starttls(context=context)
            if self._value("username"):
                server.login(self._value("username"), self._value("password"))
        except BaseException:
            server.close()
            raise
        return server

    def _value(self, key: str) -> str:
        return self._account.value(NEEDS, key)


def _envelope(server: smtplib.SMTP, sender: str, receiver: str) -> None:
    """From whom to whom; nothing is sent by this."""
    server.ehlo_or_helo_if_needed()
    status, reply = server.mail(sender)
    if status != TAKEN:
        raise smtplib.SMTPSenderRefused(status, reply, sender)
    status, reply = server.rcpt(receiver)
    if status not in {TAKEN, 251}:
        raise smtplib.SMTPRecipientsRefused({receiver: (status, reply)})


def _hand_over(server: smtplib.SMTP, content: bytes) -> None:
    """The letter itself. Its refusal is as good as an answer; silence is none."""
    try:
        status, reply = server.data(content)
    except smtplib.SMTPDataError as error:  # the word DATA was refused
        raise replies.error_of_content(error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPException, OSError) as error:
        lost = f"邮件交给服务器时断了（{type(error).__name__}），是否已经发出不能确定。"
        raise ChannelUnavailable(lost) from None
    if status != TAKEN:
        raise replies.error_of_content(status, reply)


def connect(account: Account, wire: Wire) -> Smtp:
    """The mail server under this account; ConfigurationError for a port, a security or a sender that are none."""
    host, port = account.value(NEEDS, "host"), account.value(NEEDS, "port")
    security = account.value(NEEDS, "security")
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536):  # noqa: PLR2004
        raise ConfigurationError("邮件账号的 port 应当是端口号，请核对设置。")
    if security not in SECURITY or (security == "none" and not _is_here(host)):
        raise ConfigurationError("邮件账号的 security 只能是 ssl 或 starttls（none 只可用于本机），请核对设置。")
    if not letter.is_address(account.value(NEEDS, "sender")):
        raise ConfigurationError("邮件账号的 sender 应当是完整的邮箱地址，请核对设置。")
    return Smtp(account, wire)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
