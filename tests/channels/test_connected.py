"""Accounts with channels are read like couriers', and say what they miss."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from qianli.channels.connected import CHANNEL, wire
from qianli.errors import ChannelUnavailable, ConfigurationError
from qianli.interfaces.accounts import Need, read_accounts
from qianli.interfaces.connected import Registry
from qianli.interfaces.wire import Limit, Wire

PIGEON = SimpleNamespace(NAME="信鸽", NEEDS=(Need("loft", "鸽舍"),), LIMITS={}, connect=lambda account, _wire: account)
REGISTRY = Registry({"pigeon": cast("Any", PIGEON)}, "QIANLI_CHANNELS", "消息渠道")


def test_an_account_is_its_channels_unless_it_says_otherwise() -> None:
    found = read_accounts(
        {"white": {"channel": SecretStr("pigeon"), "template_receipt": SecretStr("7")}}, named=CHANNEL
    )
    assert (found["white"].module, found["white"].further("template_receipt")) == ("pigeon", "7")
    with pytest.raises(ConfigurationError, match="信鸽的账号还缺：鸽舍（QIANLI_CHANNELS__WHITE__LOFT）"):
        REGISTRY.connect(found["white"], Wire())


def test_a_channel_nobody_knows_is_a_sentence() -> None:
    with pytest.raises(ConfigurationError, match=r"QIANLI_CHANNELS 里的“smoke”没有接口；有接口的消息渠道：pigeon"):
        REGISTRY.connections(read_accounts({"smoke": {}}, named=CHANNEL))


def test_a_channel_that_does_not_answer_is_a_channel() -> None:
    with pytest.raises(ChannelUnavailable, match="消息渠道的接口没有应答"):
        wire().get("http://127.0.0.1:9/", {}, limit=Limit("send"))
