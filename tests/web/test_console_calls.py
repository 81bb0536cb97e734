"""Importing a ledger and noting calls on the console."""

import re

import requests
from sqlmodel import select

from models import CallPurpose, ConsignmentState, Member, Movement, Organisation, Parcel, PhoneCall, Role, Tracking
from qianli.stages import ladders, phone_calls
from qianli.stages.call_outcomes import Outcome
from qianli.stages.unit import now, reading, writing
from qianli.store import phone_calls as rows
from qianli.store.scope import Scope
from qianli.testing import NOW
from qianli.web.testing import Site, signed_in

CSV = "姓名,入党日期,本人手机,地址\n孙红,2001-07-01,13900000001,贵州省贵阳市云岩区云岭路 1 号\n,2001-07-01,,\n".encode()


def test_a_ledger_is_looked_at_before_it_goes_in(site: Site) -> None:
    with requests.Session() as browser:
        token = signed_in(site, browser, Role.organiser)
        fields = {"csrf": token, "organisation": "青石镇党委"}
        assert browser.post(f"{site.url}/console/imports", data=fields, timeout=60).status_code == 403
        files = {"file": ("台账.csv", CSV)}
        page = browser.post(f"{site.url}/console/imports", data=fields, files=files, timeout=60)
        assert page.status_code == 200
        assert "这一列不认识" in page.text  # 本人手机
        assert _names("孙红") == []
        action = re.findall(r'action="(/console/imports/\w+)"', page.text)[0]
        form = fields | {"filename": "台账.csv", "c:姓名": "name", "c:入党日期": "joined_on", "c:地址": "address"}
        form["c:本人手机"] = "phone"
        again = browser.post(site.url + action, data={**form, "do": "look"}, timeout=60)
        assert "这一列不认识" not in again.text
        mend = browser.post(site.url + action, data={**form, "do": "mend"}, timeout=60)
        assert mend.content.startswith(b"PK")
        assert _names("孙红") == []
        done = browser.post(site.url + action, data={**form, "do": "accept"}, timeout=60)
        assert "新增 1" in done.text
        assert _names("孙红") == ["+8613900000001"]
        with requests.Session() as other:
            theirs = signed_in(site, other, Role.administrator)
            assert (
                other.post(site.url + action, data={**form, "csrf": theirs, "do": "mend"}, timeout=60).status_code
                == 404
            )
        browser.post(site.url + action, data={**form, "do": "drop"}, timeout=60)
        assert browser.post(site.url + action, data={**form, "do": "mend"}, timeout=60).status_code == 404


def _names(name: str) -> list[str | None]:
    with reading() as session:
        return [one.phone for one in session.exec(select(Member).where(Member.name == name))]


def test_what_came_of_a_call_is_one_tap(site: Site) -> None:
    with writing("system") as session:
        for id_ in site.world.parcels:
            parcel = session.get_one(Parcel, id_)
            setattr(parcel, "tracking", Tracking.delivered)  # noqa: B010 - a state that no transition leads to here
            parcel.delivered_at = min(NOW, now()).replace(year=2026, month=1)
    with requests.Session() as browser:
        token = signed_in(site, browser, Role.organiser)
        ladders.run(site.world.campaign)
        here = f"{site.url}/console/calls?campaign=TEST-2027"

        def tap(outcome: str, number: int, **more: str) -> str:
            (one,) = [one for one in phone_calls.listed(Scope(None)) if one.number == f"TEST-2027-{number:04d}"]
            form = {"csrf": token, "outcome": outcome, "call": str(one.id), "tries": str(one.tries), **more}
            return browser.post(here, data=form, timeout=60).text

        assert "13912340001" in re.sub(r"[ -]", "", browser.get(here, timeout=60).text)
        assert "没有人接" in tap("no_answer", 1)
        assert "没人接 2" in tap("no_answer", 1)
        assert "更正电话" in tap("wrong_number", 2)
        assert "没有看到" in tap("moved", 3, address="贵阳")
        assert "新地址已登记" in tap("moved", 3, address="贵州省贵阳市云岩区中华北路 12 号 3 单元 401 室")
        assert "已登记" in tap("confirmed", 1)
        assert "不再联系" in tap("do_not_contact", 3)
        assert "TEST-2027-0003" not in browser.get(here, timeout=60).text
    assert site.state() == ConsignmentState.confirmed
    with reading() as session:
        assert len(list(session.exec(select(Movement)))) == 1
        assert session.get_one(Member, site.world.members[2]).do_not_contact


def test_another_branch_writes_nothing_down_about_a_call(site: Site) -> None:
    with writing("system") as session:
        session.add(Organisation(name="河东街道党工委"))
        member = session.get_one(Member, site.world.members[0])
        rows.add(
            session, rows=[{
                "call_key": "theirs", "purpose": CallPurpose.follow_up, "member_id": member.key,
                "organisation_id": member.organisation_id, "campaign_id": site.world.campaign,
                "consignment_id": site.world.consignments[0],
            }], at=NOW,
        )  # fmt: skip
    with requests.Session() as browser:
        token = signed_in(site, browser, Role.organiser, home="河东街道党工委")
        assert browser.get(f"{site.url}/console/calls", timeout=60).status_code == 200
        for outcome in Outcome:
            form = {"csrf": token, "outcome": outcome, "address": "贵州省贵阳市云岩区中华北路 12 号", "call": "1"}
            assert browser.post(f"{site.url}/console/calls", data=form, timeout=60).status_code == 404
    assert site.state() == ConsignmentState.under_way
    with reading() as session:
        assert session.exec(select(PhoneCall)).one().outcome is None
        assert session.exec(select(Movement)).all() == []
        assert not session.get_one(Member, site.world.members[0]).do_not_contact
