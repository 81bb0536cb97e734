"""Sealing: exactly the packed parcels, on papers that agree, and never twice."""

import subprocess
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from models import Artefact, Manifest, ManifestState, ParcelStage, Snapshot
from qianli import faults
from qianli.errors import BadInput, NotFound, RuleBroken
from qianli.ledger.cells import text
from qianli.ledger.sheets import read_sheets
from qianli.settings import settings
from qianli.stages import manifest_paper, manifests, packing, sealing
from qianli.stages.artefacts import fetch
from qianli.stages.unit import reading
from qianli.store import manifests as rows


def _numbers(found: Any) -> Any:
    return [one.number for one in found]


def test_the_draft_is_sealed_over_the_packed_parcels_only(dispatch: Any) -> None:
    campaign = dispatch()
    first, second, third = campaign.references()
    campaign.set(campaign.parcel(second), stage=ParcelStage.printed)
    (sealed,) = campaign.seal()
    assert sealed.new
    assert (sealed.parcels, sealed.weight_g) == (2, 290)
    assert campaign.lines_on(sealed.number) == {first: "open", second: "voided", third: "open"}
    (manifest,) = campaign.rows(Manifest)
    assert manifest.state is ManifestState.sealed
    assert manifest.sealed_at is not None
    with reading() as session:
        lines = rows.lines(session, manifest_id=manifest.key)
        checksum = manifest_paper.content_checksum(manifest.number, manifest.courier, lines)
        positions = [(one.line.position, one.parcel.reference) for one in lines]
    assert manifest.content_checksum == checksum
    assert positions == [(1, first), (2, third)]


def test_a_parcel_packed_later_goes_on_the_next_manifest(dispatch: Any) -> None:
    campaign = dispatch()
    _, second, _ = campaign.references()
    campaign.set(campaign.parcel(second), stage=ParcelStage.printed)
    (one,) = campaign.seal()
    packing.pack([second], by=campaign.by)
    both = campaign.seal()
    assert [(found.number == one.number, found.new) for found in both] == [(True, False), (False, True)]
    assert campaign.lines_on(both[1].number) == {second: "open"}


def test_sealing_again_changes_nothing(dispatch: Any) -> None:
    campaign = dispatch()
    first = campaign.seal()
    files = campaign.rows(Artefact)
    again = campaign.seal()
    assert _numbers(again) == _numbers(first)
    assert not again[0].new
    assert campaign.rows(Artefact) == files
    assert len(campaign.rows(Manifest)) == 1


def test_without_a_draft_a_new_manifest_is_made(dispatch: Any) -> None:
    campaign = dispatch(draft=False)
    (sealed,) = campaign.seal()
    assert list(campaign.lines_on(sealed.number)) == campaign.references()
    assert sealed.number.endswith("-J001")


def test_each_courier_gets_its_own(dispatch: Any) -> None:
    campaign = dispatch(draft=False)
    campaign.set(campaign.parcel(campaign.references()[1]), courier="sf")
    sealed = campaign.seal()
    assert [(one.courier, one.parcels) for one in sealed] == [("china_post", 2), ("sf", 1)]


def test_each_account_gets_its_own_and_no_more_pages_than_allowed(dispatch: Any, monkeypatch: Any) -> None:
    campaign = dispatch(members=45)
    references = campaign.references()
    campaign.set(campaign.parcel(references[44]), account="china_post_city")
    monkeypatch.setenv("QIANLI_MANIFEST_PAGES", "1")
    settings.cache_clear()
    sealed = campaign.seal()
    assert [one.account for one in sealed] == [*["china_post"] * (len(sealed) - 1), "china_post_city"]
    assert len(sealed) > 2
    lines = [pair for one in sealed for pair in campaign.lines_on(one.number).items()]
    assert [reference for reference, state in lines if state == "open"] == references
    pdfs = [one for one in campaign.rows(Artefact) if one.path.endswith(".pdf")]
    assert [one.pages for one in pdfs] == [1] * len(sealed)


