"""E-mail over a real connection with TLS, against the stand-in: what is known not to be sent, and what is not known."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from qianli.channels.live import Finds, Outgoing, Reports, Sends
from qianli.errors import ChannelUnavailable, ConfigurationError, SendingRejected
from qianli.stand_ins.smtp import MailServer

Make = Callable[..., Outgoing]
LIN = "lin@example.com"


@pytest.fixture
def mailing(connected: Callable[..., Any], tmp_path: Path) -> Any:
    @contextmanager
    def serve(**has: Any) -> Iterator[tuple[MailServer, Any]]:
        server = MailServer(**has)
        with server.serving(tmp_path) as certificate:
            yield server, connected("smtp", server.values(certificate))

    return serve


@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_a_letter_arrives(mailing: Any, one: Make, security: str) -> None:
    with mailing(security=security) as (server, adapter):
        assert isinstance(adapter, Sends) and not isinstance(adapter, Finds | Reports)  # noqa: PT018
        message = one(to=LIN, template="请确认收到", text="林晓：\n.\n您好", url="https://kit.example/r/A3KQ7")
        assert adapter.check(message) == ""
        assert adapter.send(message).provider_id == adapter.send(message).provider_id
        first, second = server.letters
    assert (first["Subject"], first["To"], first["Auto-Submitted"]) == ("请确认收到", LIN, "auto-generated")
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content().replace("\r\n", "\n") == "林晓：\n.\n您好\n\nhttps://kit.example/r/A3KQ7\n"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("550 5.1.1 <lin@example.com>: no such user", "number"),
        ("550 no such user", "number"),
        ("552 5.2.2 mailbox full", "number"),
        ("554 5.7.1 blocked by policy", "blocked"),
        ("501 syntax", "other"),
    ],
)
def test_a_receiver_that_is_refused(mailing: Any, one: Make, reply: str, kind: str) -> None:
    with mailing(replies={LIN: reply}) as (server, adapter), pytest.raises(SendingRejected) as refused:
        adapter.send(one(to=LIN))
    assert (refused.value.kind, server.letters) == (kind, [])
    assert LIN not in refused.value.message


@pytest.mark.parametrize(
    ("reply", "kind"),
    [("552 5.3.4 too big", "content"), ("554 5.7.1 spam", "content"), ("550 spam", "content")],
)
def test_a_letter_that_is_refused(mailing: Any, one: Make, reply: str, kind: str) -> None:
    with mailing(of_content=reply) as (_, adapter), pytest.raises(SendingRejected) as refused:
        adapter.send(one(to=LIN))
    assert refused.value.kind == kind


@pytest.mark.parametrize("has", [{"replies": {LIN: "450 4.2.0 greylisted"}}, {"of_content": "451 4.3.0 later"}])
def test_later_is_known_not_to_be_sent(mailing: Any, one: Make, has: dict[str, Any]) -> None:
    with mailing(**has) as (server, adapter), pytest.raises(ChannelUnavailable) as later:
        adapter.send(one(to=LIN))
    assert (later.value.is_untouched, server.letters) == (True, [])


@pytest.mark.parametrize(("cut", "taken"), [("before", 0), ("after", 1)])
def test_what_is_lost_at_the_last_dot_is_not_known(mailing: Any, one: Make, cut: str, taken: int) -> None:
    with mailing(cut=cut) as (server, adapter), pytest.raises(ChannelUnavailable) as lost:
        adapter.send(one(to=LIN))
    assert not lost.value.is_untouched
    assert len(server.letters) == taken


def test_a_server_that_is_not_there_has_sent_nothing(connected: Callable[..., Any], one: Make) -> None:
    values = {"host": "127.0.0.1", "port": "9", "sender": "notices@example.org", "security": "starttls"}
    with pytest.raises(ChannelUnavailable) as away:
        connected("smtp", values).send(one(to=LIN))
    assert away.value.is_untouched


def test_login_sender_and_certificate_are_the_accounts_matter(
    mailing: Any, connected: Callable[..., Any], one: Make, tmp_path: Path
) -> None:
    with mailing() as (server, _):
        good = server.values(tmp_path / "mail.crt")
        for wrong in ({"password": "x"}, {"sender": "else@example.org"}, {"ca_file": ""}, {"username": ""}):
            with pytest.raises(SendingRejected) as refused:
                connected("smtp", good | wrong).send(one(to=LIN))
            assert refused.value.kind == "account"


@pytest.mark.parametrize(
    "wrong",
    [{"port": "0"}, {"port": "smtp"}, {"port": "99999"}, {"security": "tls"}, {"sender": "x"},
     {"security": "none", "host": "mail.example.org"}],
)  # fmt: skip
def test_settings_that_cannot_be_meant_are_a_sentence(connected: Callable[..., Any], wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        connected("smtp", {"host": "127.0.0.1", "sender": "notices@example.org"} | wrong)
