"""Family and room-mates, second visits after the close, revoked codes, and files that are too large."""

from http.client import HTTPConnection

import pytest
import requests
import sqlalchemy as sa
from sqlmodel import select

from models import Campaign, CampaignState, Consignment, ParcelLine, Receipt, Role
from qianli.receipts.codes import look_up_hash, make_code
from qianli.stages.codes import key
from qianli.stages.unit import reading, writing
from qianli.web.console.uploads import LARGEST
from qianli.web.testing import Site, signed_in


def test_in_a_shared_parcel_each_confirms_for_themselves(site: Site) -> None:
    first, second, _ = site.codes
    with writing("system") as session:  # the second one's letter and things lie in the first one's parcel
        moved = sa.update(ParcelLine).where(ParcelLine.consignment_id == site.world.consignments[1])  # type: ignore[arg-type]
        session.execute(moved.values(parcel_id=site.world.parcels[0]))
    lines = [line for line in site.get(f"/r/{second}").text.splitlines() if "同志" in line]
    assert lines
    assert not any("张" in line for line in lines)  # of the other one nothing, not even a masked name
    trouble = {"said": "damaged", f"item_{site.world.kit_items[0]}": "damaged", "note": "我的坏了"}
    assert site.post(f"/r/{first}", trouble).status_code == 303
    assert [site.state(one) for one in range(3)] == ["confirmed_with_issues", "under_way", "under_way"]
    assert "我的坏了" not in site.get(f"/r/{second}").text
    assert site.post(f"/r/{second}", {"said": "all_here"}).status_code == 303
    assert [site.state(one) for one in range(3)] == ["confirmed_with_issues", "confirmed", "under_way"]
    assert "我的坏了" in site.get(f"/r/{first}").text
    with reading() as session:
        said = {one.consignment_id for one in session.exec(select(Receipt))}
    assert said == set(site.world.consignments[:2])


def test_after_the_close_what_was_said_stays_and_no_word_is_lost_in_silence(site: Site) -> None:
    path = f"/r/{site.codes[0]}"
    assert site.post(path, {"said": "not_received"}).status_code == 303
    assert site.post(path, {"said": "all_here"}).status_code == 303
    with writing("system") as session:
        session.get_one(Campaign, site.world.campaign).state = CampaignState.closed
    for answer in (site.get(path), site.post(path, {"said": "not_received"})):
        assert answer.status_code == 410
        assert "已经办结" in answer.text
        assert "0851-12345678" in answer.text
        assert "全部收到" in answer.text
    assert site.state() == "confirmed"
    with reading() as session:
        assert len([one for one in session.exec(select(Receipt)) if one.superseded_at is None]) == 1


def test_a_code_that_was_replaced_is_told_kindly_and_the_new_one_is_good(site: Site) -> None:
    old, id_ = site.codes[0], site.world.consignments[0]
    new = make_code(key("k1"), id_, 2)
    with writing("system") as session:
        row = session.get_one(Consignment, id_)
        row.code_generation, row.code_hash = 2, look_up_hash(key("k1"), new)
    for answer in (site.get(f"/r/{old}"), site.post(f"/r/{old}", {"said": "all_here"})):
        assert answer.status_code == 404
        assert "信末的电话" in answer.text
    assert site.state() == "under_way"
    assert site.get(f"/r/{new}").status_code == 200


@pytest.mark.parametrize("path", ["/console/imports", "/console/new"])
def test_a_file_too_large_is_not_read(site: Site, path: str) -> None:
    with requests.Session() as browser:
        signed_in(site, browser, Role.organiser)
        asked = HTTPConnection(site.url.removeprefix("http://"), timeout=60)
        asked.putrequest("POST", path)
        asked.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in browser.cookies.items()))
        asked.putheader("Content-Type", "multipart/form-data; boundary=x")
        asked.putheader("Content-Length", str(LARGEST + 1))
        asked.endheaders()  # of the body not a byte: the answer does not wait for it
        answer = asked.getresponse()
        assert answer.status == 413
        assert "太长" in answer.read().decode()
        asked.close()
