"""Template messages over real HTTP: tokens that end, keys that are kept for ten minutes, events that are signed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from qianli.channels import wechat_template
from qianli.channels.live import Finds, Outgoing, Reports, Sends
from qianli.channels.wechat_template_events import signature
from qianli.channels.wechat_token import Tokens
from qianli.errors import ChannelUnavailable, SendingRejected
from qianli.interfaces.pushes import Push
from qianli.stand_ins.faults import Fault
from qianli.stand_ins.serving import serving
from qianli.stand_ins.wechat_template import Followed

from .conftest import Clock

Make = Callable[..., Outgoing]
OPENID = "oia2TjuEGTNoeX76QEjQNrcURxG8"
TEMPLATE = "T1:thing1=name,character_string2=code"


@pytest.fixture
def followed(
    connected: Callable[..., Any], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Followed, Any]]:
    monkeypatch.setattr(wechat_template, "TOKENS", Tokens())
    account = Followed(followers={OPENID}, templates={"T1": "{thing1}：已送达，确认码{character_string2}"}, now=clock)
    with serving(account.app()) as url:
        yield account, connected("wechat_template", account.values(url))


@pytest.fixture
def message(one: Make) -> Outgoing:
    return one(to=OPENID, template=TEMPLATE, url="https://kit.example/r/A3KQ7")


def test_one_key_is_one_message_and_one_token_serves_many(
    followed: tuple[Followed, Any], message: Outgoing, one: Make
) -> None:
    account, adapter = followed
    assert isinstance(adapter, Sends) and isinstance(adapter, Reports) and not isinstance(adapter, Finds)  # noqa: PT018
    assert adapter.check(message) == ""
    account.faults.arm(Fault.broken_after, containing=b"touser")
    with pytest.raises(ChannelUnavailable):
        adapter.send(message)
    first = adapter.send(message)
    assert adapter.send(message) == first
    adapter.send(one(key="another", to=OPENID, template=TEMPLATE))
    assert [shown.text for shown in account.inbox] == ["林晓：已送达，确认码A3KQ7"] * 2
    assert account.inbox[0].url == message.url
    assert account.fetched == 1


def test_beyond_ten_minutes_its_key_promises_nothing(
    followed: tuple[Followed, Any], message: Outgoing, clock: Clock
) -> None:
    account, adapter = followed
    adapter.send(message)
    clock.at += timedelta(seconds=adapter.key_kept_s)
    adapter.send(message)
    assert len(account.inbox) == 1
    clock.at += timedelta(minutes=1)
    adapter.send(message)
    assert len(account.inbox) == 2


def test_a_token_that_ended_is_fetched_again_once(
    followed: tuple[Followed, Any], message: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, adapter = followed
    adapter.send(message)
    account.end_token()
    adapter.send(message)
    assert account.fetched == 2
    account.calls.clear()
    monkeypatch.setattr(wechat_template.TOKENS, "get", lambda *_: "stale")
    with pytest.raises(SendingRejected) as refused:
        adapter.send(message)
    assert (refused.value.kind, account.calls["send"]) == ("account", 2)


def test_a_token_is_fetched_anew_before_its_end() -> None:
    now, fetched = [0.0], []

    def fetch() -> dict[str, Any]:
        fetched.append(now[0])
        return {"access_token": f"t{len(fetched)}", "expires_in": 7200}

    tokens = Tokens(now_s=lambda: now[0])
    for now[0] in (0.0, 6899.0, 6901.0):
        tokens.get(("url", "app"), fetch)
    tokens.drop(("url", "app"), "t1")  # somebody has another one by now
    assert tokens.get(("url", "app"), fetch) == "t2"
    assert fetched == [0.0, 6901.0]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"to": "oNobodyHere"}, "blocked"),
        ({"to": "x"}, "number"),
        ({"template": "T2"}, "template"),
        ({"values": {"name": "林" * 21, "code": "A"}}, "content"),
    ],
)
def test_every_refusal_has_its_kind(
    followed: tuple[Followed, Any], one: Make, changes: dict[str, Any], kind: str
) -> None:
    account, adapter = followed
    with pytest.raises(SendingRejected) as refused:
        adapter.send(one(**({"to": OPENID, "template": TEMPLATE} | changes)))
    assert (refused.value.kind, account.inbox) == (kind, [])


def test_a_wrong_secret_is_the_accounts_matter(followed: tuple[Followed, Any], message: Outgoing) -> None:
    account, adapter = followed
    account.app_secret = account.app_secret[1:]
    with pytest.raises(SendingRejected) as refused:
        adapter.send(message)
    assert refused.value.kind == "account"


def test_who_refuses_messages_is_blocked_and_a_field_too_long_is_said_before(
    followed: tuple[Followed, Any], message: Outgoing, one: Make
) -> None:
    account, adapter = followed
    account.refusing.add(OPENID)
    with pytest.raises(SendingRejected) as refused:
        adapter.send(message)
    assert refused.value.kind == "blocked"
    long = one(to=OPENID, template=TEMPLATE, values={"name": "林" * 21, "code": "A"})
    assert "20个字以内" in adapter.check(long)
    assert "没有关注" in adapter.check(one(to="", template=TEMPLATE))


def test_events_are_authentic_only_with_our_token_and_soon(followed: tuple[Followed, Any], clock: Clock) -> None:
    account, adapter = followed
    body = account.event_of(OPENID, 7, "failed:user block")

    def signed(token: str, at: str, nonce: str = "n") -> Push:
        return Push(body, query={"signature": signature(token, at, nonce), "timestamp": at, "nonce": nonce})

    now = str(int(clock.at.timestamp()))
    assert adapter.is_authentic(signed(account.token, now))
    (delivery,) = adapter.read_push(signed(account.token, now))
    assert (delivery.provider_id, delivery.delivered, delivery.at) == ("7", False, clock.at)
    greeting = Push(b"", query=dict(signed(account.token, now).query) | {"echostr": "20161028"})
    assert adapter.greeting(greeting).content == b"20161028"
    for wrong in (
        signed("another", now),
        signed(account.token, str(int((clock.at - timedelta(minutes=11)).timestamp()))),
        signed(account.token, "9" * 400),
        signed(account.token, "-1"),
        Push(body),
        Push(body, query={"timestamp": now, "nonce": "\ud800", "signature": "\ud800"}),
    ):
        assert not adapter.is_authentic(wrong)
        assert adapter.greeting(wrong) is None
