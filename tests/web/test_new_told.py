"""A campaign by message or by telephone from the console's form: counted, read, registered, prepared and rehearsed."""

import json
import re
from collections.abc import Iterator

import pytest
import requests
from sqlmodel import select

from models import Campaign, CampaignState, Channel, Role
from qianli.settings import settings
from qianli.stages import campaigns
from qianli.stages.steps import run_inline
from qianli.stages.unit import reading
from qianli.stand_ins.tencent_sms import TencentCloud
from qianli.stand_ins.wecom_robot import Group
from qianli.web.catalogue import HAN
from qianli.web.testing import Site, signed_in

FORM = {
    "name": "直播提醒", "code": "ZB-2027", "organisation": "青石镇党委", "planned_delivery": "2027-03-20",
    "managed_as": "home", "lives_in": "福建、浙江", "words": "{姓名}{称谓}您好，3月20日有直播。{落款}",
    "sender_name": "青石镇", "sender_phone": "0851-12345678", "yuan_each": "0.05",
}  # fmt: skip
OTHER_TREE = "河东街道党工委"


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One account with short messages, one with a group's robot."""
    there = {"robot": Group().values("") | {"channel": "wecom_robot"}, "tencent_sms": TencentCloud().values("")}
    monkeypatch.setenv("QIANLI_CHANNELS", json.dumps(there))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("channel", [Channel.message, Channel.phone])
def test_a_campaign_is_counted_read_and_registered(site: Site, channel: Channel) -> None:
    here = f"{site.url}/console/new/{channel}"
    with requests.Session() as browser:
        token = signed_in(site, browser, Role.organiser)

        def send(do: str, **more: str) -> requests.Response:
            form = {name: (None, value) for name, value in {**FORM, **more, "csrf": token, "do": do}.items()}
            return browser.post(here, files=form, timeout=60)

        empty = browser.get(here, timeout=60).text
        wanted = ("从哪里发", "人工发送", "没有答复的怎么办")
        assert [one in empty for one in wanted] == [channel is Channel.message] * 3
        assert ("{链接}" in empty) is (channel is Channel.message)
        assert 'aria-current="page"' in empty
        assert "告诉 <b>2</b> 人" in send("count").text
        assert "不归您这里管" in send("count", only=OTHER_TREE).text
        read = send("preview").text
        assert '<blockquote class="say">张伟同志您好，3月20日有直播。青石镇</blockquote>' in read
        assert ("按 1 条计费" in read) is (channel is Channel.message)
        refused = send("preview", words="{姓名}您好，{生日}快乐", yuan_each="不要钱")
        assert refused.status_code == 422
        assert "要说的话" in refused.text
        assert "每人多少元" in refused.text
        assert "{姓名}您好，{生日}快乐</textarea>" in refused.text  # what was written stays
        assert send("preview", words="请点 {链接}").status_code == (200 if channel is Channel.message else 422)
        revealing = send("preview", words="{姓名}您好，支部开会").text
        assert ("请改成中性的写法" in revealing) is (channel is Channel.message)
        made = send("create", channel_file="on", follow_up="2 天 发消息\n5 个工作日 打电话")
        assert made.url.endswith("/console/campaigns/ZB-2027")
        run_inline("prepare_campaign", campaigns.ask("ZB-2027", "prepare_campaign", by="user:x"))
        rehearsed = browser.post(f"{made.url}/rehearsal", data={"csrf": token}, timeout=60).text
        inner = re.sub(r"<[^>]*>", "\n", rehearsed[rehearsed.index("<main") : rehearsed.index("</main>")])
        assert "张*同志您好，3月20日有直播。青石镇" in inner
        assert "0.10" in inner
        assert re.findall("寄|包裹|书信|样信", inner) == []
        browser.cookies.set("lang", "en")
        english = browser.post(f"{made.url}/rehearsal", data={"csrf": token}, timeout=60).text
        headings = re.findall("<h2>(.*?)</h2>", english)
        assert len(headings) == 5
        assert HAN.findall("".join(headings)) == []
    with reading() as session:
        row = session.exec(select(Campaign).where(Campaign.code == "ZB-2027")).one()
        assert (row.channel, row.state, row.telling["each_fen"]) == (channel, CampaignState.prepared, 5)
        assert row.messages == (["file"] if channel is Channel.message else [])
        assert [one["do"] for one in row.follow_up] == (["message", "call"] if channel is Channel.message else [])
        assert row.audience["lives_in"] == ["福建", "浙江"]


def test_only_accounts_that_reach_one_member_are_offered(site: Site, accounts: None) -> None:
    with requests.Session() as browser:
        signed_in(site, browser, Role.organiser)
        page = browser.get(f"{site.url}/console/new/message", timeout=60).text
        assert re.findall(r'name="channel_(\w+)"', page) == ["tencent_sms", "file"]
        assert browser.get(f"{site.url}/console/new/post", timeout=60).status_code == 404
