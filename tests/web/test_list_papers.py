"""A case's papers, taken along from the list of problems and from the campaign's page."""

import pytest
import requests

from models import Case, CaseReason, Role
from qianli.documents.pdf import Pdf
from qianli.stages.unit import writing
from qianli.testing import NOW
from qianli.web.testing import Site, signed_in


@pytest.fixture(autouse=True)
def no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """The papers' forms, not drawn: drawing has tests of its own."""
    for name in ("call_sheet", "courier_claim"):
        pdf = Pdf(f"%PDF-{name}".encode(), 1, ())
        monkeypatch.setattr(f"qianli.documents.press.{name}", lambda _form, pdf=pdf: pdf)


def test_a_case_gives_the_papers_it_has(site: Site) -> None:
    with writing("system") as session:
        for parcel, reason in zip(site.world.parcels, (CaseReason.lost, CaseReason.refused), strict=False):
            session.add(Case(
                campaign_id=site.world.campaign, parcel_id=parcel, reason=reason, sentence="出了问题。",
                next_step="办一办。", owner="青石镇党委", opened_at=NOW,
            ))  # fmt: skip
    here = f"{site.url}/console/lists/cases"
    with requests.Session() as browser:
        token = {"csrf": signed_in(site, browser, Role.organiser)}
        campaign = browser.get(f"{site.url}/console/campaigns/TEST-2027", timeout=60).text
        for page in (browser.get(here, timeout=60).text, campaign):
            offered = [
                f"/console/lists/cases/{case}/{paper}" in page for case in (1, 2) for paper in ("claim", "call_sheet")
            ]
            assert offered == [True, False, False, True]
        claim = browser.post(f"{here}/1/claim", data=token, timeout=60)
        assert (claim.content, claim.headers["content-type"]) == (b"%PDF-courier_claim", "application/pdf")
        assert 'filename="TEST-2027-case-1-claim.pdf"' in claim.headers["content-disposition"]
        assert browser.post(f"{here}/2/call_sheet", data=token, timeout=60).content == b"%PDF-call_sheet"
        assert browser.post(f"{here}/2/claim", data=token, timeout=60).status_code == 404
        assert browser.post(f"{here}/1/resolve", data={**token, "outcome": "no_action"}, timeout=60).status_code == 200
        assert browser.post(f"{here}/1/claim", data=token, timeout=60).status_code == 404
        other = browser.get(here, timeout=60).text
        assert "核实单" in other
    with requests.Session() as browser:
        token = {"csrf": signed_in(site, browser, Role.reader)}
        assert browser.post(f"{here}/2/call_sheet", data=token, timeout=60).status_code == 403
