"""Sampling on the console: drawn, asked, and what was found beside what was believed."""

import pytest
import requests
from sqlmodel import select

from models import Organisation, Role, SampleMember
from qianli.documents.pdf import Pdf
from qianli.stages import sample_pages, samples
from qianli.stages.unit import reading, writing
from qianli.store.scope import Scope
from qianli.testing import counted
from qianli.web.testing import Site, signed_in

CODE = "TEST-2027"


@pytest.fixture(autouse=True)
def no_paper(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each sheet's form, not drawn."""
    forms: list[object] = []

    def draw(form: object) -> Pdf:
        forms.append(form)
        return Pdf(b"%PDF-sheet", 1, ())

    monkeypatch.setattr("qianli.documents.press.sample_sheet", draw)
    return forms


def test_drawn_asked_and_compared(site: Site, no_paper: list[object]) -> None:
    site.post(f"/r/{site.codes[0]}", {"said": "all_here"})
    here = f"{site.url}/console/campaigns/{CODE}/samples"
    with requests.Session() as browser:
        token = {"csrf": signed_in(site, browser, Role.organiser)}
        assert "还没有抽过" in browser.get(here, timeout=60).text
        asked = {**token, "organisation": "青石镇党委", "margin": "5", "confidence": "95"}
        wrong = browser.post(here, data={**asked, "margin": "40"}, timeout=60)
        assert (wrong.status_code, "1 到 30" in wrong.text) == (409, True)
        drawn = browser.post(here, data=asked, timeout=60)
        assert drawn.url == f"{here}/1"
        assert browser.post(here, data=asked, timeout=60).url == f"{here}/1", "the same question is the same sample"
        assert "13912340001" in drawn.text.replace(" ", "")
        assert "还剩 3 人" in drawn.text

        def tap(number: int, finding: str) -> requests.Response:
            form = {**token, "number": f"{CODE}-000{number}", "finding": finding}
            return browser.post(f"{here}/1", data=form, timeout=60)

        assert tap(1, "has_part").status_code == 200
        assert "已登记：收到，齐全" in tap(1, "has_complete").text
        page = tap(2, "has_not").text
        assert "与系统记载相符 1 / 1 人" in page
        assert "21% 到 100%" in page, "Wilson's interval of one of one at 95 per cent"
        assert "还剩 1 人" in page
        assert page.index(f"{CODE}-0003") < page.index(f"{CODE}-0001"), "who was not asked yet comes first"
        assert [tap(9, "has_not").status_code, tap(1, "drunk").status_code] == [404, 404]
        file = browser.post(f"{here}/1/sheet.pdf", data=token, timeout=60)
        assert (file.content, file.headers["content-type"]) == (b"%PDF-sheet", "application/pdf")
    with reading() as session:
        assert {one.finding for one in session.exec(select(SampleMember))} == {"has_complete", "has_not", None}
    assert len(no_paper) == 2, "a sheet that is there is not drawn again for a download"
    assert site.state(1) == "under_way", "a finding is no receipt"


def test_who_only_reads_sees_sums_and_another_branch_nothing(site: Site) -> None:
    made = samples.sample(
        CODE, organisation="青石镇党委", margin_percent=5, confidence_percent=95, again=False, by="user:1"
    )
    here = f"{site.url}/console/campaigns/{CODE}/samples"
    with requests.Session() as browser:
        signed_in(site, browser, Role.reader)
        page = browser.get(f"{here}/1", timeout=60).text
        assert f"抽 {made.seen.drawn} 人" in page
        assert "张伟" not in page
        assert "1391234" not in page.replace(" ", "")
        assert "抽人，出核实单" not in browser.get(here, timeout=60).text
        assert browser.get(f"{here}/2", timeout=60).status_code == 404


def test_a_sample_for_a_branch_outside_is_not_opened(site: Site) -> None:
    """Who sees the campaign sees its samples in sums; whom another branch asks is that branch's."""
    with writing("system") as session:
        top = Organisation(name="青石市委")
        session.add(top)
        session.flush()
        session.get_one(Organisation, site.world.organisation).parent_id = top.key
    samples.sample(CODE, organisation="青石市委", margin_percent=5, confidence_percent=95, again=False, by="user:1")
    with requests.Session() as browser:
        signed_in(site, browser, Role.organiser)
        here = f"{site.url}/console/campaigns/{CODE}/samples"
        assert "第 1 次抽样核实" in browser.get(here, timeout=60).text
        assert browser.get(f"{here}/1", timeout=60).status_code == 404
    with counted() as statements:
        sample_pages.look(Scope(None), CODE, 1)
    assert len(statements) <= 8
