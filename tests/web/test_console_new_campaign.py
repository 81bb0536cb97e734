"""A campaign from the console's form: counted, looked at, registered."""

import pytest
import requests
from sqlmodel import select

from models import Campaign, CampaignState, Role
from qianli.stages.unit import reading
from qianli.web.testing import Site, signed_in

FORM = {
    "name": "清风万里", "code": "QFWL-2027", "organisation": "青石镇党委", "kit": "kit",
    "planned_delivery": "2027-03-20", "letter_date": "2027-03-01", "managed_as": "home", "lives_in": "福建、新疆",
    "away_months_at_least": "6",
    "away_months_at_most": "", "text": "{姓名}{称谓}：\r\n\r\n您离家{离乡时长}了。\r\n", "design": "red_letter",
    "sender_name": "青石镇党委", "sender_phone": "0851-12345678", "outside_name": "便民服务中心",
    "outside_phone": "0851-12345678", "outside_address": "贵州省贵阳市花溪区青石路 1 号", "outside_content": "图书",
    "courier": "china_post", "labels": "a4_sheet", "consolidate": "none", "postage": "1000 9.00\r\n3000 克，14 元\r\n",
}  # fmt: skip


@pytest.mark.slow
def test_a_campaign_is_counted_looked_at_and_registered(site: Site) -> None:
    with requests.Session() as browser:
        token = signed_in(site, browser, Role.organiser)

        def send(do: str, **more: str) -> requests.Response:
            form = {name: (None, value) for name, value in {**FORM, **more, "csrf": token, "do": do}.items()}
            return browser.post(f"{site.url}/console/new", files=form, timeout=60)

        counted = send("count").text
        assert "寄给 <b>2</b> 人" in counted
        assert "<b>0</b> 人马上可以寄，<b>2</b> 人要等到货" in counted  # nothing was received yet
        assert "不归您这里管" in send("count", only="河东街道党工委").text
        assert "没有叫“赵六”的" in send("picture", shown_to="赵六").text
        refused = send("count", outside_name="红色家书办公室", kit="")
        assert refused.status_code == 422
        assert "包裹外面" in refused.text
        assert "红色" in refused.text
        assert send("create", text="没有正文").status_code == 422
        assert send("picture", shown_to="张伟").content.startswith(b"\x89PNG")
        more = {
            "follow_up": "2天 发消息\r\n送达后 8 个工作日，打电话 书收到没有？",
            "by_province": "新疆 顺丰速运", "promised_days": "新疆 8\r\n其余 5", "tracker_kuaidi100": "on",
            "channel_file": "on",
            "contacts": "张伟 书记 0851-12345678", "imprint_seal": "on", "label_mode": "delivery",
            "address_max_age_days": "200", "only": "青石镇党委",
            "postage": "省内（贵州）首重 1000 克 6 元，续重 1000 克 1.50 元\r\n其余 首重 1000克9元 续重 500 克 3 元",
        }  # fmt: skip
        assert send("create", **more).url.endswith("/console/campaigns/QFWL-2027")
    with reading() as session:
        made = session.exec(select(Campaign).where(Campaign.code == "QFWL-2027")).one()
        assert (made.state, made.created_by.partition(":")[0]) == (CampaignState.draft, "user")
        assert [one["first_fen"] for one in made.postage[0]["zones"]] == [600, 900]
        assert made.couriers["by_province"] == {"新疆": "sf"}
        assert made.follow_up == [
            {"after_days": 2, "do": "message"}, {"after_working_days": 8, "do": "call", "text": "书收到没有？"}
        ]  # fmt: skip
        assert made.couriers["promised_days"] == {"新疆": 8, "default": 5}
        assert made.couriers["trackers"] == ["kuaidi100"]
        assert made.messages == ["file"]
        assert made.couriers["labels"] == {"china_post": "delivery", "sf": "delivery"}
        assert (made.imprints, made.contacts[0]["duty"], made.address_max_age_days) == (["seal"], "书记", 200)
        assert made.audience["organisations"] == ["青石镇党委"]
