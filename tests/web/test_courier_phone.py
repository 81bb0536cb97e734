"""The couriers' door on a real browser, 360 px wide: scanned, signed with a finger, sent once there is a connection."""

from pathlib import Path

import pytest

from models import CampaignState, ParcelStage
from qianli.stages import manifest_links, manifests
from qianli.web.testing import make_site
from tests.web.test_phone import SMALL, WIDTH, Phone, phone  # noqa: F401 - a fixture

SCAN = """(code => { const field = document.getElementById('scan'); field.value = code;
  field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true})); })"""


def _sign(phone: Phone) -> None:  # noqa: F811 - the fixture's value
    phone.run("document.getElementById('pad').scrollIntoView({block: 'center'})")
    left, top = phone.run("(b => [b.left, b.top])(document.getElementById('pad').getBoundingClientRect())")
    points = [(30, 90), (90, 30), (150, 90), (240, 40)]
    for kind, (x, y) in [
        ("mousePressed", points[0]), *(("mouseMoved", one) for one in points), ("mouseReleased", points[-1])
    ]:  # fmt: skip
        phone.call("Input.dispatchMouseEvent", type=kind, x=left + x, y=top + y, button="left", buttons=1, clickCount=1)


@pytest.mark.slow
def test_scanned_and_signed_without_a_connection_is_sent_when_there_is_one(
    url: str,
    place: Path,
    phone: Phone,  # noqa: F811 - the fixture
) -> None:
    make_site(url, state=CampaignState.under_way, stage=ParcelStage.packed)
    (sealed,) = manifests.seal("TEST-2027", by="user:boss")
    path = manifest_links.link(sealed.number, by="user:boss").url.removeprefix("https://qianli.example")
    phone.open(url + path)
    assert phone.run("document.documentElement.scrollWidth") == WIDTH
    assert phone.run(SMALL.replace(".tel, ", "")) == []
    for code in ("t-00001-x", "T-00003-X", "T-00009-X"):
        phone.run(f"{SCAN}('{code}')")
    assert "不在这张交接单上" in phone.run("document.getElementById('said').innerText")
    phone.run("document.getElementById('rest').click()")
    phone.open(f"{url}/m/elsewhere")
    phone.open(url + path)
    seen = "[document.getElementById('tally').innerText, document.getElementById('count').value]"
    assert phone.run(seen) == ["2", "2"]
    kept = phone.run("JSON.stringify(localStorage)")
    assert "T-00001-X" in kept
    assert "张伟" not in kept
    _sign(phone)
    phone.call("Network.enable")
    cut = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    phone.call("Network.emulateNetworkConditions", offline=True, **cut)
    phone.run("document.getElementById('send').click()")
    phone.wait("!document.getElementById('waiting').hidden")
    assert manifests.list_manifests("TEST-2027")[0].state == "sealed"
    phone.call("Network.emulateNetworkConditions", offline=False, **cut)
    phone.wait("document.body.innerText.includes('已经交接：2 件，留下 1 件')")
    assert manifests.list_manifests("TEST-2027")[0].left_behind == [("T-00002-X", "没有找到这件")]
    assert phone.run("localStorage.length") == 0
