"""Which accounts a campaign names, which of them takes a message to one member, and what one to each costs."""

import json
from collections.abc import Iterator

import pytest

from models import Campaign
from qianli.errors import BadInput
from qianli.settings import settings
from qianli.stages import message_channels
from qianli.stand_ins.tencent_sms import TencentCloud
from qianli.stand_ins.wecom_robot import Group


@pytest.fixture(autouse=True)
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    office = TencentCloud().values("") | {"channel": "tencent_sms", "price": "五分"}
    found = {"wecom_robot": Group().values(""), "tencent_sms": TencentCloud().values(""), "office": office}
    monkeypatch.setenv("QIANLI_CHANNELS", json.dumps(found | {"aliyun_sms": {"access_key_id": "only"}}))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize(
    ("named", "takes"),
    [
        ([], "file"),
        (["wecom_robot"], "file"),
        (["wecom_robot", "office", "tencent_sms"], "office"),
        (["aliyun_sms", "tencent_sms"], "tencent_sms"),
        (["file", "office"], "file"),
    ],
)
def test_a_member_is_written_to_through_the_first_that_can(named: list[str], takes: str) -> None:
    assert message_channels.for_members(Campaign(messages=named)) == takes


def test_a_name_that_is_no_account_is_refused() -> None:
    message_channels.refuse_strange(["office", "smtp", "file"])
    with pytest.raises(BadInput, match="“sns”不是消息渠道的账号；可以写：file、"):
        message_channels.refuse_strange(["office", "sns"])


def test_accounts_of_one_third_party_are_told_of_once_and_a_wrong_price_is_said() -> None:
    campaign = Campaign(messages=["office", "tencent_sms", "aliyun_sms"])
    assert [name for name, _ in message_channels.data_goes_to(campaign)] == ["腾讯云短信"]
    assert [one.partition("，")[0] for one in message_channels.costs(campaign, people=3)] == [
        "腾讯云短信（office）的单价写得不对"
    ]
    assert ["“aliyun_sms”" in one for one in message_channels.warnings(campaign)] == [True]
