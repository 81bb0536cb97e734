"""Chinese unless English was chosen, at one door at a time; and a catalogue that knows every sentence of the pages."""

import re
from pathlib import Path

import pytest
import requests
from babel.messages.extract import extract
from starlette.requests import Request

from models import Role
from qianli.settings import ROOT
from qianli.web.catalogue import HAN, PLACE, messages, retell
from qianli.web.language import page_of
from qianli.web.testing import Site, routes, signed_in

TEMPLATES = ROOT / "templates" / "web"
ENGLISH = {"Cookie": "lang=en"}
#: What organisers wrote themselves, in the small world of the tests.
DATA = re.compile(
    "王强|张伟|欧阳小芳|阿依古丽·买买提|[张欧阿][*]+|青石镇党委|青石镇便民服务中心|党徽|红色家书|千里传书|中文"
    '|《中国共产党章程》|资料包 v1|(?:福建省|浙江省|贵州省|新疆|义乌市)[^<>]*|“[^”]*”|[{][^}]*[}]|value="[^"]*"'
)


def of_templates() -> set[str]:
    found = set()
    for path in TEMPLATES.rglob("*.html"):
        with path.open("rb") as file:
            method = "jinja2.ext:babel_extract"
            for _line, message, _comments, _context in extract(method, file, {"_": None}, options={"silent": "false"}):
                found.add(message[0] if isinstance(message, tuple) else message)
    return {str(one) for one in found if one}


def test_every_sentence_of_the_pages_is_in_the_catalogue() -> None:
    found = of_templates()
    assert len(found) > 500
    assert sorted(found - messages().keys()) == []


def test_no_chinese_in_the_pages_but_through_the_catalogue() -> None:
    calls = re.compile(r"""\b_\(\s*(?:"[^"]*"|'[^']*')""")
    values = re.compile(r"""(?:else|or) ["'][^"']*["']|\{["']\w+["']: ["'].*?["']\}\[""")
    left = [
        f"{path.name}: {line.strip()}"
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in (".html", ".js")
        for line in path.read_text().splitlines()
        if HAN.search(values.sub("", calls.sub("", line)))
    ]
    assert left == []


def test_translations_keep_the_values() -> None:
    for text, says in messages().items():
        assert set(PLACE.findall(text)) == set(PLACE.findall(says)), text
        assert not HAN.search(re.sub("“[^”]*”|：|、", "", says)) or says.startswith("For example"), says


def test_chosen_by_a_link_for_one_door(site: Site) -> None:
    path = f"/r/{site.codes[0]}"
    plain = site.ask("GET", path, headers={"Accept-Language": "en-GB,en"})
    assert '<html lang="zh-CN">' in plain.text
    assert 'href="?lang=en"' in plain.text
    chosen = site.get(f"{path}?lang=en")
    assert (chosen.status_code, chosen.headers["location"]) == (303, path)
    cookie = chosen.headers["set-cookie"]
    assert "lang=en" in cookie
    assert "Path=/r;" in cookie
    assert "HttpOnly" in cookie
    there = site.ask("GET", path, headers=ENGLISH)
    assert '<html lang="en">' in there.text
    assert 'href="?lang=zh"' in there.text
    assert "Path=/console" in site.get("/console/sign-in?lang=en").headers["set-cookie"]
    assert "Path=/m" in site.get("/m/nothing?lang=en").headers["set-cookie"]


def test_what_answers_a_form_leads_to_a_page_that_can_be_looked_at() -> None:
    gets = [one for one in routes() if "GET" in one.methods]
    for one in routes():
        path = re.sub(r"{[^}]*}", "1", one.path)
        if "POST" in one.methods and not path.startswith("/hooks"):
            scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
            leads = page_of(Request(scope))
            assert any(there.path_regex.match(leads) for there in gets), path


@pytest.mark.parametrize(
    ("path", "leads"), [("//evil.example/?lang=en", "/evil.example/"), ("/r?a=1&lang=zh", "/r?a=1")]
)
def test_a_choice_leads_nowhere_else(url: str, path: str, leads: str, place: Path) -> None:
    asked = requests.Request("GET", url).prepare()
    asked.url = url + path
    with requests.Session() as browser:
        answer = browser.send(asked, allow_redirects=False, timeout=60)
    assert answer.headers["location"] == leads


def test_members_read_english(site: Site) -> None:
    for path in ("/", "/r", "/r/WRONG", f"/r/{site.codes[0]}", "/nowhere"):
        page = site.ask("GET", path, headers=ENGLISH)
        assert _chinese(page.text) == [], path
    wrong = site.ask("POST", "/r", data={"code": ""}, headers=ENGLISH)
    assert _chinese(wrong.text) == []
    answered = site.ask("POST", f"/r/{site.codes[0]}", data={"said": "all_here", "note": "x" * 900}, headers=ENGLISH)
    assert answered.status_code == 422
    assert _chinese(answered.text) == []


def test_organisers_read_english(site: Site) -> None:
    with requests.Session() as browser:
        signed_in(site, browser, Role.organiser)
        browser.cookies.set("lang", "en")
        here = f"{site.url}/console"
        lists = re.findall(r'href="/console(/lists/\w+)"', browser.get(f"{here}/more", timeout=60).text)
        assert len(lists) > 5
        own = [f"/campaigns/TEST-2027{one}" for one in ("", "/print", "/packing", "/handover", "/messages", "/nothing")]
        found: dict[str, str] = {}
        for path in [
            "",
            "/more",
            "/new",
            "/new/message",
            "/new/phone",
            "/imports",
            "/consignments/TEST-2027-0001",
            *own,
            *sorted(set(lists)),
        ]:
            found |= dict.fromkeys(_chinese(browser.get(here + path, timeout=60).text), path)
        assert found == {}


def _chinese(page: str) -> list[str]:
    """What of a page is Chinese, but for what organisers wrote themselves."""
    text = re.sub(r"<(textarea|pre|option)\b.*?</\1>|<p class=.acts inserts.*?</p>", "", page, flags=re.DOTALL)
    return [one for one in re.split(r"[<>]", DATA.sub("", text)) if HAN.search(one)]


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("已登记：有东西少了", "Noted: something is missing"),
        ("附了照片 3 张", "Photos attached: 3"),
        ("问题：破损", "Case: damaged"),
        ("没有人认识的一句话。", "没有人认识的一句话。"),
    ],
)
def test_finished_sentences_are_recognised(said: str, english: str) -> None:
    assert retell(said) == english
