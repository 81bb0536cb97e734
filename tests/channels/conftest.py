"""Accounts and messages for the channels' tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from qianli.channels.connected import REGISTRY, wire
from qianli.channels.live import Outgoing
from qianli.interfaces.accounts import Account

VALUES = {"name": "林晓", "code": "A3KQ7"}


class Clock:
    """What time it is, for both sides."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 30, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connected(clock: Clock) -> Callable[..., Any]:
    """An adapter under an account with these values, by the stand-in's clock."""

    def connect(module: str, values: dict[str, str], now: Callable[[], datetime] | None = None) -> Any:
        account = Account(module, module, {key: SecretStr(value) for key, value in values.items()})
        adapter = REGISTRY.connect(account, wire())
        return adapter if module == "wecom_robot" else type(adapter)(account, wire(), now or clock)

    return connect


@pytest.fixture
def one() -> Callable[..., Outgoing]:
    """A message, with what is said otherwise of it."""

    def made(**changes: Any) -> Outgoing:
        usual: dict[str, Any] = {"key": "follow-up-1-7", "to": "13800000001", "template": "1110", "values": VALUES}
        return Outgoing(**{**usual, "text": "林晓：物品已送达，确认码A3KQ7", **changes})

    return made
