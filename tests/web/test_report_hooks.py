"""Delivery reports over real HTTP: stored before they are read, refused when they are not authentic, heard once."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from sqlmodel import select

from models import CourierPush, Message, MessagePurpose
from qianli.settings import settings
from qianli.stages import messages, pushes
from qianli.stages.unit import reading, writing
from qianli.stand_ins.aliyun_sms import AliyunCloud
from qianli.stand_ins.tencent_sms import TencentCloud
from qianli.stand_ins.wechat_template import Followed
from qianli.web.testing import Site

TOKEN = "sesame-open"  # noqa: S105
CHANNELS = ("tencent_sms", "aliyun_sms", "wechat_template")
CHAT = "<xml><MsgType>text</MsgType><Content>我住三零二室</Content></xml>"


@pytest.fixture
def reporting(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site, with three channels' accounts and a message sent by each."""
    away = "http://127.0.0.1:1"
    accounts = {
        "tencent_sms": TencentCloud().values(away) | {"push_token": TOKEN},
        "aliyun_sms": AliyunCloud().values(away) | {"push_token": TOKEN},
        "wechat_template": Followed().values(away),
    }
    monkeypatch.setenv("QIANLI_CHANNELS", json.dumps(accounts))
    settings.cache_clear()
    rows = [
        {
            "sending_key": f"key-{code}", "purpose": MessagePurpose.follow_up, "campaign_id": site.world.campaign,
            "organisation_id": site.world.organisation, "consignment_id": consignment, "member_id": member,
            "channel": code, "text_code": "receipt_ask", "due_at": datetime.now(UTC),
        }
        for code, consignment, member in zip(CHANNELS, site.world.consignments, site.world.members, strict=False)
    ]  # fmt: skip
    with writing("user:test") as session:
        messages.queue(session, rows)
        for message in session.exec(select(Message)):
            message.asked_at = message.answered_at = datetime.now(UTC)
            message.provider_id = f"77{message.key}"
    yield site
    settings.cache_clear()


def found() -> dict[str, Message]:
    with reading() as session:
        return {one.channel: one for one in session.exec(select(Message))}


def stored() -> list[CourierPush]:
    with reading() as session:
        return list(session.exec(select(CourierPush)))


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def test_what_channels_report_comes_to_the_messages(reporting: Site) -> None:
    rows = found()
    tencent, aliyun, account = TencentCloud(), AliyunCloud(), Followed()
    tencent.sent[rows["tencent_sms"].provider_id or ""] = ("+8613800000001", "", now())
    aliyun.sent["900^0"] = {"PhoneNum": "1", "SendDate": "", "OutId": "key-aliyun_sms"}
    good = tencent.report_of(rows["tencent_sms"].provider_id or "")
    for _ in range(2):
        assert tencent.push(f"{reporting.url}/hooks/tencent_sms?token={TOKEN}", good)
    assert aliyun.push(f"{reporting.url}/hooks/aliyun_sms?token={TOKEN}", aliyun.report_of("900^0", "MK:0001", "空号"))
    wechat = f"{reporting.url}/hooks/wechat_template"
    event = account.event_of("oia2", rows["wechat_template"].provider_id or "", "failed:user block")
    assert account.push(wechat, event)
    assert account.push(wechat, CHAT.encode())  # taken, and not kept
    assert not account.push(wechat, event, token=TOKEN)
    assert not account.push(wechat, event, at=now() - timedelta(minutes=11))
    assert [one.read_at for one in stored()] == [None] * 4
    pushes.run()
    assert pushes.shards() == []
    assert [(one.said, one.problem) for one in stored()] == [(1, "")] * 4
    told = found()
    assert told["tencent_sms"].delivered_at is not None
    assert (told["aliyun_sms"].failure_kind, told["aliyun_sms"].failure_words) == ("undelivered", "MK:0001 空号")
    assert (told["wechat_template"].failed_at is not None, told["aliyun_sms"].delivered_at) == (True, None)
    assert "三零二" not in repr([one.body.decode() for one in stored()])


@pytest.mark.parametrize("account", ["tencent_sms", "aliyun_sms"])
def test_hostile_reports_are_refused_or_kept_unread(reporting: Site, account: str) -> None:
    url = f"/hooks/{account}"
    for wrong in ("", "?token=", f"?token={TOKEN}x", f"?TOKEN={TOKEN}", "?token=%00%ff"):
        assert reporting.ask("POST", url + wrong, data=b"[]").status_code == 403
    assert stored() == []
    hostile = [b"", b"\xff\xfe", b"[" * 50_000, b"{}", b"[null]", b'[{"sid": {}, "biz_id": 1}]', b"\x00"]
    for body in hostile:
        assert reporting.ask("POST", f"{url}?token={TOKEN}", data=body).ok
    pushes.run()
    assert pushes.shards() == []
    assert {one.said for one in stored()} == {0}
    assert [bool(one.problem) for one in stored()] == [True, True, True, True, False, False, True]


def test_an_official_account_is_greeted_and_nobody_else(reporting: Site) -> None:
    seen: list[requests.Response] = []
    account = Followed()
    ask = _asking(account, reporting)
    seen = [ask(account.token), ask("another")]
    assert [(one.status_code, one.text) for one in seen[:1]] == [(200, "echo-7")]
    assert seen[0].headers["content-type"].startswith("text/plain")
    assert seen[1].status_code == 403
    assert reporting.get("/hooks/tencent_sms").status_code == 405
    assert reporting.get("/hooks/nobody").status_code == 404


def _asking(account: Followed, site: Site) -> Callable[[str], requests.Response]:
    def ask(token: str) -> requests.Response:
        query = account.signed(token) | {"echostr": "echo-7"}
        return requests.get(f"{site.url}/hooks/wechat_template", params=query, timeout=30)

    return ask
