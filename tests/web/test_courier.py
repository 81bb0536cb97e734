"""The couriers' door: one link, one manifest; counted, signed and frozen; nothing for anybody else."""

import base64
import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from sqlmodel import select

from models import Artefact, CampaignState, FailedCode, Handover, ManifestLink, ParcelStage
from qianli.documents.pictures import png_pages
from qianli.stages import manifest_links, manifests, sealing
from qianli.stages.artefacts import fetch
from qianli.stages.unit import reading, writing
from qianli.web.headers import AT_MANIFESTS, HEADERS
from qianli.web.testing import Site, make_site

BY = "user:李主任"
FIRST, SECOND, THIRD = (f"T-{number:05d}-X" for number in (1, 2, 3))
ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def door(url: str, place: Path) -> tuple[Site, str, str]:
    """Three packed parcels on a sealed manifest; its number, and the path of its link."""
    site = make_site(url, state=CampaignState.under_way, stage=ParcelStage.packed)
    (sealed,) = manifests.seal("TEST-2027", by=BY)
    found = manifest_links.link(sealed.number, by=BY)
    assert (found.new, found.expires_at) == (False, None)
    return site, sealed.number, found.url.removeprefix("https://qianli.example")


def signature() -> str:
    image, png = Image.new("RGB", (900, 360), "white"), io.BytesIO()
    ImageDraw.Draw(image).line([(50, 300), (300, 60), (500, 280), (820, 90)], fill="black", width=9)
    image.save(png, format="PNG")
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"


def test_a_courier_counts_signs_and_takes_the_record(door: tuple[Site, str, str], tmp_path: Path) -> None:
    site, number, path = door
    paper, _ = sealing.paths("TEST-2027", number)
    codes = [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(png_pages(fetch(paper))[0])))]
    assert codes == [f"https://qianli.example{path}"]
    page = site.get(path)
    for name, value in AT_MANIFESTS.items():
        assert page.headers[name] == value
    for wanted in (FIRST, THIRD, "张伟", "福建省泉州市晋江市青阳街道崇德路 210 号", "145 克", "青石镇便民服务中心"):
        assert wanted in page.text
    assert "千里传书" not in page.text
    assert "党" not in page.text
    assert site.get(f"{path}/manifest.pdf").content.startswith(b"%PDF")
    assert load_workbook(io.BytesIO(site.get(f"{path}/manifest.xlsx").content)).active is not None
    for form, wanted in (
        ({"count": "3"}, "请签字"),
        ({"count": "许多", "name": "王师傅"}, "只写数字"),
        ({"count": "3", "signature": "data:image/png;base64,AAAA"}, "PNG"),
        ({"count": "3", "name": "\U0001f4a9\ue5e5"}, "打印不出来"),
        ({"count": "3", "name": "王师傅", f"left_{SECOND}": "tired"}, "留下的原因"),
        ({"count": "3", "name": "王师傅", f"left_{SECOND}": "damaged"}, "多 1 件"),
    ):
        refused = site.post(path, form)
        assert refused.status_code in (409, 422), wanted
        assert wanted in refused.text
    signed = {"count": "2", "name": "王师傅", "signature": signature(), f"left_{SECOND}": "damaged"}
    assert [site.post(path, signed).status_code for _ in range(2)] == [303, 303]
    with reading() as session:
        record = session.exec(select(Handover)).one()
        assert (record.counted, record.left_behind, record.recorded_by) == (2, 1, "courier")
        assert session.exec(select(ManifestLink)).one().expires_at == record.at + timedelta(days=7)
    (listed,) = manifests.list_manifests("TEST-2027")
    assert (listed.state, listed.left_behind) == ("handed_over", [(SECOND, "外包装破损")])
    after = site.get(path).text
    assert "已经交接：2 件，留下 1 件" in after
    assert "留下没拿：外包装破损" in after
    (tmp_path / "record.pdf").write_bytes(site.get(f"{path}/record.pdf").content)
    said = subprocess.run(
        ["pdftotext", tmp_path / "record.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    for wanted in (number, "王师傅", "外包装破损", FIRST, SECOND, "290", "青石镇便民服务中心"):
        assert wanted in said
    assert "张伟" not in said
    pictures = subprocess.run(["pdfimages", "-list", tmp_path / "record.pdf"], check=True, capture_output=True).stdout
    assert len(pictures.splitlines()) > 2
    with reading() as session:
        kinds = [one.kind for one in session.exec(select(Artefact)) if one.published_at]
    assert sorted(kinds) == ["handover_record", "manifest", "manifest"]
    with writing("system") as session:  # as a kill after signing leaves it
        cut = session.exec(select(Artefact).where(Artefact.kind == "handover_record")).one()
        cut.published_at, drawn = None, cut.sha256
    assert "下载交接记录" not in site.get(path).text
    (campaign,) = sealing.campaigns_with_unpublished()
    for manifest_id in sealing.unpublished(campaign):
        sealing.publish_manifest(manifest_id, by="system")
    with reading() as session:
        assert session.exec(select(Artefact.sha256).where(Artefact.kind == "handover_record")).one() == drawn


def test_numbers_come_back_for_this_manifest_only(door: tuple[Site, str, str]) -> None:
    site, _, path = door
    file = f"包裹编号,运单号\n{FIRST},9812345678901\nT-00009-X,9812345678902\n".encode()
    answer = site.ask("POST", f"{path}/waybills", files={"file": ("a.csv", file)})
    assert answer.status_code == 200
    assert "登记 1 行，早已登记 0 行，退回 1 行" in answer.text
    assert "这张交接单上没有" in answer.text
    assert "9812345678901" in site.get(path).text
    assert site.ask("POST", f"{path}/waybills", files={"file": ("a.csv", b"nothing")}).status_code == 422
    large = {"file": ("a.csv", b"x" * 5_000_001)}
    assert site.ask("POST", f"{path}/waybills", files=large).status_code == 413


def test_links_that_lead_nowhere_answer_alike_and_only_our_page_may_act(door: tuple[Site, str, str]) -> None:
    site, number, path = door
    for headers in (ELSEWHERE, {"Origin": "https://evil.example"}):
        assert site.ask("POST", path, data={"count": "3", "name": "王"}, headers=headers).status_code == 403
        assert site.ask("POST", f"{path}/waybills", files={"file": b"x"}, headers=headers).status_code == 403
    unknown = site.get(f"/m/{'A' * 24}")
    assert (unknown.status_code, "打不开了" in unknown.text) == (404, True)
    manifest_links.revoke(number, by=BY)
    assert manifest_links.revoke(number, by=BY).already
    answers = [site.get(path), site.get(f"{path}/manifest.pdf"), site.post(path, {"count": "3", "name": "王师傅"})]
    anew = manifest_links.link(number, by=BY)
    path = anew.url.removeprefix("https://qianli.example")
    assert (anew.new, site.get(path.lower().replace("/m/", "/m/")).status_code) == (True, 200)
    assert site.post(path, {"count": "3", "name": "王师傅"}).status_code == 303
    with writing("system") as session:
        for one in session.exec(select(ManifestLink)):
            one.expires_at = one.created_at
    answers.append(site.get(path))
    assert {(one.status_code, one.text) for one in answers} == {(404, unknown.text)}
    while (limited := site.get(path)).status_code == 404:
        pass
    assert limited.status_code == 429
    assert "分钟再试" in limited.text
    with reading() as session:
        assert sum(one.count for one in session.exec(select(FailedCode))) == 10
    assert limited.headers.items() >= {**HEADERS, **AT_MANIFESTS}.items()
