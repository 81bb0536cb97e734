"""Held consignments and cases ticked together on a campaign's page."""

from collections.abc import Iterator

import pytest
import requests
from sqlmodel import select

from models import (
    CampaignState,
    Case,
    CaseReason,
    ConsignmentState,
    Hold,
    HoldReason,
    JournalEntry,
    Organisation,
    Parcel,
    ParcelStage,
    Role,
)  # fmt: skip
from qianli.stages.unit import reading, writing
from qianli.store import transitions
from qianli.testing import NOW
from qianli.web.testing import Site, make_site, signed_in

HERE = "/console/campaigns/TEST-2027"


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def open_cases(site: Site) -> list[int]:
    with writing("system") as session:
        for parcel in site.world.parcels[:2]:
            session.add(Case(
                campaign_id=site.world.campaign, parcel_id=parcel, reason=CaseReason.returned, sentence="包裹已退回。",
                next_step="运行 qianli parcel take-back X --put-back。", owner="青石镇党委", opened_at=NOW,
            ))  # fmt: skip
    with reading() as session:
        return [one.key for one in session.exec(select(Case))]


def test_cases_are_settled_together_and_each_refusal_is_told(site: Site, browser: requests.Session) -> None:
    first, second = open_cases(site)
    token = {"csrf": signed_in(site, browser, Role.organiser)}

    def send(do: str, *ids: int, **more: str) -> requests.Response:
        form = {**token, "do": do, **{f"case_{one}": "on" for one in ids}, **more}
        return browser.post(f"{site.url}{HERE}/cases", data=form, timeout=60)

    page = browser.get(site.url + HERE, timeout=60).text
    assert "qianli " not in page
    assert "退到后勾选，点“退回入库”" in page
    assert send("assign", first, owner="没有这个组织").status_code == 409
    with writing("system") as session:
        session.add(Organisation(name="青石镇第一支部", parent_id=site.world.organisation))
    assert "1 件问题改了负责的组织" in send("assign", first, owner="青石镇第一支部").text
    with reading() as session:
        assert session.get_one(Case, first).owner == "青石镇第一支部"
        noted = [one for one in session.exec(select(JournalEntry)) if one.what == "assigned"]
        assert [(one.subject_id, one.why) for one in noted] == [(first, "青石镇第一支部")]
    assert "请先勾选" in send("put_back").text
    assert "请选一种" in send("resolve", first).text
    assert "这件问题说的是包裹" in send("replace", first).text
    answer = send("put_back", first, 999)
    assert answer.status_code == 409
    assert "1 个包裹登记了退回入库" in answer.text
    assert "问题 999：不在这个活动待处理的问题里" in answer.text
    assert "办结了 1 件问题" in send("resolve", second, outcome="no_action").text
    with reading() as session:
        assert session.get_one(Parcel, site.world.parcels[0]).stage is ParcelStage.taken_back
        assert all(one.resolved_at for one in session.exec(select(Case)))
    assert send("nonsense", first).status_code == 404


def test_of_many_cases_all_are_counted_and_the_first_are_shown(
    site: Site, browser: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_cases(site)
    signed_in(site, browser, Role.organiser)
    monkeypatch.setattr("qianli.stages.console.MOST_SHOWN", 1)
    page = browser.get(site.url + HERE, timeout=60).text
    assert "待处理的问题（2）" in page
    assert page.count('name="case_') == 1
    assert "这里列出最前面的几条，办完再看后面的。" in page


def test_what_a_member_lacks_is_sent_again(site: Site, browser: requests.Session) -> None:
    site.post(f"/r/{site.codes[0]}", {"said": "something_missing", f"item_{site.world.kit_items[1]}": "missing"})
    token = signed_in(site, browser, Role.organiser)
    with reading() as session:
        case = session.exec(select(Case)).one().key
    form = {"csrf": token, "do": "replace", f"case_{case}": "on"}
    answer = browser.post(f"{site.url}{HERE}/cases", data=form, timeout=60)
    assert "1 份已登记补寄" in answer.text


def test_held_ones_are_verified_or_left_out_together(url: str, place: object, browser: requests.Session) -> None:
    site = make_site(url, state=CampaignState.prepared, stage=None)
    with writing("system") as session:
        transitions.consignments(session, site.world.consignments[:2], ConsignmentState.held, why="x")
        for consignment in site.world.consignments[:2]:
            session.add(Hold(
                consignment_id=consignment, reason=HoldReason.stale_address, sentence="地址太久没有核实。",
                next_step="再运行“campaign prepare”。", opened_at=NOW,
            ))  # fmt: skip
    token = signed_in(site, browser, Role.organiser)

    def send(do: str, *numbers: int) -> requests.Response:
        ticked = {f"held_TEST-2027-{number:04d}": "on" for number in numbers}
        return browser.post(f"{site.url}{HERE}/held", data={"csrf": token, "do": do, **ticked}, timeout=60)

    answer = send("verify", 1, 3)
    assert "住址核实过的 1 份" in answer.text
    assert "TEST-2027-0003：不在这个活动的暂缓名单里" in answer.text
    assert "campaign prepare" not in answer.text
    assert "不能这样放行" in send("release", 1).text
    assert "已经取消 1 人的" in send("cancel", 2).text
    assert [site.state(place) for place in range(3)] == ["held", "cancelled", "ready"]


def test_cases_are_given_to_somebody_who_finds_them_first(site: Site, browser: requests.Session) -> None:
    first, second = open_cases(site)
    token = {"csrf": signed_in(site, browser, Role.organiser)}
    lists = f"{site.url}/console/lists/cases"
    form = {**token, "do": "give", f"case_{second}": "on"}
    assert "请选由谁办" in browser.post(f"{site.url}{HERE}/cases", data=form, timeout=60).text
    page = browser.post(f"{site.url}{HERE}/cases", data=form | {"to": "organiser"}, timeout=60).text
    assert "1 件问题定了由谁办" in page
    assert '<option value="organiser">王强</option>' in page
    home = browser.get(f"{site.url}/console", timeout=60).text
    assert home.count("由您办") == 1
    assert home.index("T-00002-X") < home.index("T-00001-") if "T-00001-" in home else True
    assert "这件问题由您办" in browser.post(f"{lists}/{first}/take", data=token, timeout=60).text
    assert "没有变化" in browser.post(f"{lists}/{first}/assign", data=token | {"to": "organiser"}, timeout=60).text
    assert "已登记由谁办" in browser.post(f"{lists}/{first}/assign", data=token | {"to": "-"}, timeout=60).text
    assert "没有登录名" in browser.post(f"{lists}/{first}/assign", data=token | {"to": "x"}, timeout=60).text
    mine, nobodys = (browser.get(f"{lists}?whose={whose}", timeout=60).text for whose in ("mine", "nobody"))
    assert (f"cases/{second}/assign" in mine, f"cases/{first}/" in mine) == (True, False)
    assert (f"cases/{first}/take" in nobodys, f"cases/{second}/" in nobodys) == (True, False)
    assert "青石镇党委 · 王强" in mine
