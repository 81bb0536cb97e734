"""Packing by scanning on the console: what belongs together, and what does not."""

import re

import pytest
import requests

from models import CampaignState, ConsignmentState, Parcel, ParcelStage, Role
from qianli.stages.unit import reading, writing
from qianli.store import stock
from qianli.testing import make_world
from qianli.web.testing import Site, give_codes, make_site, signed_in


def stages(site: Site) -> list[ParcelStage]:
    with reading() as session:
        return [session.get_one(Parcel, one).stage for one in site.world.parcels]


def test_a_letter_goes_with_its_own_slip_only(url: str, place: object) -> None:
    site = make_site(url, stage=ParcelStage.printed)
    with requests.Session() as browser:
        token = signed_in(site, browser, Role.packer)

        def scan(what: str, slip: str = "", letters: str = "") -> requests.Response:
            form = {"csrf": token, "what": what, "slip": slip, "letters": letters}
            return browser.post(f"{site.url}/console/campaigns/TEST-2027/packing", data=form, timeout=60)

        with reading() as session:
            first, second, _ = (session.get_one(Parcel, one).reference for one in site.world.parcels)
        waiting = scan(first)
        assert waiting.status_code == 200
        assert "TEST-2027-0001" in waiting.text  # what is still to come
        wrong = scan("test-2027-0002", slip=first)
        assert wrong.status_code == 409
        assert 'role="alert"' in wrong.text
        assert "拿错了" in wrong.text
        assert f'value="{first}"' not in wrong.text
        assert scan(second, slip=first).status_code == 409
        assert "书信" in scan("TEST-2027-0009").text
        assert set(stages(site)) == {ParcelStage.printed}
        assert "装好了" in scan(f"https://qianli.example/r/{site.codes[0]}", slip=first).text  # the letter's QR code
        assert "之前已经装好" in scan(first, letters="TEST-2027-0001").text
        assert stages(site) == [ParcelStage.packed, ParcelStage.printed, ParcelStage.printed]


@pytest.mark.slow
def test_who_approves_rehearses_and_signs_what_stood_on_the_page(url: str, place: object) -> None:
    with writing("system") as session:
        world = make_world(session, state=CampaignState.prepared, stage=None)
        for level in stock.levels(session):
            stock.receive(session, item_id=level.item.key, quantity=9)
    site = Site(url, world, give_codes(world.consignments))
    with requests.Session() as browser:
        token = signed_in(site, browser, Role.approver)
        here = f"{url}/console/campaigns/TEST-2027"
        page = browser.get(here, timeout=60).text
        seen = dict(re.findall(r'name="(consignments|amount_fen)" value="(\d+)"', page))
        assert seen["consignments"] == "3"
        rehearsed = browser.post(f"{here}/rehearsal", data={"csrf": token}, timeout=60)
        assert "要花多少钱" in rehearsed.text
        assert "campaign " not in rehearsed.text
        pages = re.findall(r'src="/console/campaigns/TEST-2027(/rehearsal/\d+-small.png)"', rehearsed.text)
        assert len(pages) == 3  # everybody's letter, since there are so few
        assert browser.get(here + pages[-1], timeout=60).content.startswith(b"\x89PNG")
        assert browser.get(f"{here}/rehearsal/99-small.png", timeout=60).status_code == 404
        assert dict(re.findall(r'name="(consignments|amount_fen)" value="(\d+)"', rehearsed.text)) == seen
        assert browser.get(f"{here}/rehearsal.pdf", timeout=60).content.startswith(b"%PDF")
        for other in ({}, {**seen, "amount_fen": "1"}):
            refused = browser.post(f"{here}/approve", data={"csrf": token, **other}, timeout=60)
            assert (refused.status_code, "有了变化" in refused.text) == (409, True)
        assert browser.post(f"{here}/approve", data={"csrf": token, **seen}, timeout=60).status_code == 200
    assert site.state() == ConsignmentState.ready
