"""The organisers' door: signing in, and what each may see and do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
import requests

from models import (
    CallPurpose,
    Campaign,
    CampaignState,
    Case,
    CaseReason,
    Hold,
    HoldReason,
    Organisation,
    ParcelStage,
    PhoneCall,
    Role,
)
from qianli.errors import RuleBroken
from qianli.settings import settings
from qianli.stages import console, lives, phone_calls, print_room, progress, users
from qianli.stages.approve import approve
from qianli.stages.unit import now, reading, writing
from qianli.store import users as rows
from qianli.store.scope import Scope
from qianli.testing import NOW, counted, make_world, workspace
from qianli.web.console.consignments import WHOLE
from qianli.web.console.rehearsal import SEE
from qianli.web.console.who import MAY
from qianli.web.testing import Site, routes
from tests.web.list_doors import DOORS, try_lists

PASSWORD = "correct horse battery"  # noqa: S105 - of no one


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def sign_in(site: Site, browser: requests.Session, login: str, totp: str = "") -> requests.Response:
    form = {"login": login, "password": PASSWORD, "totp": totp}
    return browser.post(f"{site.url}/console/sign-in", data=form, timeout=60, allow_redirects=False)


def csrf(text: str) -> str:
    return re.findall(r'name="csrf" value="(\w+)"', text)[0]


def test_signing_in_and_out(site: Site, browser: requests.Session) -> None:
    users.add("zhang", name="张伟", role=Role.administrator, organisation=None, password=PASSWORD, by="user:root")
    link = users.set_password("zhang", password=PASSWORD, totp=True, by="user:root")
    assert link is not None
    one_time = pyotp.parse_uri(link)
    assert isinstance(one_time, pyotp.TOTP)
    assert sign_in(site, browser, "zhang").status_code == 403
    code = one_time.at(now())
    answer = sign_in(site, browser, "zhang", code)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console")
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "Path=/console", "SameSite=strict"))
    assert sign_in(site, requests.Session(), "zhang", code).status_code == 403  # a one-time password, once
    page = browser.get(f"{site.url}/console", timeout=60, allow_redirects=False)
    assert page.status_code == 200
    assert "张伟" in page.text
    out = f"{site.url}/console/sign-out"
    assert browser.post(out, data={"csrf": "0"}, timeout=60, allow_redirects=False).status_code == 403
    kept = dict(browser.cookies)
    assert browser.post(out, data={"csrf": csrf(page.text)}, timeout=60, allow_redirects=False).status_code == 303
    again = requests.get(f"{site.url}/console", cookies=kept, timeout=60, allow_redirects=False)
    assert again.headers["Location"] == "/console/sign-in"


def test_who_is_disabled_or_locked_stays_outside(
    site: Site, browser: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for login in ("zhang", "li"):
        users.add(login, name=login, role=Role.administrator, organisation=None, password=PASSWORD, by="user:root")
    assert sign_in(site, browser, "li").status_code == 303
    assert users.disable("li", by="user:root")
    with pytest.raises(RuleBroken):
        users.disable("zhang", by="user:root")
    assert browser.get(f"{site.url}/console", timeout=60, allow_redirects=False).status_code == 303
    assert sign_in(site, browser, "li").status_code == 403
    wrong = {"login": "zhang", "password": "wrong"}
    assert [site.post("/console/sign-in", wrong).status_code for _ in range(5)] == [403] * 5
    assert sign_in(site, browser, "zhang").status_code == 403
    with reading() as session:
        assert next(one.locked_until for one in rows.active(session))
    users.set_password("zhang", password=PASSWORD, totp=None, by="user:root")
    assert sign_in(site, browser, "zhang").status_code == 303
    assert [site.post("/console/sign-in", wrong).status_code for _ in range(4)] == [403] * 3 + [429]


def test_nobody_gets_anything_without_signing_in(site: Site) -> None:
    doors = [route for route in routes() if route.path.startswith("/console")]
    assert len(doors) > 2
    for route in doors:
        path = re.sub(r"{.+?}", "TEST-2027", route.path)
        if path == "/console/sign-in":
            continue
        for method in route.methods:
            answer = site.ask(method, path)
            assert (answer.status_code, answer.headers["Location"], answer.text) == (303, "/console/sign-in", "")


def test_who_made_a_campaign_does_not_approve_it(place: Path) -> None:
    with writing("system") as session:
        world = make_world(session, state=CampaignState.prepared, stage=None)
        session.get_one(Campaign, world.campaign).created_by = "user:li"
    id_ = users.add("li", name="李娜", role=Role.administrator, organisation=None, password=PASSWORD, by="user:root")
    with reading() as session:
        assert users.same_person(session, "user:li", f"user:{id_}")
        assert users.same_person(session, "user:李娜", f"user:{id_}")
    for by in (f"user:{id_}", "user:li"):
        with pytest.raises(RuleBroken, match="另一个人"):
            approve("TEST-2027", by=by)


def other_doors(site: Site, browser: requests.Session, role: Role, token: dict[str, str], *, inside: bool) -> None:
    """Files, calls, imports, rehearsals and new campaigns: for some roles, in their own tree only."""
    here = "/console/campaigns/TEST-2027"
    file = browser.get(f"{site.url}{here}/print/1.pdf", timeout=60)
    assert file.status_code == (404 if "print" in MAY[role] or not inside else 403)
    every = browser.get(f"{site.url}/console/calls", timeout=60)
    assert every.status_code == (200 if "calls" in MAY[role] else 403)
    assert ("7月1日" in every.text) is (inside and "calls" in MAY[role])
    for path, form in (("", {"call": "1", "outcome": "take"}), ("/sheet", {"mine": "1"})):
        sent = browser.post(f"{site.url}/console/calls{path}", data={**token, **form}, timeout=60)
        refused = 409 if path and not inside else 200 if inside else 404
        assert sent.status_code == (refused if "calls" in MAY[role] else 403), (role, path)
    other = {**token, "organisation": "青石市委" if not inside else "河东街道党工委", "do": "drop"}
    for path, files in (("", {"file": ("a.csv", b"x")}), ("/0", None)):
        sent = browser.post(f"{site.url}/console/imports{path}", data=other, files=files, timeout=60)
        assert sent.status_code == (404 if "import" in MAY[role] else 403)  # nobody reaches another tree
    choices = browser.get(f"{site.url}/console/imports", timeout=60).text
    assert ("河东街道党工委</option>" in choices) is ("import" in MAY[role] and not inside)
    paper = f"{site.url}{here}/handover/3K-J001/record.pdf"
    assert browser.get(paper, timeout=60).status_code == (404 if "print" in MAY[role] or not inside else 403)
    photo = f"{site.url}/console/consignments/TEST-2027-0001/photos/1.jpg"
    assert browser.get(photo, timeout=60).status_code == (404 if role in WHOLE or not inside else 403)
    report = f"{site.url}{here}/report.pdf"
    assert browser.get(report, timeout=60).status_code == (404 if role in WHOLE or not inside else 403)
    paper = f"{site.url}{here}/rehearsal"
    for part in (".pdf", "/1-small.png"):
        assert browser.get(paper + part, timeout=60).status_code == (404 if role in SEE or not inside else 403)
    if role not in SEE or not inside:  # drawing it for everybody else takes its time
        sent = browser.post(paper, data=token, timeout=60)
        assert sent.status_code == (403 if inside else 404)
    answer = browser.post(f"{site.url}/console/consignments/TEST-2027-0001", data=token, timeout=60)
    assert answer.status_code == (403 if inside and "calls" not in MAY[role] else 404)  # of the post: elsewhere
    listed = f"{site.url}{here}/messages"
    assert browser.get(listed, timeout=60).status_code == (200 if inside else 404)
    files = {"none": ("", b"")}
    for path, status in (("", 200), ("/results", 422)):
        sent = browser.post(listed + path, data=token, files=files if path else None, timeout=60)
        assert sent.status_code == ((status if "calls" in MAY[role] else 403) if inside else 404), (role, path)
    sheet = browser.get(f"{listed}/messages-000001.xlsx", timeout=60)
    assert sheet.status_code == (404 if "calls" in MAY[role] or not inside else 403)
    for new in (f"{site.url}/console/new", f"{site.url}/console/new/phone"):
        assert browser.get(new, timeout=60).status_code == (200 if "prepare" in MAY[role] else 403)
        sent = browser.post(new, data={**other, "do": "count"}, files=files, timeout=60)
        assert sent.status_code == (404 if "prepare" in MAY[role] else 403)


#: Act on the campaign of `make_world` → the answer to who may: nothing of it can be done as it stands there.
STARTED = {
    "prepare": 503, "fulfil": 503, "close": 409, "approve": 409, "pack": 303, "seal": 409, "print/done": 409,
    "print/spoil": 409, "print/reprint": 303, "print/begin": 409, "packing": 409, "held": 404, "cases": 404,
    "round": 409, "samples": 404, "samples/1": 404, "samples/1/sheet.pdf": 404,
}  # fmt: skip
#: Act → the right it needs, where that is called otherwise.
NAMED = {
    "packing": "pack", "held": "cases", "round": "prepare", "samples": "calls", "samples/1": "calls",
    "samples/1/sheet.pdf": "calls",
}  # fmt: skip
HERE = "/console/campaigns/TEST-2027"
LOOKS = (
    HERE, "/console/consignments/TEST-2027-0001", f"{HERE}/print", f"{HERE}/packing", f"{HERE}/handover",
    f"{HERE}/samples",
)  # fmt: skip
#: What the next test tries; lists have their own doors.
TRIED = {
    "/console", "/console/sign-in", "/console/sign-out", "/console/find", "/console/campaigns/{code}",
    "/console/campaigns/{code}/handover", "/console/campaigns/{code}/handover/{number}/{name}",
    "/console/consignments/{number}/photos/{position}.jpg",
    "/console/campaigns/{code}/rehearsal/{number}-{size}.png",
    "/console/campaigns/{code}/{act}", "/console/consignments/{number}", "/console/campaigns/{code}/print",
    "/console/campaigns/{code}/print/{number}.pdf", "/console/campaigns/{code}/print/{verb}",
    "/console/campaigns/{code}/packing", "/console/imports",
    "/console/imports/{token}", "/console/new", "/console/new/{channel}",
    "/console/campaigns/{code}/rehearsal",
    "/console/campaigns/{code}/rehearsal.pdf", "/console/campaigns/{code}/progress",
    "/console/campaigns/{code}/report.{end}",
    "/console/campaigns/{code}/held", "/console/campaigns/{code}/cases",
    "/console/campaigns/{code}/round", "/console/campaigns/{code}/samples",
    "/console/campaigns/{code}/samples/{number}",
    "/console/campaigns/{code}/samples/{number}/sheet.pdf", "/console/campaigns/{code}/messages",
    "/console/campaigns/{code}/messages/results", "/console/campaigns/{code}/messages/{name}",
    "/console/calls", "/console/calls/sheet",
}  # fmt: skip


@pytest.mark.slow
def test_each_role_sees_its_own_tree_and_starts_what_it_may(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANLI_PREFECT_API_URL", "http://127.0.0.1:9/api")
    settings.cache_clear()
    something_to_do(site)
    for role in Role:
        for branch, inside in (("青石市委", True), ("河东街道党工委", False)):
            login = f"{role}{inside:d}{len(branch)}"
            users.add(login, name=login, role=role, organisation=branch, password=PASSWORD, by="user:root")
            with writing("system") as session:  # whose own campaign it is
                session.get_one(Campaign, site.world.campaign).created_by = f"user:{login}"
            with requests.Session() as browser:
                assert sign_in(site, browser, login).status_code == 303
                token = looks(site, browser, role, inside=inside)
                other_doors(site, browser, role, token, inside=inside)
                try_lists(site, browser, role, token, inside=inside)
                starts(site, browser, role, token, inside=inside)
    assert {route.path for route in routes() if route.path.startswith("/console")} == TRIED | DOORS


def something_to_do(site: Site) -> None:
    """A branch above and one beside, a hold, a case and a call."""
    with writing("system") as session:
        top, other = Organisation(name="青石市委"), Organisation(name="河东街道党工委")
        session.add_all([top, other])
        session.flush()
        session.get_one(Organisation, site.world.organisation).parent_id = top.key
        session.add(Hold(
            consignment_id=site.world.consignments[0], reason=HoldReason.no_phone, sentence="没有电话。",
            next_step="补上电话。", opened_at=NOW,
        ))  # fmt: skip
        session.add(Case(
            campaign_id=site.world.campaign, parcel_id=site.world.parcels[1], reason=CaseReason.not_moving,
            sentence="没有新消息。", next_step="问快递公司。", owner="青石镇党委", opened_at=NOW,
        ))  # fmt: skip
        session.add(PhoneCall(
            call_key="notice-1", purpose=CallPurpose.notice, organisation_id=site.world.organisation, added_at=NOW,
            member_id=site.world.members[0], words="7月1日8:00有直播。", due_at=min(NOW, now()),
        ))  # fmt: skip


def looks(site: Site, browser: requests.Session, role: Role, *, inside: bool) -> dict[str, str]:
    """What is theirs to see, and nothing else; the form's token."""
    home = browser.get(f"{site.url}/console", timeout=60).text
    assert ("TEST-2027" in home) is ("没有新消息" in home) is inside
    pages = [browser.get(site.url + path, timeout=60) for path in LOOKS]
    assert [page.status_code for page in pages] == [200 if inside else 404] * len(LOOKS)
    assert ("崇德路" in pages[1].text) is inside
    assert ("张伟" in pages[1].text) is (inside and role in WHOLE)
    token = {"csrf": csrf(home)}
    for what in ("test-2027-0001", "T-00001-X", f"https://qianli.example/r/{site.codes[0]}"):
        form = {**token, "what": what}
        answer = browser.post(f"{site.url}/console/find", data=form, timeout=60, allow_redirects=False)
        assert answer.status_code == (303 if inside else 404), (role, what)
    return token


