"""Before a campaign the member's page asks whether they still live there, until the cut-off."""

from datetime import timedelta
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from models import AddressRound, AddressSaid, Campaign, CampaignState, Hold, HoldReason, Role, RoundRule, SaidVia
from qianli.stages.address_rounds import ask, close, state
from qianli.stages.unit import reading, today, writing
from qianli.web.testing import Site, make_site, signed_in

HERE = "您还住在这里吗"
NEW_HOME = "浙江省杭州市余杭区文一西路 969 号 3 栋 502 室"


@pytest.fixture
def asked(url: str, place: Path) -> Site:
    """Three members, prepared and asked."""
    site = make_site(url, state=CampaignState.prepared, stage=None)
    with writing("system") as session:
        session.execute(sa.update(Campaign).values(planned_delivery_on=today() + timedelta(days=30)))
    ask("TEST-2027", until=today() + timedelta(days=3), rule=RoundRule.hold, by="user:test")
    return site


def test_one_tap_says_still_here(asked: Site) -> None:
    path = f"/r/{asked.codes[0]}"
    page = asked.get(path).text
    assert HERE in page
    assert "***" in page or "路" in page
    assert state("TEST-2027").answered == 0, "looking answers nothing"
    assert [asked.post(path, {"still_here": "yes"}).status_code for _ in range(2)] == [303, 303]
    assert "已登记：还住在这里" in asked.get(path).text
    assert state("TEST-2027").said == [(AddressSaid.still_here, SaidVia.page, 1)]
    assert HERE in asked.get(f"/r/{asked.codes[1]}").text, "each speaks for themselves"


def test_moved_waits_and_may_be_taken_back(asked: Site) -> None:
    path = f"/r/{asked.codes[1]}"
    assert asked.post(path, {"wish": "moved", "address": NEW_HOME}).status_code == 303
    assert HERE not in asked.get(path).text
    assert asked.state(1) == "held"
    with reading() as session:
        assert [one.reason for one in session.exec(sa.select(Hold)).scalars()] == [HoldReason.moved_since]
    asked.post(path, {"wish": "moved", "undo": "yes"})
    assert HERE in asked.get(path).text
    assert state("TEST-2027").answered == 0
    asked.post(path, {"wish": "call_me"})
    assert state("TEST-2027").said == [(AddressSaid.unsure, SaidVia.page, 1)]


def test_after_the_cut_off_the_page_asks_no_more(asked: Site) -> None:
    path = f"/r/{asked.codes[0]}"
    with writing("system") as session:
        session.execute(sa.update(AddressRound).values(cut_off_on=today() - timedelta(days=1)))
    assert HERE not in asked.get(path).text
    late = asked.post(path, {"still_here": "yes"})
    assert late.status_code == 409
    assert "打电话给寄件单位" in late.text
    close("TEST-2027", by="user:test")
    assert asked.post(path, {"still_here": "yes"}).status_code == 409
    assert "我搬家了" in asked.get(path).text, "a move is heard all the same"


def test_the_console_begins_a_round_calls_and_ends_it(url: str, place: Path) -> None:
    site = make_site(url, state=CampaignState.prepared, stage=None)
    with writing("system") as session:
        session.execute(sa.update(Campaign).values(planned_delivery_on=today() + timedelta(days=30)))
    here = f"{site.url}/console/campaigns/TEST-2027"
    with requests.Session() as browser:
        token = {"csrf": signed_in(site, browser, Role.organiser)}
        assert "寄之前请本人核对住址" in browser.get(here, timeout=60).text
        form = {**token, "do": "open", "until": "", "rule": "host_decides"}
        assert "截止日" in browser.post(f"{here}/round", data=form, timeout=60).text
        begun = browser.post(f"{here}/round", data={**form, "until": str(today() + timedelta(days=3))}, timeout=60).text
        assert "已请 3 人核对，0 人已答复" in begun
        assert "由本人所在的组织决定" in begun
        listed = f"{site.url}/console/calls?campaign=TEST-2027"
        assert listed.removeprefix(site.url) in begun
        calls = browser.get(listed, timeout=60).text
        assert calls.count('value="still_here"') == 3
        assert 'value="confirmed"' not in calls
        said = browser.post(listed, data={**token, "call": "1", "outcome": "still_here"}, timeout=60).text
        assert "还住在那里，已登记" in said
        ended = browser.post(f"{here}/round", data={**token, "do": "close"}, timeout=60).text
        assert "已经结束" in ended
        assert "青石镇党委决定寄不寄" in ended
