"""What holds on every route there is: strangers get nothing, looking changes nothing, no page grows in statements."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from fastapi.routing import APIRoute

from qianli.testing import counted, workspace
from qianli.web.headers import HEADERS
from qianli.web.testing import Site, routes
from tests.web.test_member import dump
from tests.web.whole import SECRETS, places, sign_in, whole

#: What anybody may see; none of it says anything of anybody.
OPEN = {"/", "/r", "/r/", "/console/sign-in", "/favicon.ico"}
MEMBERS_PAGE_BYTES = 50_000
MOST_STATEMENTS = 30


@pytest.fixture(scope="module")
def house(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two members and something in every room; whoever only looks may share it."""
    with workspace(tmp_path_factory.mktemp("house")):
        yield whole(url, 2)


def static(route: APIRoute) -> bool:
    return route.path.startswith("/static/")


def guessed(path: str) -> str:
    """A route as a stranger tries it: with ids that exist, and with keys that nobody gave them."""
    fill = {"token": "A" * 24, "number": "1", "size": "small", "verb": "verify", "name": "members", "act": "prepare"}
    if path.startswith("/console"):
        fill["code"] = "TEST-2027"
    fill |= {"code": fill.get("code", "2" * 10), "account": "kuaidi100"}
    return re.sub(r"{(\w+)}", lambda found: fill.get(found[1], "1"), path)


def test_a_stranger_gets_nothing_from_any_route(house: Site) -> None:
    before, tried = dump(), 0
    for route in routes():
        for method in sorted(route.methods):
            answer = house.ask(method, guessed(route.path))
            tried += 1
            assert not any(secret in answer.text for secret in SECRETS), (method, route.path)
            assert "Set-Cookie" not in answer.headers
            if static(route) or (route.path in OPEN and method != "POST"):
                assert answer.status_code in (200, 204), (method, route.path)
            elif route.path.startswith("/console") and route.path != "/console/sign-in":
                assert (answer.status_code, answer.headers["Location"]) == (303, "/console/sign-in"), route.path
                assert answer.content == b"", (method, route.path)
            else:
                assert answer.status_code in (403, 404, 411, 422, 429), (method, route.path, answer.status_code)
    assert tried > len(routes()) > 50
    after = dump()
    assert {name for name in after if after[name] != before[name]} <= {"failed_code"}


def test_looking_changes_nothing_on_any_route(house: Site) -> None:
    there = places(house)
    looked_at = {route.path for route in routes() if "GET" in route.methods and not static(route)}
    assert set(there) == looked_at - {"/favicon.ico", "/hooks/{account}"}  # who asks there signs what is asked
    with requests.Session() as browser:
        sign_in(house, browser)
        before = dump()
        for path in (one for several in there.values() for one in several):
            for method in ("GET", "HEAD") if not path.endswith("/progress") else ("GET",):
                answer = browser.request(method, house.url + path, timeout=60, allow_redirects=False)
                assert answer.status_code == 200, (method, path)
                page_is_safe(path, answer)
        after = dump()
    assert {name for name in after if after[name] != before[name]} == {"study_opening"}  # a sum of openings, no more


def page_is_safe(path: str, answer: requests.Response) -> None:
    """No page runs or wears anything inline; none tells another site where it was; members' pages are light."""
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'"), path
    assert not re.search(r"unsafe|\*|data:|https?:", policy), path
    assert answer.headers["Referrer-Policy"] == "no-referrer", path
    assert all(name in answer.headers for name in HEADERS), path
    assert "no-store" in answer.headers["Cache-Control"], path
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        inline = r"<style|\sstyle=|javascript:|<[^>]+\son\w+=|<script(?![^>]+src=\"/static/)"
        assert not re.search(inline, answer.text), path
        assert not re.search(r"(src|href|action)=\"(https?:)?//", answer.text), path
    if path.startswith(("/r", "/s")):
        assert len(answer.content) < MEMBERS_PAGE_BYTES, path


def asked(url: str, root: Path, size: int) -> dict[str, int]:
    """Statements of each page in a house of this size; keys that differ from house to house are left out."""
    root.mkdir()
    with workspace(root):
        site, counts = whole(url, size), dict[str, int]()
        with requests.Session() as browser:
            sign_in(site, browser)
            for route, several in places(site).items():
                for position, path in enumerate(several):
                    with counted() as statements:
                        answer = browser.get(site.url + path, timeout=60)
                    assert answer.status_code == 200, path
                    counts[f"{route} {position}"] = len(statements)
        return counts


@pytest.mark.slow
def test_no_page_asks_more_often_for_more(url: str, tmp_path: Path) -> None:
    few, many = (asked(url, tmp_path / str(size), size) for size in (2, 60))
    assert {path: (few[path], many[path]) for path in few if few[path] != many[path]} == {}
    assert max(few.values()) <= MOST_STATEMENTS, few
    assert min(count for path, count in few.items() if "{" in path) > 0