def starts(site: Site, browser: requests.Session, role: Role, token: dict[str, str], *, inside: bool) -> None:
    """Each act is refused without the token, without the right, and outside."""
    for act, status in STARTED.items():
        path = f"{site.url}{HERE}/{act}"
        needed = NAMED.get(act, act.partition("/")[0])
        assert browser.post(path, timeout=60).status_code == 403
        answer = browser.post(path, data=token, timeout=60, allow_redirects=False)
        expected = (status if needed in MAY[role] else 403) if inside else 404
        assert answer.status_code == expected, (role, act, answer.text)


def test_a_page_asks_as_often_however_many_there_are(tmp_path: Path) -> None:
    def asked(size: int) -> list[int]:
        (tmp_path / str(size)).mkdir()
        with workspace(tmp_path / str(size)):
            with writing("system") as session:
                make_world(session, members=size, stage=ParcelStage.packed)
            counts = []
            for look in (
                lambda: console.home(Scope(None)),
                lambda: console.journey(Scope(1), "TEST-2027"),
                lambda: lives.life(Scope(1), "TEST-2027-0001", whole=True),
                lambda: print_room.look("TEST-2027"),
                lambda: progress.look(Scope(1), "TEST-2027"),
                lambda: console.parcel_counts(Scope(1), "TEST-2027"),
                lambda: phone_calls.listed(Scope(1)),
                lambda: console.branches(Scope(1)),
            ):
                with counted() as statements:
                    look()
                counts.append(len(statements))
            return counts

    few = asked(2)
    assert few == asked(30)
    assert max(few) <= 20