def test_unsealed_only_with_a_reason_and_every_version_is_kept(dispatch: Any) -> None:
    campaign = dispatch()
    (first,) = campaign.seal()
    for reason, wanted in ((" ", "--reason"), ("张伟的装错了", "姓名")):
        with pytest.raises(BadInput, match=wanted):
            manifests.unseal(first.number, reason=reason, by=campaign.by)
    done = manifests.unseal(first.number, reason="装错了一箱", by=campaign.by)
    assert (done.parcels, done.campaign) == (3, campaign.code)
    (second,) = campaign.seal()
    assert (second.number != first.number, second.new, second.parcels) == (True, True, 3)
    listed = manifests.list_manifests(campaign.code)
    assert [(one.state, one.why_void) for one in listed] == [("void", "装错了一箱"), ("sealed", None)]
    for number in (first.number, second.number):
        assert all(fetch(path) for path in sealing.paths(campaign.code, number))
    manifests.hand_over(second.number, count=3, left=[], by=campaign.by)
    for number, wanted in ((first.number, "已经作废"), (second.number, "已经交接")):
        with pytest.raises(RuleBroken, match=wanted):
            manifests.unseal(number, reason="再来一次", by=campaign.by)


def test_several_drafts_become_one_manifest_and_an_unpacked_one_waits(dispatch: Any) -> None:
    campaign = dispatch(members=5, draft=False)
    ids = campaign.world.parcels
    references = campaign.references()
    campaign.set(campaign.parcel(references[3]), stage=ParcelStage.printed)
    campaign.set(campaign.parcel(references[4]), stage=ParcelStage.printed)
    from qianli.stages.unit import now, writing  # noqa: PLC0415 - only here

    with writing("system") as session:
        for some in (ids[:2], [ids[2], ids[3]], ids[4:]):
            rows.add_draft(
                session, campaign_id=campaign.world.campaign, courier="china_post", parcel_ids=some, at=now()
            )
    (sealed,) = campaign.seal()
    assert campaign.lines_on(sealed.number) == dict.fromkeys(references[:3], "open")
    assert [one.state.value for one in campaign.rows(Manifest)] == ["sealed", "void", "draft"]
    packing.pack_all(campaign.code, by=campaign.by)
    _, later = campaign.seal()
    assert campaign.lines_on(later.number) == dict.fromkeys(references[3:], "open")


def test_nothing_packed_is_refused_with_the_next_step(dispatch: Any) -> None:
    campaign = dispatch(stage=ParcelStage.printed)
    with pytest.raises(RuleBroken, match="parcel pack"):
        campaign.seal()
    with pytest.raises(NotFound):
        manifests.seal("NOBODY", by=campaign.by)


ON_PAPER = {
    "sf": ("序号", "包裹编号", "运单号", "收件人", "地址", "重量(克)"),
    "china_post": ("序号", "包裹编号", "邮件号码", "寄达局", "收件人", "件数", "重量(克)", "资费(元)"),
}
TITLES = {"sf": "快件交接单", "china_post": "大宗邮件交寄清单"}


@pytest.mark.parametrize("courier", ON_PAPER)
def test_the_printed_and_the_written_manifest_agree_line_by_line(dispatch: Any, tmp_path: Path, courier: str) -> None:
    campaign = dispatch(draft=False)
    for number, reference in enumerate(campaign.references(), start=1):
        code = None if number == 1 else f"12345678901{number:02d}"
        campaign.set(campaign.parcel(reference), courier=courier, waybill_number=code, postage_fen=1000 + number)
    (sealed,) = campaign.seal()
    pdf, xlsx = sealing.paths(campaign.code, sealed.number)
    by_path = {one.path: one for one in campaign.rows(Artefact)}
    assert by_path[pdf].pages == 1
    assert all(by_path[path].published_at for path in (pdf, xlsx))
    said, cells = _printed(tmp_path, pdf), _written(xlsx)
    assert [row["包裹编号"] for row in cells] == campaign.references()
    lines = ["".join(_on_paper(row, title) for title in ON_PAPER[courier]) for row in cells]
    assert said[said.index(lines[0]) :].startswith("".join(lines) + "本页小计3")
    for wanted in (TITLES[courier], sealed.number, "青石镇便民服务中心", "图书、纪念品", "435"):
        assert wanted in said
    assert ("总资费（大写）叁拾元零陆分" in said, "青阳街道" in said) == (courier == "china_post", courier == "sf")
    written = "".join(str(value) for row in cells for value in row.values())
    assert not [word for word in ("千里传书", "党") if word in said + written]
    assert [row["电话"] for row in cells] == ["13912340001", "13912340002", "13912340003"]
    assert {row["内件"] for row in cells} == {"图书、纪念品"}
    assert cells[0]["地址"] == "福建省泉州市晋江市青阳街道崇德路 210 号"
    with reading() as session:
        form = manifest_paper.build(session, manifest_id=campaign.rows(Manifest)[0].key)
    assert (form.mark, form.made_on is None) == (None, False)


