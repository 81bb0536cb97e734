"""A programme run from the console: a file is taken in row by row, one comes off the pages, a page has its links."""

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
import requests
from sqlmodel import select

from models import Organisation, Programme, Role, StudyItem, StudyState
from qianli.stages.unit import reading, today, writing
from qianli.testing import NOW
from qianli.web.testing import Site, signed_in
from tests.web.list_doors import _said

HERE = "/console/programmes/DSXX/items"


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def test_a_file_is_taken_in_and_an_item_withdrawn(site: Site, browser: requests.Session) -> None:
    _said(site)
    token = {"csrf": signed_in(site, browser, Role.organiser)}
    rows = [f"季度讨论,谈谈家乡,想一想,,{today()}", "别的,错的,没有,,", "季度讨论,有图,看,a.jpg,"]
    table = "\n".join(["栏目,标题,正文,图片,计划日期", *rows])
    for accepted, unchanged in ((1, 0), (0, 1)):
        answer = browser.post(site.url + HERE, data=token, files={"file": ("a.csv", table.encode())}, timeout=60)
        assert answer.status_code == 200
        assert f"登记 {accepted} 篇，没有变化 {unchanged} 篇，导不进去 2 处。" in answer.text
        assert "第 3 行，栏目：没有这个栏目，请写其中之一：季度讨论" in answer.text
        assert "不带图片文件“a.jpg”" in answer.text
    for name, content in (("a.csv", b"no list"), ("", b"")):
        answer = browser.post(site.url + HERE, data=token, files={"file": (name, content)}, timeout=60)
        assert answer.status_code == 422
    with reading() as session:
        item = session.exec(select(StudyItem.id).where(StudyItem.title == "谈谈家乡")).one()
    assert "谈谈家乡" in browser.get(site.url + HERE, timeout=60).text
    assert browser.get(site.url + HERE, params={"month": "x"}, timeout=60).status_code == 422
    for reason, status in ((" ", 422), ("有错字", 200)):
        form = {**token, "item": str(item), "reason": reason}
        assert browser.post(f"{site.url}{HERE}/withdraw", data=form, timeout=60).status_code == status
    with reading() as session:
        assert session.get_one(StudyItem, item).state is StudyState.withdrawn


def test_whose_programme_it_is_not_changes_nothing(site: Site, browser: requests.Session) -> None:
    _said(site)
    with writing("system") as session:
        above = Organisation(name="青石市委机关")
        session.add(above)
        session.flush()
        programme = session.exec(select(Programme)).one()
        session.get_one(Organisation, site.world.organisation).parent_id = above.key
        programme.organisation_id = above.key
        programme.created_at = NOW
    token = {"csrf": signed_in(site, browser, Role.organiser)}
    page = browser.get(site.url + "/console/programmes/DSXX", timeout=60)
    assert page.status_code == 200
    assert HERE not in page.text
    assert browser.get(site.url + HERE, timeout=60).status_code == 404
    answer = browser.post(site.url + HERE, data=token, files={"file": ("a.csv", b"x")}, timeout=60)
    assert answer.status_code == 404


def test_a_page_is_opened_its_links_fetched_and_closed(site: Site, browser: requests.Session) -> None:
    _said(site)
    token = {"csrf": signed_in(site, browser, Role.organiser)}

    def tap(act: str) -> requests.Response:
        return browser.post(f"{site.url}/console/programmes/DSXX/page", data={**token, "do": act}, timeout=60)

    assert "请先在这里点“开设学习页面”。" in tap("links").text  # there is no page yet
    opened = re.search(r"https://qianli.example(/s/[A-Z0-9]+)<", tap("open").text)
    assert opened
    assert requests.get(site.url + opened[1], timeout=60).status_code == 200
    table = openpyxl.load_workbook(io.BytesIO(tap("links").content)).active
    assert "张伟" in [row[1] for row in table.iter_rows(values_only=True)]
    assert opened[1] not in tap("close").text
    assert requests.get(site.url + opened[1], timeout=60).status_code == 404
    assert tap("?").status_code == 404
