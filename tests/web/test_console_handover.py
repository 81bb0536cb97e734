"""Hand-overs on the console: what was taken and left, the signed record, and the pictures members sent."""

import io
import re

import requests
from PIL import Image

from models import LeftReason, ParcelStage, Role
from qianli.stages import lives, manifests, sealing
from qianli.store.scope import Scope
from qianli.web.testing import Site, make_site, signed_in

HERE = "/console/campaigns/TEST-2027"


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(made, format="JPEG")
    return made.getvalue()


def test_what_was_taken_and_left(url: str, place: object) -> None:
    site = make_site(url, stage=ParcelStage.packed)
    sealed = sealing.seal("TEST-2027", by="user:test")
    number = sealed[0].number
    signed = manifests.Signed("周师傅")
    manifests.hand_over(
        number, count=2, left=["T-00001-X"], by="courier", reasons={"T-00001-X": LeftReason.damaged}, signed=signed
    )
    sealing.seal("TEST-2027", by="user:test")  # publishes what is left to publish
    with requests.Session() as browser:
        signed_in(site, browser, Role.organiser)
        page = browser.get(f"{url}{HERE}/handover", timeout=60).text
        assert "拿走 2 件，留下 1 件" in re.sub(r"\s+", " ", page)
        assert "T-00001-X（" in page
        for name in ("manifest.pdf", "record.pdf"):
            answer = browser.get(f"{url}{HERE}/handover/{number}/{name}", timeout=60)
            assert answer.content.startswith(b"%PDF"), name
        assert browser.get(f"{url}{HERE}/handover/{number}/other.pdf", timeout=60).status_code == 404
        assert browser.get(f"{url}{HERE}/handover/3K-J999/record.pdf", timeout=60).status_code == 404
        _link(url, browser, number)
    said = [(one.kind, one.said) for one in lives.life(Scope(None), "TEST-2027-0001", whole=True).moments]
    assert [what for kind, what in said if kind == "left"] != []


def _link(url: str, browser: requests.Session, number: str) -> None:
    """The courier's link is shown with its code, opens that manifest without signing in, and ends when told."""
    here = f"{url}{HERE}/handover"
    csrf = re.findall(r'name="csrf" value="(\w+)"', browser.get(here, timeout=60).text)[0]

    def press(act: str, which: str = number) -> requests.Response:
        return browser.post(here, data={"csrf": csrf, "number": which, "act": act}, timeout=60)

    page = press("show").text
    (path,) = set(re.findall(r'href="https://qianli\.example(/m/\w+)"', page))
    assert "<svg" in page
    assert requests.get(url + path, timeout=60).status_code == 200
    assert path in press("show").text, "the same as long as it lives"
    assert "已停用" in press("revoke").text
    assert requests.get(url + path, timeout=60).status_code == 404
    assert "没有链接" in press("revoke").text
    assert press("show", "3K-J999").status_code == 404


def test_pictures_are_for_those_who_work_with_names(site: Site) -> None:
    field = f"item_{site.world.kit_items[1]}"
    files = {"photo": ("a.jpg", picture(), "image/jpeg")}
    path = f"/r/{site.codes[0]}"
    site.ask("POST", path, data={"said": "damaged", field: "damaged"}, files=files)
    here = "/console/consignments/TEST-2027-0001"
    with requests.Session() as browser:
        signed_in(site, browser, Role.approver)
        assert f'src="{here}/photos/1.jpg"' in browser.get(site.url + here, timeout=60).text
        shown = browser.get(f"{site.url}{here}/photos/1.jpg", timeout=60)
        assert (shown.headers["Content-Type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
        assert browser.get(f"{site.url}{here}/photos/2.jpg", timeout=60).status_code == 404
    with requests.Session() as browser:
        signed_in(site, browser, Role.packer)
        assert "/photos/" not in browser.get(site.url + here, timeout=60).text
        assert browser.get(f"{site.url}{here}/photos/1.jpg", timeout=60).status_code == 403
