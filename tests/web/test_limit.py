"""Wrong codes are limited per address; good ones never are."""

from datetime import timedelta
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter
from sqlmodel import select

from models import FailedCode
from qianli.receipts.codes import make_code
from qianli.stages.unit import reading, writing
from qianli.web.deps import household
from qianli.web.testing import Site, make_site

WRONG = f"/r/{make_code(b'somebody else', 1, 1)}"
LIMIT = 10


class From(HTTPAdapter):
    """Asks from another address of loopback."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, **kwargs, source_address=(self.address, 0))  # type: ignore[arg-type]


def counted() -> list[int]:
    with reading() as session:
        return [row.count for row in session.exec(select(FailedCode))]


def test_too_many_wrong_codes_have_to_wait(site: Site) -> None:
    assert [site.get(WRONG).status_code for _ in range(LIMIT)] == [404] * LIMIT
    for refused in (
        site.get(WRONG),
        site.get("/r/nonsense"),
        site.post(WRONG, {"said": "all_here"}),
        site.post("/r", {"code": "nonsense"}),
    ):
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 600
        assert "分钟再试" in refused.text
    assert sum(counted()) == LIMIT


def test_good_codes_are_neither_limited_nor_counted(site: Site) -> None:
    good = f"/r/{site.codes[0]}"
    for _ in range(2 * LIMIT):
        assert site.get(good).status_code == 200
    assert counted() == []
    for _ in range(LIMIT + 1):
        site.get(WRONG)
    assert site.get(good).status_code == 200
    assert site.post("/r", {"code": site.codes[0]}).status_code == 303
    assert site.post(good, {"said": "all_here"}).status_code == 303
    assert sum(counted()) == LIMIT


def test_others_are_not_limited_with_them(site: Site) -> None:
    for _ in range(LIMIT + 1):
        site.get(WRONG)
    with requests.Session() as elsewhere:
        elsewhere.mount("http://", From("127.0.0.2"))
        assert elsewhere.get(site.url + WRONG, timeout=60).status_code == 404
    assert len(counted()) == 2


def test_a_forwarded_address_is_not_believed(site: Site) -> None:
    for number in range(LIMIT + 1):
        answer = site.ask("GET", WRONG, headers={"X-Forwarded-For": f"10.0.0.{number}", "Forwarded": "for=10.0.0.9"})
    assert answer.status_code == 429


def test_after_ten_minutes_it_is_forgotten(site: Site) -> None:
    for _ in range(LIMIT + 1):
        site.get(WRONG)
    with writing("system") as session:
        for row in session.exec(select(FailedCode)):
            row.window_at -= timedelta(minutes=11)
    assert site.get(WRONG).status_code == 404
    assert counted() == [1]


def test_the_limit_is_a_setting_and_addresses_are_not_kept(
    url: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QIANLI_FAILED_CODES_PER_10_MIN", "2")
    site = make_site(url)
    assert [site.get(WRONG).status_code for _ in range(3)] == [404, 404, 429]
    with reading() as session:
        row = session.exec(select(FailedCode)).one()
        assert "127.0.0.1" not in row.address_hash
        assert len(row.address_hash) == 64


@pytest.mark.parametrize(
    ("host", "counted_by"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_a_household_counts_as_one(host: str, counted_by: str) -> None:
    assert household(host) == counted_by
