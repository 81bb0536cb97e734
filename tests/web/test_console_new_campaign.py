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

        assert "寄给 <b>2</b> 人" in send("count").text
        refused = send("count", outside_name="红色家书办公室", kit="")
        assert refused.status_code == 422
        assert "包裹外面" in refused.text
        assert "红色" in refused.text
        assert send("create", text="没有正文").status_code == 422
        assert send("picture").content.startswith(b"\x89PNG")
        assert send("create").url.endswith("/console/campaigns/QFWL-2027")
    with reading() as session:
        made = session.exec(select(Campaign).where(Campaign.code == "QFWL-2027")).one()
        assert (made.state, made.created_by.partition(":")[0]) == (CampaignState.draft, "user")
        assert [step["fen"] for step in made.postage] == [900, 1400]
