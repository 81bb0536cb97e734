"""The organisers' door: signing in, and what each may see and do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
import requests

from models import Campaign, CampaignState, Role
from qianli.errors import RuleBroken
from qianli.stages import users
from qianli.stages.approve import approve
from qianli.stages.unit import now, reading, writing
from qianli.store import users as rows
from qianli.testing import make_world
from qianli.web.testing import Site, routes

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
