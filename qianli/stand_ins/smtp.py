"""A stand-in for a mail server (RFC 5321), strict about order, TLS and login, on loopback.

It speaks with a certificate of its own, which a client has to be told of (`ca_file`). What it says to whom can be set:
`replies` by receiver's address, `of_content` for every letter; `cut` ends connections before, or after, a letter was
taken without a word of it.
"""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from qianli.stand_ins.inbox import Shown

LONGEST_LINE, LARGEST = 2000, 1_000_000
HOST = "127.0.0.1"


@dataclass
class MailServer:
    """A mail server: who may send, what it refuses, what it took."""

    username: str = "notices@example.org"
    password: str = "stand-in-password"  # noqa: S105 - nobody\'s
    security: Literal["ssl", "starttls", "none"] = "starttls"
    replies: dict[str, str] = field(default_factory=dict)
    of_content: str = ""
    cut: Literal["", "before", "after"] = ""
    inbox: list[Shown] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    def values(self, ca_file: Path) -> dict[str, str]:
        """What an account with it has to be given."""
        own = {"host": HOST, "port": str(self.port), "security": self.security, "ca_file": str(ca_file)}
        return own | {"username": self.username, "password": self.password, "sender": self.username}

    @contextmanager
    def serving(self, folder: Path) -> Iterator[Path]:
        """Serve it while the block runs; the answer is the file with the certificate to trust."""
        certificate, key = _certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with _Server((HOST, 0), _Session) as server:
            server.mail, server.context = self, context
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            yield certificate
            server.shutdown()
            thread.join()

    def take(self, receiver: str, content: bytes) -> None:
        """A letter that was accepted."""
        message = message_from_bytes(content, policy=policy.default)
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        self.letters.append(message)
        shown = f"{message['Subject']}\n{text.strip()}"
        self.inbox.append(Shown(receiver, str(message["From"]), shown, "邮件", str(message["Message-ID"])))


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mail: MailServer
    context: ssl.SSLContext

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no matter of ours."""


class _Session(socketserver.BaseRequestHandler):
    """One connection, from greeting to QUIT."""

    server: _Server

    def handle(self) -> None:
        """Speak until the end."""
        self._mail = self.server.mail
        self._secure = self._mail.security == "none"
        self._known = not self._mail.username
        self._sender = self._receiver = ""
        if self._mail.security == "ssl":
            self._encrypt()
        self._say("220 mail.example.org ESMTP")
        while line := self._file.readline(LONGEST_LINE):
            word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            act = getattr(self, f"_on_{word.lower()}", None)
            if act is None:
                self._say("502 5.5.1 Unrecognized command")
            elif act(rest) is False:
                return

    def setup(self) -> None:
        """The connection as a file."""
        self._socket = self.request
        self._file = self._socket.makefile("rb")

    def finish(self) -> None:
        """Close what was opened, if only half of it."""
        with suppress(OSError):
            self._file.close()
            self._socket.close()

    def _encrypt(self) -> None:
        self._file.close()
        self._socket = self.server.context.wrap_socket(self._socket, server_side=True)
        self._file = self._socket.makefile("rb")
        self._secure = True

    def _say(self, reply: str) -> None:
        self._socket.sendall(reply.encode() + b"\r\n")

    def _on_ehlo(self, _name: str) -> None:
        offered = ["mail.example.org", "SIZE 1000000", "ENHANCEDSTATUSCODES"]
        offered += ["STARTTLS"] if not self._secure else []
        offered += ["AUTH PLAIN"] if self._secure else []
        for one in offered[:-1]:
            self._say(f"250-{one}")
        self._say(f"250 {offered[-1]}")

    def _on_starttls(self, _rest: str) -> None:
        self._say("220 2.0.0 Ready to start TLS")
        self._encrypt()

    def _on_auth(self, rest: str) -> None:
        method, _, given = rest.partition(" ")
        if not self._secure or method.upper() != "PLAIN":
            return self._say("504 5.5.4 Unrecognized authentication type")
        wanted = f"\0{self._mail.username}\0{self._mail.password}"
        if base64.b64decode(given).decode() != wanted:
            return self._say("535 5.7.8 Error: authentication failed")
        self._known = True
        return self._say("235 2.7.0 Authentication successful")

    def _on_mail(self, rest: str) -> None:
        if not self._secure or not self._known:
            return self._say("530 5.7.0 Authentication required")
        self._sender = _path(rest)
        if self._sender != self._mail.username:
            return self._say("553 5.1.8 Sender address rejected: not owned by user")
        return self._say("250 2.1.0 Ok")

    def _on_rcpt(self, rest: str) -> None:
        if not self._sender:
            return self._say("503 5.5.1 Error: need MAIL command")
        receiver = _path(rest)
        reply = self._mail.replies.get(receiver, "250 2.1.5 Ok")
        self._receiver = receiver if reply.startswith("250") else ""
        return self._say(reply)

    def _on_data(self, _rest: str) -> bool:
        if not self._receiver:
            self._say("503 5.5.1 Error: need RCPT command")
            return True
        self._say("354 End data with <CR><LF>.<CR><LF>")
        content = self._content()
        if self._mail.cut == "before" or content is None:
            return False
        if self._mail.of_content:
            self._say(self._mail.of_content)
            return True
        self._mail.take(self._receiver, content)
        if self._mail.cut == "after":
            return False
        self._say("250 2.0.0 Ok: queued as 4B1C2")
        return True

    def _on_rset(self, _rest: str) -> None:
        self._sender = self._receiver = ""
        self._say("250 2.0.0 Ok")

    def _on_quit(self, _rest: str) -> bool:
        self._say("221 2.0.0 Bye")
        return False

    def _content(self) -> bytes | None:
        lines: list[bytes] = []
        size = 0
        while line := self._file.readline(LONGEST_LINE):
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            size += len(line)
            if size > LARGEST:
                return None
        return None


def _path(rest: str) -> str:
    """The address in `FROM:<a@b> SIZE=…`."""
    return rest.partition("<")[2].partition(">")[0]


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for loopback, good for a day, and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Qianli stand-in mail server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files = folder / "mail.crt", folder / "mail.key"
    files[0].write_bytes(certificate.public_bytes(pem))
    files[1].write_bytes(private)
    return files
