"""What PostgreSQL cannot even be asked for: NUL in a form or an address, numbers beyond a column."""

from collections.abc import Iterator

import pytest
import requests

from models import Role
from qianli.web.testing import Site, signed_in


@pytest.fixture
def database() -> str:
    return "postgresql"


@pytest.fixture
def agent() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def test_no_page_fails_over_a_sign_that_is_none(site: Site, agent: requests.Session) -> None:
    assert site.post("/console/sign-in", {"login": "\0x", "password": "\0"}).status_code == 403
    csrf = signed_in(site, agent, Role.administrator)
    here = "/console/campaigns/TEST-2027"

    def send(path: str, **form: str) -> requests.Response:
        return agent.post(site.url + path, data={"csrf": csrf, **form}, timeout=60)

    assert "张伟" in send("/console/lists/members", text="张\0伟").text
    assert send("/console/find", what="\0").status_code == 404
    for path in ("/console/campaigns/%00", "/console/consignments/A%00-0001", f"{here}/print/3000000000.pdf"):
        answer = agent.get(site.url + path, timeout=60)
        assert (answer.status_code, "可能没有这一项" in answer.text or "没有这个印次" in answer.text) == (404, True)
    assert site.get("/r/%00").status_code == 404


def test_a_mishap_on_the_console_speaks_to_the_staff(
    site: Site, agent: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed_in(site, agent, Role.reader)

    def fail(_scope: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("qianli.stages.console.home", fail)
    answer = agent.get(f"{site.url}/console", timeout=60)
    assert answer.status_code == 500
    assert "信末的电话" not in answer.text