def _printed(folder: Path, path: str) -> str:
    """What poppler reads, in the order it was written, without white space."""
    (folder / "m.pdf").write_bytes(fetch(path))
    command = ["pdftotext", "-raw", folder / "m.pdf", "-"]
    return "".join(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def _written(path: str) -> list[dict[str, str]]:
    """What our reader sees, by the titles of the columns."""
    (sheet,) = read_sheets(fetch(path), filename=path)
    titles, *rows = [[text(cell) for cell in row] for row in sheet.rows]
    return [dict(zip_longest(titles, row, fillvalue="")) for row in rows]


def _on_paper(row: dict[str, str], title: str) -> str:
    """A cell as the paper says it."""
    value = "".join(row[title].split())
    return f"{float(value):.2f}" if title == "资费(元)" else value or "—"


def test_papers_made_again_are_the_same_bytes(dispatch: Any) -> None:
    campaign = dispatch()
    campaign.seal()
    before = {one.path: one.sha256 for one in campaign.rows(Artefact)}
    for one in campaign.rows(Artefact):
        campaign.set(one, published_at=None, sha256=None)
    assert sealing.campaigns_with_unpublished() == [campaign.world.campaign]
    campaign.seal()
    assert {one.path: one.sha256 for one in campaign.rows(Artefact)} == before


def test_a_municipality_is_said_once() -> None:
    snapshot = Snapshot(
        member_id=1, name="张伟", province="北京市", city="北京市", district="海淀区", detail="学院路 1 号"
    )
    assert manifest_paper.address(snapshot) == "北京市海淀区学院路 1 号"


class _CutError(Exception):
    """The process ends here."""


def _cut_at(count: int) -> None:
    seen = iter(range(1, 1000))

    def hook(_point: str) -> None:
        if next(seen) == count:
            raise _CutError

    faults.arm(hook)


@pytest.mark.parametrize("count", range(1, 12))
def test_cut_off_anywhere_and_sealed_again_is_the_same(dispatch: Any, count: int) -> None:
    campaign = dispatch()
    _cut_at(count)
    try:
        campaign.seal()
    except _CutError:
        assert sealing.campaigns_with_unpublished() in ([], [campaign.world.campaign])
    finally:
        faults.arm(None)
    (sealed,) = campaign.seal()
    assert sealed.number.endswith("-J001")
    assert list(campaign.lines_on(sealed.number).values()) == ["open"] * 3
    files = campaign.rows(Artefact)
    assert len(files) == 2
    assert all(one.published_at and one.sha256 for one in files)
    assert sealing.campaigns_with_unpublished() == []


def test_what_was_unsealed_before_its_papers_came_is_kept_like_any_version(dispatch: Any, tmp_path: Path) -> None:
    campaign = dispatch()
    one, other, third = campaign.references()
    campaign.set(campaign.parcel(other), stage=ParcelStage.printed)  # falls off the draft
    _cut_at(2)  # sealed, and nothing published
    with pytest.raises(_CutError):
        campaign.seal()
    faults.arm(None)
    (first,) = campaign.rows(Manifest)
    manifests.unseal(first.number, reason="装错了一箱", by=campaign.by)
    assert sealing.campaigns_with_unpublished() == [campaign.world.campaign]
    campaign.set(first, content_checksum="0" * 64)
    assert sealing.campaigns_with_unpublished() == []  # nobody could say what stood on it
    campaign.set(first, content_checksum=first.content_checksum)
    packing.pack_all(campaign.code, by=campaign.by)
    (second,) = campaign.seal()
    for number, wanted in ((first.number, [one, third]), (second.number, [one, other, third])):
        pdf, xlsx = sealing.paths(campaign.code, number)
        assert [row["包裹编号"] for row in _written(xlsx)] == wanted
        said = _printed(tmp_path, pdf)
        assert [reference for reference in campaign.references() if reference in said] == wanted
    assert sealing.campaigns_with_unpublished() == []
