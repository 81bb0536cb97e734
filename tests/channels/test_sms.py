"""Both providers of short messages over real HTTP, against their stand-ins: every kind of refusal, found and not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from qianli.channels.live import Finds, Outgoing, Reports, Sends
from qianli.errors import ChannelUnavailable, SendingRejected, UnreadableAnswer
from qianli.interfaces.pushes import Push
from qianli.stand_ins.aliyun_sms import AliyunCloud
from qianli.stand_ins.faults import Fault
from qianli.stand_ins.serving import serving
from qianli.stand_ins.tencent_sms import TencentCloud

from .conftest import Clock

Make = Callable[..., Outgoing]
DAY = date(2026, 11, 30)
TENCENT, ALIYUN = "{1}：物品已送达，确认码{2}", "${name}：物品已送达，确认码${code}"
SHOWN = "【千里传书】林晓：物品已送达，确认码A3KQ7"


@pytest.fixture
def tencent(connected: Callable[..., Any], clock: Clock) -> Any:
    cloud = TencentCloud(templates={"1110": TENCENT}, now=clock)
    with serving(cloud.app()) as url:
        yield cloud, connected("tencent_sms", cloud.values(url) | {"push_token": "sesame"})


@pytest.fixture
def aliyun(connected: Callable[..., Any], clock: Clock) -> Any:
    cloud = AliyunCloud(templates={"1110": ALIYUN}, now=clock)
    with serving(cloud.app()) as url:
        yield cloud, connected("aliyun_sms", cloud.values(url) | {"push_token": "sesame"})


@pytest.fixture(params=["tencent", "aliyun"])
def either(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def kind_of(adapter: Any, message: Outgoing) -> str:
    with pytest.raises(SendingRejected) as refused:
        adapter.send(message)
    assert message.to not in refused.value.message
    return refused.value.kind


def test_it_is_sent_and_reported(either: Any, one: Make) -> None:
    cloud, adapter = either
    assert all(isinstance(adapter, ability) for ability in (Sends, Finds, Reports))
    accepted = adapter.send(one())
    (shown,) = cloud.inbox
    assert (shown.to, shown.text, shown.key) == ("13800000001", SHOWN, "follow-up-1-7")
    push = Push(cloud.report_of(accepted.provider_id), query={"token": "sesame"})
    assert adapter.is_authentic(push)
    assert not adapter.is_authentic(Push(push.body, query={"token": "Sesame"}))
    assert not adapter.is_authentic(Push(push.body, query={"token": "党\ud800"}))
    (delivery,) = adapter.read_push(push)
    assert (delivery.provider_id, delivery.delivered, delivery.at) == (accepted.provider_id, True, cloud.now())


def test_what_was_taken_is_found_under_its_key(either: Any, one: Make) -> None:
    cloud, adapter = either
    cloud.faults.arm(Fault.broken_after)
    with pytest.raises(ChannelUnavailable) as lost:
        adapter.send(one())
    assert not lost.value.is_untouched  # nobody knows
    assert adapter.find(one(), DAY) is not None
    assert len(cloud.inbox) == 1


def test_the_one_that_has_no_key_there_is_not_found(
    tencent: tuple[TencentCloud, Any], aliyun: tuple[AliyunCloud, Any], one: Make
) -> None:
    assert tencent[1].absent_after_s is None  # that no operator reported it proves nothing
    assert tencent[1].find(one(), DAY) is None
    assert aliyun[1].find(one(), DAY) is None
    tencent[0].knows_context = False
    for _, adapter in (tencent, aliyun):
        adapter.send(one(key="another"))
    assert tencent[1].find(one(key="another"), DAY) is None
    assert aliyun[1].find(one(), DAY) is None
    assert aliyun[1].find(one(key="another"), DAY - timedelta(days=1)) is None


def test_a_busy_number_has_many_pages(aliyun: tuple[AliyunCloud, Any], one: Make) -> None:
    cloud, adapter = aliyun
    for number in range(50):
        adapter.send(one(key=f"key-{number}"))
    with pytest.raises(ChannelUnavailable, match="BUSINESS_LIMIT_CONTROL") as busy:  # 50 a day
        adapter.send(one(key="key-50"))
    assert busy.value.is_untouched
    assert adapter.find(one(key="key-49"), DAY) is not None
    assert adapter.find(one(key="key-50"), DAY) is None
    assert cloud.calls["QuerySendDetails"] == 1 + 2  # the second page is empty


REFUSED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"template": "9999"}, "template"),
    ({}, {"values": {"name": "林晓"}}, "template"),
    ({}, {"values": {"name": "www.kit", "code": "A"}}, "content"),
    ({}, {"values": {"name": "林" * 36, "code": "A"}}, "content"),
    ({}, {"values": {"name": "中奖", "code": "A"}}, "content"),
    ({"sign_name": "别的签名"}, {}, "account"),
]


@pytest.mark.parametrize(("cloud_has", "message_has", "kind"), REFUSED)
def test_every_refusal_has_its_kind(
    either: Any, one: Make, cloud_has: dict[str, Any], message_has: dict[str, Any], kind: str
) -> None:
    cloud, adapter = either
    for name, value in cloud_has.items():
        setattr(cloud, name, value)
    assert kind_of(adapter, one(**message_has)) == kind
    assert cloud.inbox == []


def test_what_only_tencent_refuses(tencent: tuple[TencentCloud, Any], one: Make, clock: Clock) -> None:
    cloud, adapter = tencent
    cloud.blacklist.add("+8613800000002")
    assert kind_of(adapter, one(to="13800000002")) == "blocked"
    adapter.send(one())
    with pytest.raises(ChannelUnavailable, match="PhoneNumberThirtySecondLimit") as busy:
        adapter.send(one(key="follow-up-1-8"))
    assert busy.value.is_untouched
    clock.at += timedelta(seconds=30)
    adapter.send(one(key="follow-up-1-8"))
    cloud.balance, cloud.pauses = 0, False
    assert kind_of(adapter, one()) == "account"
    cloud.balance, cloud.sdk_app_id = None, "1400000000"
    assert kind_of(adapter, one()) == "account"


def test_what_only_aliyun_refuses(aliyun: tuple[AliyunCloud, Any], one: Make) -> None:
    cloud, adapter = aliyun
    cloud.out_of_service = True
    assert kind_of(adapter, one()) == "account"


def test_a_wrong_secret_or_clock_is_the_accounts_matter(either: Any, one: Make, clock: Clock) -> None:
    cloud, adapter = either
    right, late = clock.at, clock.at + timedelta(hours=1)
    cloud.now = lambda: late
    assert kind_of(adapter, one()) == "account"
    cloud.now = lambda: right
    for name in ("secret_key", "access_key_secret"):
        setattr(cloud, name, "another")
    assert kind_of(adapter, one()) == "account"
    for name in ("secret_id", "access_key_id"):
        setattr(cloud, name, "another")
    assert kind_of(adapter, one()) == "account"


def test_a_number_it_does_not_know_is_refused_before_and_there(either: Any, one: Make) -> None:
    _, adapter = either
    abroad = one(to="+852 9123 4567")
    assert "手机号码" in adapter.check(abroad)
    assert kind_of(adapter, abroad) == "number"
    assert adapter.check(one()) == ""


def test_a_page_that_is_no_answer_is_not_taken_for_one(connected: Callable[..., Any], one: Make) -> None:
    async def other(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"<html>"})

    with serving(other) as url:
        for module, cloud in (("tencent_sms", TencentCloud()), ("aliyun_sms", AliyunCloud())):
            with pytest.raises(UnreadableAnswer):
                connected(module, cloud.values(url)).send(one())
